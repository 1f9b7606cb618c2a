"""The rows one act writes, collected while the tokens move and written at its end, one statement per kind."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, update

from engine.store import tables

Row = dict[str, Any]


class Rows:
    """Collects and writes. What is opened and closed within one act is written once, in its last state."""

    def __init__(self) -> None:
        self.element_instances: list[Row] = []
        self.tasks: dict[int, Row] = {}
        self.closed_tasks: list[Row] = []
        self.candidates: list[Row] = []
        self.exclusions: list[Row] = []
        self.timers: dict[int, Row] = {}
        self.subscriptions: dict[int, Row] = {}
        self.jobs: dict[int, Row] = {}
        self.closed_jobs: list[Row] = []
        self.incidents: list[Row] = []
        self.notices: list[Row] = []
        self.outbox: list[Row] = []
        self._over: set[int] = set()

    def close_task(self, key: int, status: str, at: datetime, by: int | None) -> None:
        """Close a task: one that was opened in the same act and cancelled leaves no row."""
        row = self.tasks.get(key)
        if row is None:
            self.closed_tasks.append({"b_key": key, "status": status, "closed_at": at, "completed_by": by})
        elif status == "cancelled":
            del self.tasks[key]
        else:
            row |= {"status": status, "closed_at": at, "completed_by": by}
        self.candidates = [item for item in self.candidates if item["task_key"] != key]
        self.exclusions = [item for item in self.exclusions if item["task_key"] != key]

    def close_job(self, key: int, status: str, at: datetime) -> None:
        """Close a job, in its pending row if it was opened in the same act."""
        if key in self.jobs:
            self.jobs[key] |= {"status": status, "ended_at": at}
        else:
            self.closed_jobs.append({"b_key": key, "status": status, "ended_at": at})

    def end_events(self, element_key: int) -> None:
        """All timers and subscriptions of this token are over."""
        for pending in (self.timers, self.subscriptions):
            for key in [key for key, row in pending.items() if row["element_key"] == element_key]:
                del pending[key]
        self._over.add(element_key)

    def write(self, db: Connection, at: datetime) -> None:
        """Write everything collected and start empty again."""
        _insert(db, tables.element_instance, self.element_instances)
        _close(db, tables.task, self.closed_tasks)
        _drop(db, tables.task_candidate, (row["b_key"] for row in self.closed_tasks))
        _insert(db, tables.task, self.tasks.values())
        _insert(db, tables.task_candidate, self.candidates)
        _insert(db, tables.task_exclusion, self.exclusions)
        for table in (tables.timer, tables.subscription):
            _end(db, table, self._over, at)
        _insert(db, tables.timer, self.timers.values())
        _insert(db, tables.subscription, self.subscriptions.values())
        _insert(db, tables.job, self.jobs.values())
        _close(db, tables.job, self.closed_jobs)
        _insert(db, tables.incident, self.incidents)
        _insert(db, tables.notice, self.notices)
        _insert(db, tables.outbox, self.outbox)
        self.__init__()  # type: ignore[misc]


def _insert(db: Connection, table: Table, rows: Iterable[Row]) -> None:
    found = list(rows)
    if found:
        db.execute(insert(table), found)


def _close(db: Connection, table: Table, rows: list[Row]) -> None:
    if rows:
        values: Row = {name: bindparam(name) for name in rows[0] if name != "b_key"}
        db.execute(update(table).where(table.c.key == bindparam("b_key")).values(values), rows)


def _drop(db: Connection, table: Table, keys: Iterable[int]) -> None:
    found = list(keys)
    if found:
        db.execute(delete(table).where(table.c.task_key.in_(found)))


def _end(db: Connection, table: Table, element_keys: set[int], at: datetime) -> None:
    if element_keys:
        waiting = update(table).where(table.c.element_key.in_(element_keys), table.c.status == "waiting")
        db.execute(waiting.values(status="cancelled", ended_at=at))
