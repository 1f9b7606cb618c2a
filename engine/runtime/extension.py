"""Extending a deadline (延期): one task gets more time, the old due time stays on record.

Who may do it, and after whose approval, is the caller's to see to.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from engine import audit, clock
from engine.errors import Conflict, Invalid, NotFound
from engine.model import Actor
from engine.runtime.deadlines import aware
from engine.runtime.explanations import shown
from engine.runtime.locking import lock_case
from engine.runtime.moving import move_task
from engine.store import tables
from engine.store.documents import loads


class TaskClosed(Conflict):
    """A task that is over needs no more time."""

    zh = "任务“{name}”已结束，不能再延期。"
    en = "The task {name!r} is over; its deadline cannot be extended."


class NoDeadline(Conflict):
    """A task without a due time has nothing to extend."""

    zh = "任务“{name}”没有时限，无需延期。"
    en = "The task {name!r} has no deadline to extend."


class NotLater(Invalid):
    """An extension ends later than the deadline, and not in the past."""

    zh = "新的时限 {new} 须晚于原时限 {old}，且晚于当前时间。"
    en = "The new deadline {new} must be later than the old one, {old}, and later than now."


class NoReason(Invalid):
    """An extension says why."""

    zh = "请填写延期的原因。"
    en = "Say why the deadline is extended."


def extend(db: Connection, task_key: int, new_due: datetime, reason: str, actor: Actor) -> None:
    """Let an open task be due at `new_due` (without a zone: Shanghai); its `taskDue` timers move with it.

    Raises `NotFound`, `TaskClosed`, `NoDeadline`, `NotLater`, `NoReason`.
    """
    query = select(tables.task).where(tables.task.c.key == task_key)
    found = db.execute(query).first()
    if found is None:
        raise NotFound
    live = lock_case(db, found.case_key)
    task, due = db.execute(query).one(), aware(new_due).replace(microsecond=0)
    _check(task, due, reason)
    told = {"was": audit.chain.stamp(task.due_at), "due": audit.chain.stamp(due), "reason": reason.strip()}
    facts = loads(task.due_facts) or {}
    entry = told | {"by": actor.name, "at": audit.chain.stamp(clock.now())}
    moved = move_task(live, task, due, {**facts, "extended": [*facts.get("extended", []), entry]})
    about = {"task": str(task.key), "process": task.process_id, "element": task.element_id, "name": task.name, "name_en": task.name_en}
    live.save(actor, audit.Entry("deadline.extended", about | told | {"timers": [timer.facts for timer in moved]}))


def _check(task: Any, due: datetime, reason: str) -> None:
    if task.status != "open":
        raise TaskClosed(name=task.name)
    if task.due_at is None:
        raise NoDeadline(name=task.name)
    if due <= task.due_at or due <= clock.now():
        raise NotLater(new=shown(due), old=shown(task.due_at))
    if not reason.strip():
        raise NoReason
