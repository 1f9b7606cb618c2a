"""Cases a person may read: the list, and everything around one of them. All SQL of these pages stands here.

Who may read a case: holders of `read_case` at its unit or above, who registered it, and who works or worked on it.
The condition is part of every query, so that a case nobody may see and one that does not exist look the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, desc, exists, func, literal, null, or_, select, union_all

from engine import clock
from engine.audit.sentences import Event
from engine.errors import NotFound
from engine.org import Org
from engine.runtime.queries import COUNTED, matches
from engine.store.columns import Instant
from engine.store.documents import loads
from engine.store.paging import PAGE, Page, beyond, cursor
from engine.store.tables import case, event, incident, instance, notice, task

TOLD = 100  # events on one page of a timeline


class Status(StrEnum):
    """The filters of the list; none of them means all."""

    OPEN = "open"
    OVERDUE = "overdue"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: own key, the people they stand in for, and the units whose cases they may read."""

    key: int
    absent: tuple[int, ...]
    units: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of the list. `due_at` is the earliest due time of its open tasks, `steps` their names by language."""

    number: str
    subject: str
    level: str | None
    category: str | None
    status: str
    urgent: bool
    test: bool
    unit_key: int
    release_key: int
    registered_at: datetime
    closed_at: datetime | None
    due_at: datetime | None = None
    steps: tuple[tuple[str, str], ...] = ()

    @property
    def overdue(self) -> bool:
        """True if one of its open tasks is late."""
        return self.due_at is not None and self.due_at < clock.now()


@dataclass(frozen=True, slots=True)
class CaseTask:
    """A task of the case, open or not."""

    key: int
    instance_key: int
    process_id: str
    element_id: str
    name: str
    name_en: str
    status: str
    assignee_key: int | None
    on_behalf: str | None
    created_at: datetime
    claimed_at: datetime | None
    due_at: datetime | None
    due_facts: dict[str, Any] | None
    closed_at: datetime | None
    completed_by: int | None

    def label(self, locale: str) -> str:
        """Return the name in the reader's language."""
        return self.name_en if locale.startswith("en") and self.name_en else self.name

    @property
    def overdue(self) -> bool:
        """True if it is open and late."""
        return self.status == "open" and self.due_at is not None and self.due_at < clock.now()


@dataclass(frozen=True, slots=True)
class Remark:
    """Something the procedure told people about the case: a notice to a role, or an incident."""

    kind: str  # notice | incident
    zh: str
    en: str
    at: datetime
    role: str | None
    unit_key: int | None
    status: str | None

    def text(self, locale: str) -> str:
        """Return the sentence in the reader's language."""
        return self.en if locale.startswith("en") and self.en else self.zh


@dataclass(frozen=True, slots=True)
class Case:
    """A case as its page shows it. `variables` hold personal values as references."""

    key: int
    number: str
    procedure: str
    release_key: int
    unit_key: int
    subject: str
    status: str
    level: str | None
    category: str | None
    urgent: bool
    test: bool
    outcome: str | None
    registered_by: int | None
    registered_at: datetime
    closed_at: datetime | None
    variables: dict[str, Any] = field(repr=False, hash=False)


def reader(org: Org, person_key: int) -> Reader:
    """Return what this person may read, from the organisation as it stands now."""
    absent = dict.fromkeys(hold.substitute_for for hold in org.holds(person_key) if hold.substitute_for is not None)
    return Reader(person_key, tuple(absent), tuple(org.below(org.units_with(person_key, "read_case"))))


def listed(db: Connection, who: Reader, text: str = "", status: Status | None = None, after: str = "") -> Page[CaseRow]:
    """Return 20 cases, the newest first; `after` is the cursor of the page before. Two statements."""
    shown = [case.c.number, case.c.subject, case.c.level, case.c.category, case.c.status, case.c.urgent, case.c.test]
    shown += [case.c.unit_key, case.c.release_key, case.c.registered_at, case.c.closed_at]
    query = select(case.c.key, *shown).where(_chosen(who, text, status))
    order = [case.c.registered_at, case.c.key]
    place = beyond(order, after, down=True) if after else None
    if place is not None:
        query = query.where(place)
    rows = db.execute(query.order_by(*(column.desc() for column in order)).limit(PAGE + 1)).all()
    waiting = _waiting(db, [row.key for row in rows[:PAGE] if row.status != "closed"])
    found = tuple(CaseRow(*row[1:], **waiting.get(row.key, {})) for row in rows[:PAGE])
    return Page(found, cursor(rows[PAGE - 1].registered_at, rows[PAGE - 1].key) if len(rows) > PAGE else None)


def count(db: Connection, who: Reader, text: str = "", status: Status | None = None) -> int:
    """Return how many cases match, counted up to 1000."""
    few = select(case.c.key).where(_chosen(who, text, status)).limit(COUNTED).subquery()
    return db.execute(select(func.count()).select_from(few)).scalar_one()


def one(db: Connection, who: Reader, number: str) -> Case:
    """Return the case of this number. Raises `NotFound`, also for a case this person may not read."""
    columns = [case.c[name] for name in Case.__dataclass_fields__]
    row = db.execute(select(*columns).where(case.c.number == number, readable(who))).first()
    if row is None:
        raise NotFound
    return Case(**{**row._mapping, "variables": loads(row.variables)})


def may_read(db: Connection, who: Reader, case_key: int) -> bool:
    """Tell whether this person may read the case."""
    return db.execute(select(case.c.key).where(case.c.key == case_key, readable(who))).first() is not None


def release_of(db: Connection, case_key: int, instance_key: int) -> int:
    """Return the release an instance of this case runs on. Raises `NotFound`."""
    query = select(instance.c.release_key).where(instance.c.key == instance_key, instance.c.case_key == case_key)
    found: int | None = db.execute(query).scalar()
    if found is None:
        raise NotFound
    return found


def tasks(db: Connection, case_key: int) -> tuple[CaseTask, ...]:
    """Return the tasks of a case in the order they appeared."""
    columns = [task.c[name] for name in CaseTask.__dataclass_fields__]
    rows = db.execute(select(*columns).where(task.c.case_key == case_key).order_by(task.c.created_at, task.c.key))
    return tuple(CaseTask(**{**row._mapping, "due_facts": loads(row.due_facts)}) for row in rows)


def events(db: Connection, case_key: int, before: int | None = None) -> tuple[Event, ...]:
    """Return up to 100 events of a case, the newest first; `before` is the sequence to go on from."""
    query = select(event.c.seq, event.c.at, event.c.actor, event.c.verb, event.c.facts, event.c.substitute)
    query = query.where(event.c.kind == "case", event.c.key == case_key)
    if before is not None:
        query = query.where(event.c.seq < before)
    rows = db.execute(query.order_by(desc(event.c.seq)).limit(TOLD))
    return tuple(Event(row.seq, row.at, row.actor, row.verb, loads(row.facts), row.substitute) for row in rows)


def remarks(db: Connection, case_key: int) -> tuple[Remark, ...]:
    """Return the notices and incidents of a case, the newest first, in one statement."""
    told = select(literal("notice").label("kind"), notice.c.zh, notice.c.en, notice.c.created_at.label("at"))
    told = told.add_columns(notice.c.role, notice.c.unit_key, null().label("status")).where(notice.c.case_key == case_key)
    stopped = select(literal("incident"), incident.c.zh, incident.c.en, incident.c.created_at, null(), null(), incident.c.status)
    rows = db.execute(union_all(told, stopped.where(incident.c.case_key == case_key)).order_by(desc("at")).limit(TOLD))
    return tuple(Remark(*row) for row in rows)


def readable(who: Reader) -> ColumnElement[bool]:
    """Return the condition that this person may read the case."""
    people = [who.key, *who.absent]
    worked = and_(task.c.case_key == case.c.key, or_(task.c.assignee_key.in_(people), task.c.completed_by == who.key))
    return or_(case.c.unit_key.in_(who.units), case.c.registered_by == who.key, exists().where(worked))


def _chosen(who: Reader, text: str, status: Status | None) -> ColumnElement[bool]:
    conditions = [readable(who)]
    if text.strip():
        conditions.append(matches(text))
    if status is Status.OVERDUE:
        late = and_(task.c.case_key == case.c.key, task.c.status == "open", task.c.due_at < literal(clock.now(), Instant))
        conditions.append(exists().where(late))
    elif status is not None:
        conditions.append(case.c.status == "closed" if status is Status.CLOSED else case.c.status != "closed")
    return and_(*conditions)


def _waiting(db: Connection, keys: list[int]) -> dict[int, dict[str, Any]]:
    """Return earliest due time and steps of the open tasks by case."""
    found: dict[int, dict[str, Any]] = {}
    query = select(task.c.case_key, task.c.name, task.c.name_en, task.c.due_at).where(task.c.case_key.in_(keys), task.c.status == "open")
    for row in db.execute(query.order_by(task.c.created_at, task.c.key)) if keys else ():
        seen = found.setdefault(row.case_key, {"due_at": None, "steps": ()})
        seen["steps"] = tuple(dict.fromkeys((*seen["steps"], (row.name, row.name_en))))
        seen["due_at"] = min((due for due in (seen["due_at"], row.due_at) if due is not None), default=None)
    return found
