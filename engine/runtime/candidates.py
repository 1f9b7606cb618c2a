"""Who a task is offered to, as conditions of a query: everybody who holds one of its roles at its unit, but those it keeps out."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, exists, false, or_, tuple_

from engine.org import Hold
from engine.store.tables import task, task_candidate, task_exclusion


def offered(holds: Iterable[Hold]) -> ColumnElement[bool]:
    """Return the condition that the task is offered to somebody with these holds.

    What is held for an absent person counts only where the task does not keep that person out: nobody judges their own work
    through a substitute. Whether the substitute is kept out is `excluded`.
    """
    by_holder: dict[int | None, list[tuple[str, int]]] = {}
    for hold in holds:
        by_holder.setdefault(hold.substitute_for, []).append((hold.role, hold.unit_key))
    ways = [_candidate(pairs) if absent is None else and_(_candidate(pairs), ~excluded(absent)) for absent, pairs in by_holder.items()]
    return or_(*ways) if ways else false()


def excluded(person_key: int) -> ColumnElement[bool]:
    """Return the condition that the task keeps this person out."""
    return exists().where(task_exclusion.c.task_key == task.c.key, task_exclusion.c.person_key == person_key)


def _candidate(pairs: list[tuple[str, int]]) -> ColumnElement[bool]:
    place = tuple_(task_candidate.c.role, task_candidate.c.unit_key)
    return exists().where(task_candidate.c.task_key == task.c.key, place.in_(pairs))
