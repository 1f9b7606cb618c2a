"""A real `jiesu serve --demo` in processes of its own, that can be killed, and a plain HTTP client for its pages."""

from __future__ import annotations

import http.cookiejar
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import lxml.html

ANSWERS_WITHIN = 60.0
"""Seconds after which a server that does not answer is given up."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Server:
    """The demo on a folder and a port; `start` after `kill` is a restart on the same data."""

    def __init__(self, home: Path, database_url: str | None = None) -> None:
        self.home, self.port = home, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = {**os.environ, "JIESU_HOME": str(home), "JIESU_PORT": str(self.port)}
        self.environment.pop("JIESU_DATABASE_URL", None)
        if database_url:
            self.environment["JIESU_DATABASE_URL"] = database_url
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and wait until it is healthy."""
        command = [sys.executable, "-c", "from webapp.cli import main; main()", "serve", "--demo"]
        with (self.home / "server.log").open("ab") as log:
            self.process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log, start_new_session=True)
        until = time.monotonic() + ANSWERS_WITHIN
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.address}/healthz", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.1)
        raise AssertionError((self.home / "server.log").read_text(encoding="utf-8"))

    def pids(self) -> list[int]:
        """Return the processes of the server: the first one, its workers, and the loop."""
        assert self.process is not None
        group = os.getpgid(self.process.pid)
        found = []
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = path.read_text(encoding="utf-8").rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[2]) == group:
                found.append(int(path.parts[2]))
        return found

    def kill(self) -> None:
        """Pull the plug: kill -9 on every process at once."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Ask the server to end."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()


class Visitor(urllib.request.HTTPRedirectHandler):
    """Somebody with a cookie jar; redirects are not followed, so that the answer itself is seen."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._opener = urllib.request.build_opener(self, urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None

    def ask(self, path: str, fields: dict[str, Any] | None = None) -> tuple[int, str, str]:
        """Return status, Location and body. Raises `OSError` or `HTTPException` when the server is gone."""
        body = urllib.parse.urlencode(fields, doseq=True).encode() if fields is not None else None
        try:
            with self._opener.open(urllib.request.Request(self.address + path, body), timeout=30) as answer:
                return answer.status, "", answer.read().decode()
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, answer.headers.get("Location") or "", answer.read().decode()

    def sign_in(self, login: str, password: str = "jiesu-demo") -> None:
        fields = form_fields(self.ask("/sign-in")[2], "//form[.//input[@type='password']]")
        status, _, body = self.ask("/sign-in", fields | {"login": login, "password": password})
        assert status == 303, body

    def filled(self, path: str, form: str, **typed: Any) -> dict[str, Any]:
        """Return the fields of a form of a page, filled in, to be sent once or again."""
        return form_fields(self.ask(path)[2], form) | typed


def form_fields(page: str, path: str) -> dict[str, Any]:
    """Return the fields of the first form an XPath finds, as a browser would send them untouched."""
    form = lxml.html.fromstring(page).xpath(path)[0]
    values: dict[str, Any] = {}
    for name, value in form.form_values():
        values.setdefault(name, []).append(value)
    return values
