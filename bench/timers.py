"""How many due timers are fired per second, by 1, 2 and 4 worker processes on one PostgreSQL.

`JIESU_BENCH_SCALE` (default 20,000; the issue asks for 100,000) cases wait with one due timer each; every firing is a
transaction of its own, durable. The workers run for twenty seconds; what they fired in that time is counted.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from datetime import timedelta

from sqlalchemy import func, select

from bench.copies import copy
from bench.machine import machine, table
from bench.work import REGISTER
from engine import clock, runtime
from engine.jobs import run_once
from engine.store import open_store, tables
from tests.support.postgres import cluster
from tests.support.programs import POSTGRES
from tests.support.town import MONDAY, Town, town

SCALE = int(os.environ.get("JIESU_BENCH_SCALE", "20000"))
SECONDS = 20.0


def fill(found: Town) -> None:
    """Bring a complaint to a task with a promised reply time, whose timer waits, and copy it."""
    people = found["reception"], found["functional_dept"]
    complaint = people[0].registers(**REGISTER)
    people[0].does(complaint, "classify", manualLevel="general")
    people[0].does(complaint, "dispatch", responsibleDept="engineering")
    people[1].does(complaint, "implement", handleDecision="unsolvable", unsolvableReason="等配件")
    people[0].does(complaint, "tell_unsolvable", unsolvableExplanation="配件在途", nextReplyAt="2026-11-24T10:00")
    copy(found, complaint, SCALE)


def work(url: str, start: float) -> None:
    """Be one worker: fire what is due until the time is over."""
    clock.pin(MONDAY + timedelta(days=3))
    store = open_store(url)
    with store.reading() as db:
        runtime.due_timers(db, 1)  # everything is loaded before the clock runs
    while time.time() < start:
        time.sleep(0.001)
    while time.time() < start + SECONDS and run_once(store):
        pass
    store.dispose()


def main() -> None:
    """Measure and print."""
    programs = POSTGRES.find()
    if programs is None:
        print("PostgreSQL is not installed")
        return
    rows = []
    for workers in (1, 2, 4):
        with cluster(programs, durable=True) as running, town(running.new_database()) as found:
            fill(found)
            url = found.store.engine.url.render_as_string(hide_password=False)
            start = time.time() + 4
            processes = [multiprocessing.get_context("spawn").Process(target=work, args=(url, start)) for _ in range(workers)]
            for process in processes:
                process.start()
            for process in processes:
                process.join()
            seconds = time.time() - start
            with found.store.reading() as db:
                fired = db.execute(select(func.count()).where(tables.timer.c.status == "fired")).scalar_one()
                events = db.execute(select(func.count()).where(tables.event.c.verb == "timer.fired")).scalar_one()
            assert fired == events, (fired, events)
            rows.append([str(workers), str(fired), f"{seconds:.1f}", f"{fired / seconds:.0f}"])
    table(f"{SCALE:,} due timers (late tasks are noted besides)", ["workers", "fired, once each", "seconds", "per second"], rows)


if __name__ == "__main__":
    if "bench.__main__" not in sys.modules:
        print(machine())
    main()
