"""A throw-away PostgreSQL cluster: made in a temporary folder, listening on loopback only, gone with the tests."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

STARTS_WITHIN = 30.0
"""Seconds after which a cluster that does not answer is given up."""

QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For tests that never pull the plug; a cluster made with ``durable=True`` does without."""


@dataclass(frozen=True)
class Cluster:
    """A running server; each test that writes takes a database of its own from it."""

    folder: Path
    port: int
    server: subprocess.Popen[bytes]
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def url(self, database: str = "postgres") -> str:
        """SQLAlchemy's address of one database of this cluster."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """Makes an empty database and answers its address."""
        name = f"jiesu_{next(self._numbers)}"
        with self._connect() as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        return self.url(name)

    def answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(host="127.0.0.1", port=self.port, user="postgres", dbname="postgres", autocommit=True, connect_timeout=5)


@contextmanager
def cluster(binaries: Path, durable: bool = False) -> Iterator[Cluster]:
    """Starts a cluster with the programs in ``binaries`` and stops it afterwards.

    PostgreSQL refuses to run as root, so root hands the folder to an unprivileged user.
    """
    folder = Path(tempfile.mkdtemp(prefix="jiesu-postgres-"))
    try:
        owner = _owner()
        if owner:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        _initialise(binaries, folder, owner)
        running = _start(binaries, folder, owner, {} if durable else QUICK)
        try:
            _await(running)
            yield running
        finally:
            _stop(running)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _owner() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _initialise(binaries: Path, folder: Path, owner: pwd.struct_passwd | None) -> None:
    options = ["-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    command = [binaries / "initdb", "-D", folder / "data", *options]
    done = subprocess.run(command, capture_output=True, text=True, **_as(owner, folder))
    if done.returncode:
        raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")


def _start(binaries: Path, folder: Path, owner: pwd.struct_passwd | None, settings: dict[str, str]) -> Cluster:
    port = _free_port()
    settings = settings | {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": str(folder)}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    command = [binaries / "postgres", "-D", folder / "data", *options]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **_as(owner, folder))
    return Cluster(folder, port, server)


def _await(running: Cluster) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while not running.answers():
        if running.server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL did not start:\n{(running.folder / 'log').read_text(errors='replace')}")
        time.sleep(0.05)


def _stop(running: Cluster) -> None:
    running.server.terminate()
    try:
        running.server.wait(2)
    except subprocess.TimeoutExpired:  # a connection is still open: a fast shutdown ends it
        running.server.send_signal(signal.SIGINT)
        running.server.wait(20)


def _as(owner: pwd.struct_passwd | None, folder: Path) -> dict[str, Any]:
    who: dict[str, Any] = {"cwd": folder}
    if owner:
        who |= {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    return who


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
