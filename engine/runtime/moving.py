"""A deadline moves: the task's row, and the boundary timers that rest on its `taskDue`; nothing else of the case.

The local variable `taskDue` follows, so that forms and expressions read the present due time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from engine import clock, feel
from engine.audit.chain import stamp
from engine.bpmn import timers
from engine.bpmn.nodes.boundary import Boundary
from engine.bpmn.nodes.token import Token
from engine.runtime.deadlines import is_late
from engine.runtime.language import names_in
from engine.runtime.live import LiveCase
from engine.runtime.tokens import Machine
from engine.runtime.tokens.values import DUE
from engine.store import tables
from engine.store.documents import dumps


@dataclass(frozen=True, slots=True)
class MovedTimer:
    """A boundary timer that moved with its task."""

    element_id: str
    before: datetime
    after: datetime

    @property
    def facts(self) -> dict[str, str]:
        """The move as the record keeps it."""
        return {"element": self.element_id, "was": stamp(self.before), "due": stamp(self.after)}


def move_task(live: LiveCase, task: Any, due: datetime, facts: Mapping[str, Any]) -> list[MovedTimer]:
    """Give an open task another due time with the facts that explain it; its timers move along. Writes, does not save the case.

    A task that was late and is not any more may become late again.
    """
    moved = _move_timers(live, task, due)
    late = is_late(due, clock.now())
    values: dict[str, Any] = {"due_at": due, "due_facts": dumps(facts)} | ({} if late else {"overdue_at": None})
    live.db.execute(update(tables.task).where(tables.task.c.key == task.key).values(**values))
    return moved


def _move_timers(live: LiveCase, task: Any, due: datetime) -> list[MovedTimer]:
    machine = live.machine(task.instance_key)
    hosts = _hosts(live, machine, task, due)
    resting = [(row, token) for row, token in _waiting(live, machine, task.instance_key) if token.parent.id in hosts]
    before = [_moment(machine, token) for _, token in resting]
    for key, moment in hosts.items():
        if key in machine.scopes.local:
            machine.scopes.local[key].variables[DUE] = feel.to_json(moment.astimezone(clock.ZONE))
    return [moved for (row, token), old in zip(resting, before, strict=True) if (moved := _move(live, row, old, _moment(machine, token)))]


def _hosts(live: LiveCase, machine: Machine, task: Any, due: datetime) -> dict[int, datetime]:
    """Return what `taskDue` becomes, by the key of the token that boundary events hang on.

    Around the items of a multi-instance it is the earliest due time of those still open.
    """
    token = machine.tokens[task.key]
    if not token.is_item:
        return {task.key: due}
    column = tables.task.c
    items = [child.id for child in token.parent.children if child.is_item and child is not token]
    others = live.db.execute(select(column.due_at).where(column.key.in_(items), column.status == "open", column.due_at.is_not(None)))
    return {task.key: due, token.parent.id: min([due, *others.scalars()])}


def _waiting(live: LiveCase, machine: Machine, instance_key: int) -> list[tuple[Any, Token]]:
    """Return the waiting boundary timers of an instance whose rule reads `taskDue`, with their tokens."""
    column = tables.timer.c
    query = select(tables.timer).where(column.case_key == live.row.key, column.instance_key == instance_key, column.status == "waiting")
    found = [(row, machine.tokens.get(row.element_key)) for row in live.db.execute(query.order_by(column.key)) if DUE in names_in(row.rule)]
    return [(row, token) for row, token in found if token is not None and isinstance(token.node, Boundary)]


def _moment(machine: Machine, token: Token) -> datetime | None:
    """Return what the timer's rule gives at this moment; of a cycle, its start."""
    event = token.node.element.event
    assert event is not None
    value = machine.feel(token, event.expression)
    if event.timer == "date":
        return timers.moment(value)
    if event.timer == "duration":
        length = timers.duration(value)
        return None if length is None else timers.add(clock.now(), length)
    cycle = timers.cycle(value)
    return cycle[1] if cycle else None


def _move(live: LiveCase, row: Any, old: datetime | None, new: datetime | None) -> MovedTimer | None:
    """Move a timer by as much as its rule moved; a cycle only while it has not begun."""
    if old is None or new is None or old == new or (row.interval is not None and row.due_at != old):
        return None
    due = row.due_at + (new - old)
    live.db.execute(update(tables.timer).where(tables.timer.c.key == row.key).values(due_at=due, try_at=due))
    return MovedTimer(row.element_id, row.due_at, due)
