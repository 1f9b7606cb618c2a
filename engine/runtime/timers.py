"""Timers that have come due, and tasks that have become late.

Each step works on one row in a transaction of its own, after locking the case and looking again: a second loop on
another machine does no harm, and a broken row does not hold up the others.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from engine import audit, clock
from engine.errors import Broken
from engine.model import system
from engine.runtime.effects import incident
from engine.runtime.locking import lock_case
from engine.runtime.mending import mend
from engine.runtime.settling import settle
from engine.runtime.tokens import next_due
from engine.store import tables

TIMER = system("timer")
RETRY = timedelta(minutes=5)


def due_timers(db: Connection, limit: int = 100) -> list[Any]:
    """Return (key, case_key) of waiting timers that are due, earliest first."""
    column = tables.timer.c
    query = select(column.key, column.case_key).where(column.status == "waiting", column.try_at <= clock.now())
    return list(db.execute(query.order_by(column.try_at, column.key).limit(limit)))


def fire(db: Connection, timer_key: int, case_key: int) -> bool:
    """Let a due timer happen; returns False when it no longer waits (another loop was faster, or its task is done)."""
    live = lock_case(db, case_key)
    row = db.execute(select(tables.timer).where(tables.timer.c.key == timer_key)).one()
    if row.status != "waiting" or row.due_at > clock.now():
        return False
    machine = live.machine(row.instance_key)
    if not machine.is_waiting(row.element_key, row.position):
        _set(db, timer_key, status="cancelled", ended_at=clock.now())
        return False
    again = _again(row)
    if again is None:
        _set(db, timer_key, status="fired", ended_at=clock.now())
    else:
        left = None if row.repeats_left is None else row.repeats_left - 1
        _set(db, timer_key, due_at=again, try_at=again, repeats_left=left)
    if row.try_at > row.due_at:  # it has failed before
        mend(live, TIMER, [row.element_key])
    machine.fire(row.element_key, row.position)
    live.collect()
    settle(live)
    element = live.package.element(row.process_id, row.element_id)
    facts = {"element": element.id, "process": row.process_id, "name": element.label, "name_en": element.name_en, "due": _text(row.due_at)}
    live.save(TIMER, audit.Entry("timer.fired", facts | {"changes": live.changes, "decisions": live.decisions, "opened": live.opened}))
    return True


def push_forward(db: Connection, timer_key: int, case_key: int, problem: Broken) -> None:
    """After a failed try: open an incident on the case and try again later. The instance is as it was."""
    live = lock_case(db, case_key)
    row = db.execute(select(tables.timer).where(tables.timer.c.key == timer_key)).one()
    _set(db, timer_key, try_at=clock.now() + RETRY)
    column = tables.incident.c
    known = select(column.key).where(column.case_key == case_key, column.element_key == row.element_key, column.status == "open")
    if db.execute(known).first() is None:
        incident(live, "timer", problem, element_id=row.element_id, element_key=row.element_key, instance_key=row.instance_key)
    live.save(TIMER)


def late_tasks(db: Connection, limit: int = 100) -> list[Any]:
    """Return (key, case_key) of open tasks whose due time has passed, its own second included, and not noted as late yet."""
    column = tables.task.c
    now = clock.now().replace(microsecond=0)
    query = select(column.key, column.case_key).where(column.status == "open", column.due_at < now, column.overdue_at.is_(None))
    return list(db.execute(query.order_by(column.due_at, column.key).limit(limit)))


def note_late(db: Connection, task_key: int, case_key: int) -> bool:
    """Record that a task is late. It stays as it is: a deadline never cancels work."""
    live = lock_case(db, case_key)
    column = tables.task.c
    now = clock.now().replace(microsecond=0)
    open_late = update(tables.task).where(column.key == task_key, column.status == "open", column.overdue_at.is_(None))
    open_late = open_late.where(column.due_at < now)  # it may have been extended meanwhile
    returned = column.element_id, column.name, column.name_en, column.due_at, column.process_id
    row = db.execute(open_late.values(overdue_at=clock.now()).returning(*returned)).first()
    if row is None:
        return False
    facts = {"task": str(task_key), "element": row.element_id, "process": row.process_id, "name": row.name, "name_en": row.name_en}
    live.save(TIMER, audit.Entry("task.overdue", facts | {"due": _text(row.due_at)}))
    return True


def _again(row: Any) -> datetime | None:
    """Return when a cycle comes round again, or None when this was its last time."""
    if row.interval is None or (row.repeats_left is not None and row.repeats_left <= 1):
        return None
    moment: datetime = next_due(row.due_at, row.interval)
    return moment


def _set(db: Connection, timer_key: int, **values: Any) -> None:
    db.execute(update(tables.timer).where(tables.timer.c.key == timer_key).values(**values))


def _text(moment: datetime) -> str:
    return audit.chain.stamp(moment)
