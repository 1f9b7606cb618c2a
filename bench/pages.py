"""One completion over HTTP: the POST of the task page against a real server, signed in, with its one-time token.

CPU is the server's own, read from the kernel over a batch of POSTs whose pages were fetched before; a batch for the
GET of the task page and of the inbox stands beside it. Both databases, durable.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.machine import machine, median, percentile, table
from bench.work import REGISTER
from tests.support.postgres import cluster
from tests.support.programs import POSTGRES
from tests.support.server import Server, Visitor, form_fields

BATCH = 120
TICK = os.sysconf("SC_CLK_TCK")


def cpu(pids: list[int]) -> float:
    """Return the CPU seconds these processes have used."""
    used = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        used += int(fields[11]) + int(fields[12])
    return used / TICK


def timed(server: Server, asks: list[Any]) -> tuple[float, list[float]]:
    """Do the requests one after the other; return CPU seconds per request of the server, and the time each took."""
    pids, walls = server.pids(), []
    before = cpu(pids)
    for ask in asks:
        start = time.perf_counter()
        status, _, body = ask()
        walls.append(time.perf_counter() - start)
        assert status in (200, 303), body
    return (cpu(pids) - before) / len(asks), walls


def measured(server: Server) -> list[tuple[str, float, list[float]]]:
    """Register a batch, then complete its `classify` tasks, and look at pages."""
    clerk = Visitor(server.address)
    clerk.sign_in("property-project.reception")
    form = "//form[.//textarea[@name='complaintMatter']]"
    new = [form_fields(clerk.ask("/intake/property-project")[2], form) | _typed(REGISTER) for _ in range(BATCH)]
    asks: list[Any] = [lambda f=fields: clerk.ask("/intake/property-project", f) for fields in new]
    done = [("POST register (3 elements, 1 new task)", *timed(server, asks))]
    paths = _tasks(clerk)
    for path in paths:
        page = clerk.ask(path)[2]
        claims = form_fields(page, "//form[contains(@action, '/claim')]")
        clerk.ask(f"{path}/claim", claims)
    done.append(("GET task page", *timed(server, [lambda p=path: clerk.ask(p) for path in paths])))
    pages = [form_fields(clerk.ask(path)[2], "//form[.//input[@name='manualLevel']]") for path in paths]
    asks = [lambda p=path, f=fields: clerk.ask(p, f | {"manualLevel": "general"}) for path, fields in zip(paths, pages, strict=True)]
    done.append(("POST complete (6 elements, 1 new task)", *timed(server, asks)))
    done.append(("GET inbox", *timed(server, [lambda: clerk.ask("/tasks?tab=open")] * BATCH)))
    return done


def _typed(values: dict[str, Any]) -> dict[str, Any]:
    return {name: "true" if value is True else value for name, value in values.items()}


def _tasks(clerk: Visitor) -> list[str]:
    """Return the paths of all open tasks, page by page."""
    import lxml.html

    found: list[str] = []
    address = "/tasks?tab=open"
    while address:
        root = lxml.html.fromstring(clerk.ask(address)[2])
        found += dict.fromkeys(link.partition("?")[0] for link in root.xpath("//main//a/@href") if link.startswith("/tasks/"))
        following = list(root.xpath("//main//a[contains(@href, 'after=')]/@href"))
        address = following[-1] if following else ""
    return list(dict.fromkeys(found))


def main() -> None:
    """Measure on both databases and print the table."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        rows += _rows("SQLite", Server(Path(folder)))
    programs = POSTGRES.find()
    if programs is not None:
        with cluster(programs, durable=True) as running, tempfile.TemporaryDirectory() as folder:
            rows += _rows("PostgreSQL", Server(Path(folder), running.new_database()))
    table("over HTTP (one client, `jiesu serve` with 2 workers)", ["", "server CPU ms", "p50 ms", "p95 ms"], rows)


def _rows(name: str, server: Server) -> list[list[str]]:
    server.start()
    try:
        done = measured(server)
    finally:
        server.stop()
    return [
        [f"{name}: {what}", f"{used * 1000:.1f}", f"{median(walls) * 1000:.1f}", f"{percentile(walls, 0.95) * 1000:.1f}"]
        for what, used, walls in done
    ]


if __name__ == "__main__":
    if "bench.__main__" not in sys.modules:
        print(machine())
    main()
