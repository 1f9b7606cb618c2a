"""Cases that nobody registers: a timer or a message start event of an active release makes them.

Which unit such a case belongs to. A case belongs to the unit where its registrar stands; here nobody registers, so
- a timer makes one case in each unit where the procedure is at work: where somebody holds the role that registers, or the
  role named in the start event's extension property `unit_role` (a check of the whole group: a role of the group);
- a message names the unit in its variable `unit` (the unit's short name); a message that another case has thrown belongs
  to that case's unit; without either there must be only one such unit.

A timer's next time is a row, claimed by a conditional update in the transaction that makes the cases: however many loops
run, each time happens once. Times that went by while no loop ran are not made up for: one case, then the next time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from engine import audit, clock, feel
from engine.bpmn import FUNCTIONS, Element, timers
from engine.errors import Invalid
from engine.model import Actor, system
from engine.org import Org, org_at
from engine.runtime.language import SIGNATURES
from engine.runtime.live import LiveCase
from engine.runtime.messages import Publication
from engine.runtime.newcase import new_case
from engine.runtime.package import Package, package
from engine.runtime.settling import settle
from engine.store import tables
from engine.store.active import active_release, active_releases
from engine.store.documents import dumps
from engine.store.keys import next_key

TIMER = system("timer")
RETRY = timedelta(minutes=5)
UNIT = "unit"  # the variable of a message that names the unit
ROUNDS = 10_000  # of a cycle that are skipped one by one


class UnitUnknown(Invalid):
    """A message is to start a case, and nobody can tell in which unit."""

    zh = "消息“{name}”要启动案件，但无法确定属于哪个组织单元；请在变量 unit 中写明单元的简称。"
    en = "The message {name!r} is to start a case, but of which unit? Name it in the variable unit, by its short name."


@dataclass(frozen=True, slots=True)
class Cause:
    """Who starts a case, and with which variables."""

    actor: Actor
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Started:
    """The case a message has started, and by which process."""

    live: LiveCase
    process_id: str


def arm(db: Connection, release_key: int, before: list[int]) -> None:
    """Set the timer start events of a release that has become active, and take away those of the releases `before` it.

    A timer that is drawn as it was keeps its time, so that a new release does not begin a month anew. A date that has
    passed does not happen again.
    """
    pack, column, now = package(db, release_key), tables.start_timer.c, clock.now()
    old = {_place(row): row for row in db.execute(select(tables.start_timer).where(column.release_key.in_(before)))}
    db.execute(delete(tables.start_timer).where(column.release_key.in_(before)))
    for start in _starts(pack, "timer"):
        assert start.event is not None
        rule = start.event.expression
        row = {"release_key": release_key, "procedure": pack.slug, "process_id": start.process_id, "element_id": start.id, "rule": rule}
        kept = old.get((start.process_id, start.id, rule))
        when = _times(kept) if kept is not None else _first(start, now)
        if when is not None:
            db.execute(insert(tables.start_timer).values(key=next_key(db), created_at=now, try_at=when["due_at"], **row, **when))


def due_starts(db: Connection, limit: int = 100) -> list[Any]:
    """Return (key, procedure, element_id) of start timers that are due."""
    column = tables.start_timer.c
    query = select(column.key, column.procedure, column.element_id).where(column.try_at <= clock.now())
    return list(db.execute(query.order_by(column.try_at, column.key).limit(limit)))


def start_due(db: Connection, key: int) -> bool:
    """Make the cases of a due start timer, one in each of its units; False when another loop was faster. Raises `Broken`."""
    column, now = tables.start_timer.c, clock.now()
    row = db.execute(select(tables.start_timer).where(column.key == key)).first()
    if row is None or row.due_at > now or not _claim(db, row, now):
        return False
    pack, org = package(db, row.release_key), org_at(db)
    start = pack.element(row.process_id, row.element_id)
    for unit_key in _units(pack, org, start):
        if active_release(db, pack.slug, org.upward(unit_key)) == row.release_key:
            _start(db, pack, start, unit_key, Cause(TIMER))
    return True


def start_later(db: Connection, key: int) -> None:
    """After a failed try: try again later. Nothing was made, so there is no case an incident could stand on."""
    db.execute(update(tables.start_timer).where(tables.start_timer.c.key == key).values(try_at=clock.now() + RETRY))


def start_by_message(db: Connection, message: Publication, actor: Actor, from_case: int | None = None) -> Started | None:
    """Start a case by the message start event of this name, if an active release has one. Raises `UnitUnknown`, `Broken`.

    Should several procedures have one, the first by its short name takes the message: a message goes to one case.
    """
    org = org_at(db)
    for release_key in dict(sorted(active_releases(db).items())).values():
        pack = package(db, release_key)
        for start in _starts(pack, "message"):
            if start.event is not None and start.event.name == message.name:
                unit_key = _unit(db, org, message, _units(pack, org, start), from_case)
                here = active_release(db, pack.slug, org.upward(unit_key))
                if here == release_key:
                    given = {name: value for name, value in message.variables.items() if name != UNIT}
                    return Started(_start(db, pack, start, unit_key, Cause(actor, given)), start.process_id)
    return None


def _start(db: Connection, pack: Package, start: Element, unit_key: int, cause: Cause) -> LiveCase:
    live = LiveCase(db, new_case(db, pack, unit_key, None), [])
    given, digests = live.set_apart(cause.variables)
    for name, value in given.items():
        live.write(name, feel.to_json(value))
    live.start(start.process_id, start_event=start.id)
    settle(live)
    facts = {"number": live.row.number, "procedure": pack.slug, "release": str(pack.release_key), "unit": str(unit_key)}
    facts |= {"release_number": pack.number, "process": start.process_id, "element": start.id, "name": start.label}
    facts |= {"name_en": start.name_en, "digests": digests, "changes": live.changes, "decisions": live.decisions, "opened": live.opened}
    live.save(cause.actor, audit.Entry("case.started", facts, dumps(given)))
    return live


def _starts(pack: Package, kind: str) -> list[Element]:
    """Return the start events of this kind of all processes of a release."""
    processes = [pack.processes.process(process_id) for process_id in pack.processes.ids]
    return [start for process in processes for start in process.starts if start.event is not None and start.event.kind == kind]


def _units(pack: Package, org: Org, start: Element) -> list[int]:
    """Return the units where somebody holds the role that this start goes by."""
    register = pack.element(pack.settings.main, pack.settings.register)
    roles = (start.properties.get("unit_role") or register.candidate_groups or "").replace(",", " ").split()
    return [key for key in sorted(org.units) if any(org.nearest(role, key) == key for role in roles)]


def _unit(db: Connection, org: Org, message: Publication, units: list[int], from_case: int | None) -> int:
    named = message.variables.get(UNIT)
    found: list[int]
    if named is not None:
        found = [key for key, unit in org.units.items() if unit.slug == named]
    elif from_case is not None:
        found = list(db.execute(select(tables.case.c.unit_key).where(tables.case.c.key == from_case)).scalars())
    else:
        found = units
    if len(found) != 1:
        raise UnitUnknown(name=message.name)
    return found[0]


def _first(start: Element, now: datetime) -> dict[str, Any] | None:
    """Return when a start timer happens first; None when that is over or the value is no time (a finding of the checks)."""
    assert start.event is not None
    rule = start.event.expression
    value = feel.compile(rule[1:], functions=SIGNATURES).evaluate({}, FUNCTIONS) if rule.startswith("=") else rule
    found = timers.schedule(start.event.timer, value, now)
    if found is None or (found.interval is None and found.due <= now):
        return None
    return _from(found.due, found.repeats, found.interval, now)


def _from(due: datetime, repeats: int | None, interval: str | None, now: datetime) -> dict[str, Any] | None:
    """Return the first time after `now`, with the repeats that are left then."""
    for _ in range(ROUNDS):
        if due > now:
            return {"due_at": due, "repeats_left": repeats, "interval": interval}
        if interval is None or (repeats is not None and repeats <= 1):
            return None
        due, repeats = timers.add(due, interval), None if repeats is None else repeats - 1
    return {"due_at": now + timedelta(days=1), "repeats_left": repeats, "interval": interval}  # an interval of next to nothing


def _claim(db: Connection, row: Any, now: datetime) -> bool:
    """Put the timer to its next time, or away; False when it is not as it was read."""
    mine = (tables.start_timer.c.key == row.key, tables.start_timer.c.due_at == row.due_at)
    following = _from(row.due_at, row.repeats_left, row.interval, now)
    if following is None:
        return db.execute(delete(tables.start_timer).where(*mine)).rowcount == 1
    return db.execute(update(tables.start_timer).where(*mine).values(try_at=following["due_at"], **following)).rowcount == 1


def _place(row: Any) -> tuple[str, str, str]:
    return row.process_id, row.element_id, row.rule


def _times(row: Any) -> dict[str, Any]:
    return {"due_at": row.due_at, "repeats_left": row.repeats_left, "interval": row.interval}
