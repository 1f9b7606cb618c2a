"""One completion, from request to durable commit: CPU, SQL statements, p50 and p95; the floor beside it.

In-process: the verb `runtime.complete` in a transaction, committed. HTTP: the POST of the task page against a running
server (its own CPU, read from the kernel), signed in, with its one-time token. Floor: SpiffWorkflow alone in memory.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import event, func, select, text

from bench import stock
from bench.machine import machine, median, percentile, table
from bench.work import REGISTER, steps
from engine import runtime
from engine.store import tables
from tests.support.postgres import cluster
from tests.support.programs import POSTGRES
from tests.support.town import Town, town

CASES = 200


@dataclass
class Figures:
    """Seconds of CPU and of waiting, statements and commits per completion, and the bytes of states seen."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)
    commits: int = 0
    states: list[int] = field(default_factory=list)


def in_process(found: Town) -> Figures:
    """Complete every task of `CASES` complaints and take the figures of each completion."""
    figures, seen = Figures(), [0]
    event.listen(found.store.engine, "before_cursor_execute", lambda *_: seen.__setitem__(0, seen[0] + 1))
    event.listen(found.store.engine, "commit", lambda _: setattr(figures, "commits", figures.commits + 1))
    for number in range(CASES + 5):
        complaint = found["reception"].registers(**REGISTER)
        for someone, key, values in steps(found, complaint):
            if number == 5:
                figures.commits = figures.commits if figures.cpu else 0
            seen[0], cpu, wall = 0, time.process_time(), time.perf_counter()
            with found.store.writing() as db:
                runtime.complete(db, key, runtime.Submission(values), someone.actor)
            if number >= 5:  # the first cases warm the caches
                figures.cpu.append(time.process_time() - cpu)
                figures.wall.append(time.perf_counter() - wall)
                figures.statements.append(seen[0])
                figures.states.append(_state(found, complaint.key))
    return figures


def _state(found: Town, case_key: int) -> int:
    with found.store.reading() as db:
        states = db.execute(select(tables.instance.c.state).where(tables.instance.c.case_key == case_key)).scalars()
        return sum(len(state.encode()) for state in states)


def used(found: Town) -> float:
    """Return the bytes of all tables and indexes, without the blobs of the release."""
    with found.store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        if found.store.sqlite:
            pages = db.execute(text("SELECT sum(pgsize) FROM dbstat WHERE name NOT IN ('blob', 'sqlite_schema')")).scalar_one()
            return float(pages)
        names = [name for name in tables.metadata.tables if name != "blob"]
        size = text("SELECT pg_total_relation_size(CAST(:name AS regclass))")
        return float(sum(db.execute(size, {"name": f'"{name}"'}).scalar_one() for name in names))


def bytes_per_case(found: Town, before: float) -> str:
    """Return what a finished case takes in the database, indexes included, over all cases finished since `before`."""
    with found.store.reading() as db:
        cases = db.execute(select(func.count()).select_from(tables.case)).scalar_one()
    return f"{(used(found) - before) / cases / 1024:.1f} kB"


def _row(name: str, figures: Figures) -> list[str]:
    return [
        name,
        f"{median(figures.cpu) * 1000:.2f}",
        f"{median(figures.wall) * 1000:.2f}",
        f"{percentile(figures.wall, 0.95) * 1000:.2f}",
        f"{median(figures.statements):.0f}" if figures.statements else "–",
        f"{max(figures.statements)}" if figures.statements else "–",
    ]


def main() -> None:
    """Measure on both databases and print the tables."""
    rows: list[list[str]] = []
    sizes: list[list[str]] = []
    with tempfile.TemporaryDirectory() as folder:
        with town(f"sqlite:///{folder}/bench.db") as found:
            before = used(found)
            figures = in_process(found)
            rows.append(_row("in-process, SQLite (synchronous=FULL)", figures))
            sizes.append(["SQLite", str(max(figures.states)), f"{median(figures.states):.0f}", bytes_per_case(found, before)])
        folder_of_postgres = POSTGRES.find()
        if folder_of_postgres is not None:
            with cluster(folder_of_postgres, durable=True) as running, town(running.new_database()) as found:
                before = used(found)
                figures = in_process(found)
                rows.append(_row("in-process, PostgreSQL (fsync on)", figures))
                sizes.append(["PostgreSQL", str(max(figures.states)), f"{median(figures.states):.0f}", bytes_per_case(found, before)])
    floor = Figures(cpu=stock.completions(Path("processes/property-project"), dict(FLOOR), CASES))
    floor.wall = floor.cpu
    rows.append(_row("floor: SpiffWorkflow alone, in memory", floor))
    table("one completion", ["", "CPU ms", "p50 ms", "p95 ms", "SQL", "SQL max"], rows)
    table("state and database", ["", "state max B", "state median B", "per finished case"], sizes)


FLOOR: dict[str, Any] = {
    "isWritten": False,
    "manualLevel": "general",
    "handleDecision": "solved",
    "resultAccepted": "yes",
    "missing": [],
    "level": None,
}

if __name__ == "__main__":
    if "bench.__main__" not in sys.modules:
        print(machine())
    main()
