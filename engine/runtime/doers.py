"""Who completed a task of the case: what keeps people from approving or checking what they themselves proposed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from engine.runtime.tokens.effects import TaskClosed
from engine.store import tables

if TYPE_CHECKING:
    from engine.runtime.live import LiveCase


def completed_by(live: LiveCase, element_id: str) -> list[str]:
    """Return the logins of those who completed tasks of this element in this handling, the present act included."""
    column = tables.task.c
    done = select(column.completed_by).where(column.case_key == live.row.key, column.element_id == element_id)
    done = done.where(column.created_at >= live.handling_since)
    keys = [row.completed_by for row in live.db.execute(done.where(or_(column.status == "completed", column.key.in_(_closing(live)))))]
    keys += [row["completed_by"] for row in live.rows.tasks.values() if row["element_id"] == element_id and row["status"] == "completed"]
    people = [live.org.people.get(live.person_key if key is None else key) for key in keys]
    return list(dict.fromkeys(person.login for person in people if person is not None))


def _closing(live: LiveCase) -> list[int]:
    """Return the keys of the tasks that this act completes, whether its rows say so already or its machines only."""
    closed = [row["b_key"] for row in live.rows.closed_tasks if row["status"] == "completed"]
    happened = [effect for machine in live.machines for effect in machine.effects if isinstance(effect, TaskClosed)]
    return closed + [effect.key for effect in happened if effect.how == "completed"]
