"""Offering open tasks anew after people, roles, units or absences have changed. Only cases where something changes are locked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection, Select, delete, select, update

from engine import audit
from engine.model import Actor
from engine.org import Org, org_at
from engine.runtime.effects import offer, offered_roles, places
from engine.runtime.live import LiveCase
from engine.runtime.locking import lock_case, look_at_case
from engine.runtime.mending import mend
from engine.runtime.package import package
from engine.store import tables

Places = set[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Offer:
    """An open task that is not offered as it should be: to other roles or units, or claimed by somebody it is not offered to."""

    task: Any
    roles: list[str]
    kept_out: frozenset[int]
    moved: bool
    lapsed: bool


def stale_offers(db: Connection) -> list[int]:
    """Return the keys of the cases in which an open task is not offered as people and units stand now; locks nothing."""
    return list(dict.fromkeys(item.task.case_key for item in _stale(db, select(tables.task), look_at_case)))


def offer_again(db: Connection, actor: Actor) -> int:
    """Resolve who may do each open task again, and return how many tasks changed."""
    return sum(offer_case_again(db, case_key, actor) for case_key in stale_offers(db))


def offer_case_again(db: Connection, case_key: int, actor: Actor) -> int:
    """Offer the open tasks of one case as people and units stand now; opens and closes incidents. Returns how many changed."""
    live = lock_case(db, case_key)
    found = list(_stale(db, select(tables.task).where(tables.task.c.case_key == case_key), lambda *_: live))
    for item in found:
        _renew(live, item, actor)
    if found:
        live.save(actor)
    return len(found)


def _stale(db: Connection, query: Select[Any], look: Callable[[Connection, int], LiveCase]) -> Iterator[Offer]:
    org, looked_at = org_at(db), dict[int, LiveCase]()
    column, candidate, exclusion = tables.task.c, tables.task_candidate, tables.task_exclusion
    tasks = db.execute(query.where(column.status == "open").order_by(column.case_key, column.key)).all()
    keys = query.where(column.status == "open").with_only_columns(column.key)
    present: dict[int, Places] = {}
    for row in db.execute(select(candidate).where(candidate.c.task_key.in_(keys))):
        present.setdefault(row.task_key, set()).add((row.role, row.unit_key))
    kept_out: dict[int, set[int]] = {}
    for row in db.execute(select(exclusion).where(exclusion.c.task_key.in_(keys))):
        kept_out.setdefault(row.task_key, set()).add(row.person_key)

    def evaluated(task: Any, text: str) -> Any:
        if task.case_key not in looked_at:
            looked_at[task.case_key] = look(db, task.case_key)
        return looked_at[task.case_key].machine(task.instance_key).evaluate(task.key, text)

    for task in tasks:
        element = package(db, task.release_key).element(task.process_id, task.element_id)
        roles = offered_roles(element, partial(evaluated, task))
        without = frozenset(kept_out.get(task.key, ()))
        wanted = places(org, roles, task.unit_key, without)
        moved, lapsed = wanted != present.get(task.key, set()), _lapsed(org, task, wanted, without)
        if moved or lapsed:
            yield Offer(task, roles, without, moved, lapsed)


def _lapsed(org: Org, task: Any, wanted: Places, kept_out: frozenset[int]) -> bool:
    """Tell whether somebody has claimed the task to whom it is no longer offered."""
    if task.assignee_key is None or task.claimed_at is None:
        return False
    holds = [hold for hold in org.holds(task.assignee_key) if hold.substitute_for not in kept_out]
    closed = org.people[task.assignee_key].closed_at is not None
    return closed or task.assignee_key in kept_out or wanted.isdisjoint((hold.role, hold.unit_key) for hold in holds)


def _renew(live: LiveCase, item: Offer, actor: Actor) -> None:
    task, column = item.task, tables.task.c
    facts: dict[str, Any] = {"task": str(task.key), "process": task.process_id, "element": task.element_id}
    facts |= {"name": task.name, "name_en": task.name_en}
    row = dict(task._mapping)
    if item.lapsed:
        live.db.execute(update(tables.task).where(column.key == task.key).values(assignee_key=None, claimed_at=None))
        live.entries.append(audit.Entry("task.lapsed", facts | {"person": str(task.assignee_key)}))
        row["assignee_key"] = None
    if item.moved:
        live.db.execute(delete(tables.task_candidate).where(tables.task_candidate.c.task_key == task.key))
        found = offer(live, row, item.roles, item.kept_out)
        units = sorted({str(unit) for _, unit in found})
        live.entries.append(audit.Entry("task.offered", facts | {"roles": sorted({role for role, _ in found}), "units": units}))
        if found:
            mend(live, actor, [task.key], kind="no_candidate")
