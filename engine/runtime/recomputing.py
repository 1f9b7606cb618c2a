"""What open deadlines become when holidays arrive or office hours change; and the verbs that change them.

Only deadlines that `due()` gave in working time rest on the calendar. One that a person has extended stays where they put it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Select, select, update

from engine import audit, calendar, clock
from engine.calendar.office import Hours
from engine.model import Actor, Deadline
from engine.org import org_at
from engine.runtime.deadlines import count
from engine.runtime.live import LiveCase
from engine.runtime.locking import lock_case
from engine.runtime.moving import MovedTimer, move_task
from engine.store import tables
from engine.store.documents import dumps, loads

CALENDAR = 1  # key of the calendar among the settings in the record
TESTED = '"unit":"working'


@dataclass(frozen=True, slots=True)
class Moved:
    """A deadline that is, or would be, another one: of a task, or of a timer with a `due()` of its own.

    `before` equals `after` when only its certainty changed: `provisional` (暂定) tells how it stands now.
    """

    kind: str  # task | timer
    key: int
    case_key: int
    number: str
    element_id: str
    name: str
    name_en: str
    before: datetime
    after: datetime
    provisional: bool
    deadline: Deadline

    @property
    def facts(self) -> dict[str, Any]:
        """The move as the record keeps it."""
        about = {self.kind: str(self.key), "element": self.element_id, "name": self.name, "name_en": self.name_en}
        times = {"was": audit.chain.stamp(self.before), "due": audit.chain.stamp(self.after)}
        return about | times | {"provisional": self.provisional}


@dataclass(frozen=True, slots=True)
class Imported:
    """What importing a list did: the calendar's new version (None: it said nothing new) and the deadlines it moved."""

    version: int | None
    preview: calendar.Preview
    moved: tuple[Moved, ...]


def foresee_import(db: Connection, data: bytes | str, source: str) -> Imported:
    """Tell what importing a list would change, deadlines included; stores nothing. Raises `ListRefused`."""
    plan = calendar.preview(db, data, source)
    return Imported(None, plan, foresee(db, plan.calendar))


def import_holidays(db: Connection, data: bytes | str, source: str, actor: Actor) -> Imported:
    """Import a list of holidays (CSV, `engine.calendar.importing`) and recompute what rests on it. Raises `ListRefused`."""
    plan = calendar.preview(db, data, source)
    if not plan.is_new:
        return Imported(None, plan, recompute(db, actor))
    version = calendar.store_list(db, plan.days)
    changes = [{"day": item.after.on.isoformat(), "was": item.before.kind, "kind": item.after.kind} for item in plan.changes]
    facts = {"version": version, "source": source, "years": list(plan.complete), "days": len(plan.days), "changed": changes}
    audit.record(db, "settings", CALENDAR, actor, audit.Entry("holidays.imported", facts))
    return Imported(version, plan, recompute(db, actor))


def change_office_hours(db: Connection, unit_key: int, week: Hours, actor: Actor, since: datetime | None = None) -> tuple[Moved, ...]:
    """Give a unit office hours from `since` (now) on and recompute what rests on them. Raises `BadHours`.

    `week`: weekday (1 Monday … 7 Sunday) → [(opens, closes), …]; empty: those of the unit above.
    """
    since = since or clock.now()
    calendar.set_hours(db, unit_key, week, since)
    hours = {str(day): [f"{opens}–{closes}" for opens, closes in spans] for day, spans in week.items()}
    audit.record(db, "unit", unit_key, actor, audit.Entry("office_hours.changed", {"hours": hours, "since": audit.chain.stamp(since)}))
    return recompute(db, actor)


def foresee(db: Connection, under: calendar.Calendar | None = None) -> tuple[Moved, ...]:
    """Tell which open deadlines would change under a calendar (the present one), by case; changes nothing."""
    found = under or calendar.calendar_at(db)
    org = org_at(db)
    moved = [*_looked_at(db, _tasks(), "task"), *_looked_at(db, _timers(), "timer")]
    changes = (_change(kind, row, found.working(org.upward(row.unit_key))) for kind, row in moved)
    return tuple(sorted((change for change in changes if change), key=lambda change: (change.case_key, change.kind, change.key)))


def recompute(db: Connection, actor: Actor) -> tuple[Moved, ...]:
    """Give every open deadline that the calendar changes its new time, and tell which; one event per case."""
    done: list[Moved] = []
    for case_key, _ in groupby(foresee(db), key=lambda change: change.case_key):
        live = lock_case(db, case_key)
        changes = [change for change in _of_case(live) if change]
        timers = [timer for change in changes for timer in _apply(live, change)]
        if changes:
            facts = {"moved": [change.facts for change in changes], "timers": [timer.facts for timer in timers]}
            live.save(actor, audit.Entry("deadlines.recomputed", facts))
        done += changes
    return tuple(done)


def _tasks() -> Select[Any]:
    column, case = tables.task.c, tables.case.c
    query = select(tables.task, column.due_facts.label("stored"), case.number).join(tables.case, case.key == column.case_key)
    return query.where(column.status == "open", column.due_facts.contains(TESTED, autoescape=True)).order_by(column.case_key, column.key)


def _timers() -> Select[Any]:
    column, case = tables.timer.c, tables.case.c
    query = select(tables.timer, column.explanation.label("stored"), case.number, case.unit_key).join(
        tables.case, case.key == column.case_key
    )
    tested = column.explanation.contains(TESTED, autoescape=True)
    return query.where(column.status == "waiting", tested).order_by(column.case_key, column.key)


def _looked_at(db: Connection, query: Select[Any], kind: str) -> Iterator[tuple[str, Any]]:
    return ((kind, row) for row in db.execute(query).all())


def _of_case(live: LiveCase) -> list[Moved | None]:
    """Look again under the case's lock: somebody may have been faster."""
    tasks = _tasks().where(tables.task.c.case_key == live.row.key)
    timers = _timers().where(tables.timer.c.case_key == live.row.key)
    rows = [*_looked_at(live.db, tasks, "task"), *_looked_at(live.db, timers, "timer")]
    return [_change(kind, row, live.working()) for kind, row in rows]


def _change(kind: str, row: Any, working: calendar.WorkingTime) -> Moved | None:
    facts = loads(row.stored)
    if facts.get("extended"):
        return None
    deadline = count(facts, lambda: working)
    unknown = deadline.facts["unknown"]
    if deadline.due == row.due_at and bool(unknown) == bool(facts.get("unknown")):
        return None
    name, name_en = (row.name, row.name_en) if kind == "task" else (row.element_id, row.element_id)
    about = (kind, row.key, row.case_key, row.number, row.element_id, name, name_en)
    return Moved(*about, row.due_at, deadline.due, bool(unknown), deadline)


def _apply(live: LiveCase, change: Moved) -> list[MovedTimer]:
    if change.kind == "task":
        task = live.db.execute(select(tables.task).where(tables.task.c.key == change.key)).one()
        return move_task(live, task, change.after, change.deadline.facts)
    timer = update(tables.timer).where(tables.timer.c.key == change.key)
    explanation = dumps(change.deadline.facts)
    live.db.execute(timer.values(due_at=change.after, try_at=change.after, explanation=explanation))
    return []
