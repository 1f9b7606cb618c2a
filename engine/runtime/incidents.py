"""Technical failures: recorded on the case in a transaction of their own after the act was rolled back, retried, resolved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select, update

from engine import clock
from engine.errors import Broken, NotFound
from engine.model import Actor
from engine.runtime.effects import incident
from engine.runtime.locking import lock_case
from engine.store import tables

CARRIED = frozenset({"message", "signal"})  # kinds of incidents whose cause stands in the outbox


class Unexpected(Broken):
    """Something failed that no rule of the procedure foresaw."""

    zh = "流程执行时发生未预料的错误（{reason}）。"
    en = "The procedure met an unexpected error ({reason})."


def as_broken(problem: Exception) -> Broken:
    """Return the problem as one with a sentence; the name of an unexpected exception, never its text (it may hold personal data)."""
    return problem if isinstance(problem, Broken) else Unexpected(reason=type(problem).__name__)


def record_failure(db: Connection, task_key: int, problem: Exception, actor: Actor) -> int | None:
    """Open an incident on the case of a task whose completion failed; the case is as it was. Returns the incident's key.

    The same failure of the same task is one incident, however often it is tried. An unknown task gives None.
    """
    row = db.execute(select(tables.task.c.case_key, tables.task.c.element_id).where(tables.task.c.key == task_key)).first()
    if row is None:
        return None
    broken = as_broken(problem)
    column = tables.incident.c
    same = (column.case_key == row.case_key, column.element_key == task_key, column.zh == broken.text("zh"), column.status == "open")
    known: int | None = db.execute(select(column.key).where(*same)).scalar()
    if known is not None:
        return known
    live = lock_case(db, row.case_key)
    element_id = getattr(broken, "element_id", None) or row.element_id
    incident(live, "execution", broken, element_id=element_id, element_key=task_key, instance_key=None)
    key: int = live.rows.incidents[0]["key"]
    live.save(actor)
    return key


def open_incidents(db: Connection, limit: int = 200) -> list[Any]:
    """Return open incidents with the number of their case, oldest first."""
    column = tables.incident.c
    query = select(tables.incident, tables.case.c.number).join(tables.case, tables.case.c.key == column.case_key)
    return list(db.execute(query.where(column.status == "open").order_by(column.created_at, column.key).limit(limit)))


def retry_all(db: Connection, keys: Iterable[int], actor: Actor) -> int:
    """Retry several incidents after a common fix; returns how many were still open."""
    return sum(_retried(db, key, actor) for key in sorted(keys))


def retry(db: Connection, incident_key: int, actor: Actor) -> None:
    """Close an incident after its cause was mended: a timer or message is tried again at once, a job gets a retry, a person sends again.

    Raises `NotFound` if there is no open incident of that key.
    """
    if not _retried(db, incident_key, actor):
        raise NotFound


def _retried(db: Connection, incident_key: int, actor: Actor) -> bool:
    column = tables.incident.c
    row = db.execute(select(tables.incident).where(column.key == incident_key, column.status == "open")).first()
    if row is None:
        return False
    if row.kind in CARRIED:  # before its case, as the loop takes them
        db.execute(update(tables.outbox).where(tables.outbox.c.key == row.element_key).values(try_at=clock.now()))
    live = lock_case(db, row.case_key)
    closing = update(tables.incident).where(column.key == incident_key, column.status == "open")
    if db.execute(closing.values(status="resolved", resolved_at=clock.now(), resolved_by=actor.id)).rowcount != 1:
        return False
    if row.kind == "timer":
        waiting = update(tables.timer).where(tables.timer.c.element_key == row.element_key, tables.timer.c.status == "waiting")
        db.execute(waiting.values(try_at=clock.now()))
    elif row.kind == "job":
        db.execute(update(tables.job).where(tables.job.c.key == row.element_key, tables.job.c.retries < 1).values(retries=1))
    live.note("incident.resolved", kind=row.kind, element=row.element_id)
    live.save(actor)
    return True
