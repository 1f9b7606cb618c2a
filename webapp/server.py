"""gunicorn with the worker beside it: two processes of eight threads serve, one child does what comes due.

The child is started again when it dies and ends with the server; should the server be killed, the child notices.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.arbiter import Arbiter  # type: ignore[import-untyped]

from engine.errors import Broken

PROCESSES = 2
THREADS = 8
FAREWELL = 10.0  # seconds for what is under way when the server is told to stop
QUICK_DEATH = 5.0
BACKLOG = 1024  # visitors who wait to be let in; one more is turned away


class AddressInUse(Broken):
    """Somebody else listens there."""

    zh = "端口 {port} 已被占用。请停止占用它的程序，或换一个端口：jiesu serve --port {other}（make run 用 JIESU_PORT={other}）。"
    en = "Port {port} is in use. Stop the program that uses it, or take another: jiesu serve --port {other} (JIESU_PORT={other} make run)."


class AddressUnusable(Broken):
    """The system does not let us listen there."""

    zh = "无法在 {host}:{port} 上提供服务：{reason}。"
    en = "Cannot serve at {host}:{port}: {reason}."


def listen(host: str, port: int) -> socket.socket:
    """Return a socket bound to the address, so that nobody can take it while the rest starts. Raises the two above."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen(BACKLOG)  # SO_REUSEADDR lets two bind; only one can listen. gunicorn leaves a listening socket as it is
    except OSError as problem:
        bound.close()
        if problem.errno in (98, 48):
            raise AddressInUse(port=port, other=port + 1) from problem
        raise AddressUnusable(host=host, port=port, reason=problem.strerror or problem) from problem
    return bound


class _Arbiter(Arbiter):  # type: ignore[misc]
    """gunicorn's master, which also keeps our worker running."""

    child: subprocess.Popen[bytes] | None = None
    started = float("-inf")

    def manage_workers(self) -> None:
        super().manage_workers()
        dead = self.child is None or self.child.poll() is not None
        if dead and time.monotonic() - self.started > QUICK_DEATH:
            self.started = time.monotonic()
            self.child = subprocess.Popen(worker_command(os.getpid()))

    def stop(self, graceful: bool = True) -> None:
        if self.child:
            self.child.terminate()
        super().stop(graceful)
        if self.child:
            self._see_off(self.child)

    def _see_off(self, child: subprocess.Popen[bytes]) -> None:
        try:
            child.wait(FAREWELL)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn, configured here and nowhere else. `listener` is the file number of a bound socket; `ready` is called once it serves."""

    def __init__(self, app: Flask, listener: int, ready: Callable[[], None]) -> None:
        self.app = app
        self.listener = listener
        self.ready = ready
        super().__init__()

    def load_config(self) -> None:
        settings: dict[str, Any] = {
            "bind": f"fd://{self.listener}",
            "workers": PROCESSES,
            "threads": THREADS,
            "worker_class": "gthread",
            "preload_app": True,  # nothing has connected to the database yet
            "loglevel": "warning",
            "timeout": 60,
            "graceful_timeout": int(FAREWELL),
            "keepalive": 5,
            "control_socket_disable": True,
            "forwarded_allow_ips": "",  # JIESU_PROXIES decides whom to believe
            "when_ready": lambda _: self.ready(),
        }
        if os.path.isdir("/dev/shm"):
            settings["worker_tmp_dir"] = "/dev/shm"  # a heartbeat must not wait for a busy disk
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.app

    def run(self) -> None:
        """Serve until told to stop."""
        _Arbiter(self).run()


def worker_command(server: int) -> list[str]:
    """Return the command of the child that does what comes due."""
    return [sys.executable, "-m", "webapp.cli", "worker", "--with-server", str(server)]
