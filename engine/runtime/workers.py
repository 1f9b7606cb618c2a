"""Jobs for workers outside: taken for a time, completed, failed with retries left, or ended by a BPMN error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, or_, select, update

from engine import audit, clock
from engine.errors import Broken, Conflict, NotFound
from engine.model import Actor
from engine.runtime.effects import incident
from engine.runtime.live import LiveCase
from engine.runtime.locking import lock_case, look_at_case
from engine.runtime.settling import settle
from engine.store import tables
from engine.store.documents import dumps, loads


class JobOver(Conflict):
    """The job was completed or taken back before."""

    zh = "这项作业（{key}）已结束。"
    en = "This job ({key}) is over."


class JobFailed(Broken):
    """A worker has no retries left."""

    zh = "节点“{element}”的外部作业（{type}）多次失败：{message}"
    en = "The job {type!r} of element {element!r} failed for good: {message}"


@dataclass(frozen=True, slots=True)
class Job:
    """An activated job as a worker gets it."""

    key: int
    type: str
    case_key: int
    case_number: str
    instance_key: int
    element_id: str
    headers: Mapping[str, str]
    variables: Mapping[str, Any]
    retries: int


@dataclass(frozen=True, slots=True)
class Activation:
    """What a worker asks for: jobs of one type, at most so many, for so long."""

    type: str
    worker: str
    most: int = 1
    timeout: timedelta = timedelta(minutes=5)


def activate_jobs(db: Connection, wanted: Activation) -> list[Job]:
    """Take up to `most` open jobs of the type that nobody holds; each is the worker's until the time is over.

    The cases are only looked at: a verb holds its case before it ends a job, so holding a job and asking for its case
    would be the wrong way round. Nobody ends a job that is held here.
    """
    at, column = clock.now(), tables.job.c
    unlocked = or_(column.locked_until.is_(None), column.locked_until <= at)
    free = (column.type == wanted.type, column.status == "open", column.retries > 0, unlocked)
    query = select(tables.job).where(*free).order_by(column.created_at, column.key).limit(wanted.most)
    rows = db.execute(query.with_for_update(skip_locked=True)).all()
    found = []
    for row in rows:
        db.execute(update(tables.job).where(column.key == row.key).values(worker=wanted.worker, locked_until=at + wanted.timeout))
        live = look_at_case(db, row.case_key)
        scope = dict(live.machine(row.instance_key).scope(row.key))
        found.append(
            Job(row.key, row.type, row.case_key, live.row.number, row.instance_key, row.element_id, loads(row.headers), scope, row.retries)
        )
    return found


def complete_job(db: Connection, job_key: int, variables: Mapping[str, Any], actor: Actor) -> None:
    """Complete a job with its variables and go on. Raises `NotFound`, `JobOver`, `Broken`."""
    live, row = _at_hand(db, job_key)
    given, digests = live.set_apart(variables)
    live.machine(row.instance_key).complete(job_key, given)
    _finish(live, row, actor, audit.Entry("job.completed", {"digests": digests} if digests else {}, dumps(given)))


def throw_job_error(db: Connection, job_key: int, code: str, variables: Mapping[str, Any], actor: Actor) -> None:
    """End a job by a BPMN error; the nearest error event with this code goes on.

    Raises `NotFound`, `JobOver`, `Broken` if none catches it.
    """
    live, row = _at_hand(db, job_key)
    given, digests = live.set_apart(variables)
    live.machine(row.instance_key).throw_error(job_key, code, given)
    facts = {"code": code} | ({"digests": digests} if digests else {})
    _finish(live, row, actor, audit.Entry("job.error_thrown", facts, dumps(given)))


def fail_job(db: Connection, job_key: int, retries: int, message: str, actor: Actor) -> None:
    """Give a job back with the retries it has left; none left opens an incident. Raises `NotFound`, `JobOver`."""
    live, row = _at_hand(db, job_key)
    values = {"retries": max(retries, 0), "error": message[:500], "worker": None, "locked_until": None}
    db.execute(update(tables.job).where(tables.job.c.key == job_key).values(**values))
    if retries <= 0:
        problem = JobFailed(element=row.element_id, type=row.type, message=message[:200])
        incident(live, "job", problem, element_id=row.element_id, element_key=job_key, instance_key=row.instance_key)
    live.save(actor, audit.Entry("job.failed", {"element": row.element_id, "type": row.type, "retries": max(retries, 0)}))


def _at_hand(db: Connection, job_key: int) -> tuple[LiveCase, Any]:
    case_key = db.execute(select(tables.job.c.case_key).where(tables.job.c.key == job_key)).scalar()
    if case_key is None:
        raise NotFound
    live = lock_case(db, case_key)
    row = db.execute(select(tables.job).where(tables.job.c.key == job_key)).one()
    if row.status != "open":
        raise JobOver(key=job_key)
    return live, row


def _finish(live: LiveCase, row: Any, actor: Actor, entry: audit.Entry) -> None:
    """Go on to rest and save, with what this act did added to its event."""
    live.collect()
    settle(live)
    told = {"element": row.element_id, "type": row.type, "changes": live.changes, "decisions": live.decisions, "opened": live.opened}
    live.save(actor, replace(entry, facts=told | entry.facts))
