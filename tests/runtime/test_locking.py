"""Verbs that meet on one case wait for each other and never for each other in a circle."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import select, text, update

from engine import clock, runtime
from engine.model import system
from engine.runtime import workers
from engine.store import tables
from tests.runtime.test_workers import desk, register
from tests.stories.test_property_project import is_registered
from tests.support.tiny import deploys, registers
from tests.support.town import Town
from tests.tokens import drawing as draw


def beside(act: Callable[[], Any]) -> tuple[threading.Thread, list[Any]]:
    """Run an act in a thread of its own; what it answers or raises is put into the list."""
    told: list[Any] = []

    def run() -> None:
        try:
            told.append(act())
        except Exception as problem:
            told.append(problem)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, told


def until_somebody_waits(town: Town) -> None:
    """Return when a connection of this database waits for a lock (PostgreSQL)."""
    query = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
    for _ in range(500):
        with town.store.reading() as db:
            if db.execute(query).scalar_one():
                return
        threading.Event().wait(0.01)
    raise AssertionError("nobody waits")


def test_a_task_that_is_claimed_while_it_becomes_late_is_claimed(on_postgres: Town) -> None:
    complaint = is_registered(on_postgres)
    key, reception = complaint.task("classify"), on_postgres["reception"]

    def claims() -> None:
        with on_postgres.store.writing() as db:
            runtime.claim(db, key, reception.actor)

    # given: the loop holds the case, and 林晓雨 asks for its task
    with on_postgres.store.writing() as db:
        db.execute(update(tables.task).where(tables.task.c.key == key).values(due_at=clock.now().replace(year=2025)))
    with on_postgres.store.writing() as db:
        runtime.lock_case(db, complaint.key)
        thread, told = beside(claims)
        until_somebody_waits(on_postgres)
        # when: the loop notes that the task is late
        assert runtime.note_late(db, key, complaint.key)
    thread.join(10)
    # then: both have happened, one after the other
    assert told == [None]
    assert [row.verb for row in complaint.events][-2:] == ["task.overdue", "task.claimed"]
    with on_postgres.store.reading() as db:
        row = db.execute(select(tables.task).where(tables.task.c.key == key)).one()
    assert (row.assignee_key, row.overdue_at) == (reception.key, clock.now())


def test_a_worker_asks_for_jobs_while_one_of_them_is_taken_back(on_postgres: Town) -> None:
    # given: a job that a message takes back
    gone = draw.boundary("gone", "ask", draw.on_message("Message_1"), interrupting=True)
    body = draw.chain("s", "register", "ask", "e") + draw.chain("gone", "look", "e2")
    nodes = (draw.start(), register(), draw.service("ask", "crm.lookup"), gone, desk("look"), draw.end(), draw.end("e2"))
    deploys(on_postgres, draw.diagram(draw.message("Message_1", "withdrawn"), draw.process("tiny_main", *nodes, body)))
    complaint = registers(on_postgres)

    def asks() -> list[workers.Job]:
        with on_postgres.store.writing() as db:
            return workers.activate_jobs(db, workers.Activation("crm.lookup", "w1"))

    # when: a worker asks while the message holds the case
    with on_postgres.store.writing() as db:
        live = runtime.lock_case(db, complaint.key)
        thread, told = beside(asks)
        thread.join(2)
        runtime.deliver(live, "withdrawn")
        live.save(system("test"))
    thread.join(10)
    # then: both have gone through
    assert [job.element_id for job in told[0]] == ["ask"]
    assert [row.status for row in complaint.rows(tables.job)] == ["cancelled"]
    assert complaint.open == ["look"]
