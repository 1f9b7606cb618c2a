"""When things happened in a case, as far as deadlines start there: in this handling, the first time or the latest."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from engine.bpmn import Element
from engine.runtime.deadlines import Start
from engine.runtime.tokens.effects import Left
from engine.store import tables

if TYPE_CHECKING:
    from engine.runtime.live import LiveCase


def task_began(live: LiveCase, element: Element | None, first: bool) -> datetime:
    """Return when the task appeared: now, or (`first`) when it did so for the first time in this handling.

    A boundary event's task is the one it sits on.
    """
    if not first or element is None:
        return live.now()
    column = tables.task.c
    query = select(column.created_at).where(column.case_key == live.row.key, column.element_id == (element.attached_to or element.id))
    query = query.where(column.process_id == element.process_id, column.created_at >= live.handling_since)
    earliest: datetime | None = live.db.execute(query.order_by(column.created_at).limit(1)).scalar()
    return earliest or live.now()


def element_left(live: LiveCase, element_id: str, first: bool) -> Start | None:
    """Return when an element of the case was completed, for the first or the last time in this handling; None if it was not.

    What happened in this very act counts too, although it is not stored yet.
    """
    here = [*_pending(live, element_id), *_moving(live, element_id)]
    found = here[-1:] if here and not first else [*_stored(live, element_id, first), *here]
    if not found:
        return None
    at, process_id = found[0]
    return Start(at, live.package.element(process_id, element_id))


Passed = list[tuple[datetime, str]]  # when, and in which process


def _stored(live: LiveCase, element_id: str, first: bool) -> Passed:
    """Return the first or the last one stored, if there is any."""
    column = tables.element_instance.c
    query = select(column.left_at, column.process_id).where(column.case_key == live.row.key, column.element_id == element_id)
    query = query.where(column.left_at >= live.handling_since, column.outcome == "completed")
    order = (column.left_at, column.key) if first else (column.left_at.desc(), column.key.desc())
    return [(row.left_at, row.process_id) for row in live.db.execute(query.order_by(*order).limit(1))]


def _pending(live: LiveCase, element_id: str) -> Passed:
    rows = [row for row in live.rows.element_instances if row["element_id"] == element_id and row["outcome"] == "completed"]
    return [(row["left_at"], row["process_id"]) for row in rows]


def _moving(live: LiveCase, element_id: str) -> Passed:
    happened = [effect for machine in live.machines for effect in machine.effects if isinstance(effect, Left)]
    return [(item.left_at, item.process_id) for item in happened if item.element_id == element_id and item.how == "completed"]
