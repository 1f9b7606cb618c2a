"""What a person has to do: the inbox. All SQL of it stands here; two statements a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal, or_, select

from engine import clock, forms
from engine.errors import NotFound
from engine.org import Hold, Org
from engine.runtime.candidates import excluded, offered
from engine.runtime.package import package
from engine.store.columns import Instant
from engine.store.paging import FAR, PAGE, Page, beyond, cursor
from engine.store.tables import case, task

COUNTED = 1000  # counting stops here; the page shows 999+


class Tab(StrEnum):
    """The shelves of an inbox: 待办 (mine), 待签收 (open), 已办 (done)."""

    MINE = "mine"
    OPEN = "open"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Worker:
    """Whose inbox it is: own key, the people they stand in for, and the roles they hold at units, also for those people."""

    key: int
    absent: tuple[int, ...]
    holds: tuple[Hold, ...]


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One task of an inbox with what the list shows of its case."""

    task_key: int
    name: str
    name_en: str
    number: str
    subject: str
    level: str | None
    category: str | None
    urgent: bool
    test: bool
    release_key: int
    assignee_key: int | None
    created_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    overdue: bool

    @property
    def used(self) -> int:
        """How many hundredths of the time between arrival and due time have passed (0 to 100)."""
        if self.due_at is None or self.due_at <= self.created_at:
            return 100
        return max(0, min(100, int(100 * ((clock.now() - self.created_at) / (self.due_at - self.created_at)))))

    def step(self, locale: str) -> str:
        """Return the name of the task in the reader's language."""
        return self.name_en if locale.startswith("en") and self.name_en else self.name


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tasks wait on the two open shelves; 1000 means "more than 999"."""

    mine: int
    open: int


def worker(org: Org, person_key: int) -> Worker:
    """Return what the inbox of this person is made of, from the organisation as it stands now."""
    holds = org.holds(person_key)
    absent = dict.fromkeys(hold.substitute_for for hold in holds if hold.substitute_for is not None)
    return Worker(person_key, tuple(absent), tuple(dict.fromkeys(holds)))


def inbox(db: Connection, who: Worker, tab: Tab, text: str = "", after: str = "") -> Page[InboxRow]:
    """Return 20 tasks of a shelf: the most pressing first (due, then age); done ones newest first.

    `text` is looked for in the number and the subject of the case; `after` is the cursor of the page before.
    """
    query = _columns().where(_shelf(who, tab))
    if text.strip():
        query = query.where(matches(text))
    order: list[ColumnElement[Any]] = [task.c.closed_at, task.c.key] if tab is Tab.DONE else [_pressing(), task.c.created_at, task.c.key]
    place = beyond(order, after, down=tab is Tab.DONE) if after else None
    if place is not None:
        query = query.where(place)
    query = query.order_by(*(column.desc() if tab is Tab.DONE else column for column in order)).limit(PAGE + 1)
    rows = [_row(row) for row in db.execute(query)]
    return Page(tuple(rows[:PAGE]), _cursor(rows[PAGE - 1], tab) if len(rows) > PAGE else None)


def counts(db: Connection, who: Worker) -> Counts:
    """Return how many tasks wait for this person, counted up to 1000, in one statement."""
    mine, unclaimed = (_bounded(_shelf(who, tab)) for tab in (Tab.MINE, Tab.OPEN))
    row = db.execute(select(mine.label("mine"), unclaimed.label("unclaimed"))).one()
    return Counts(row.mine, row.unclaimed)


def next_in_case(db: Connection, who: Worker, case_key: int) -> int | None:
    """Return the key of the most pressing task of the case that this person may do, or None."""
    shelf = or_(_shelf(who, Tab.MINE), _shelf(who, Tab.OPEN))
    query = select(task.c.key).where(task.c.case_key == case_key, shelf)
    return db.execute(query.order_by(_pressing(), task.c.created_at, task.c.key).limit(1)).scalar()


def form_of(db: Connection, task_key: int) -> forms.Form | None:
    """Return the form of a task of any state, without asking who may see it. Raises `NotFound`."""
    row = db.execute(select(task.c.release_key, task.c.process_id, task.c.element_id).where(task.c.key == task_key)).first()
    if row is None:
        raise NotFound
    found = package(db, row.release_key)
    return found.form(found.element(row.process_id, row.element_id))


def matches(text: str) -> ColumnElement[bool]:
    """Return the condition that the case's number or subject contains the text (letters in any case)."""
    return or_(case.c.number.icontains(text.strip(), autoescape=True), case.c.subject.icontains(text.strip(), autoescape=True))


def _shelf(who: Worker, tab: Tab) -> ColumnElement[bool]:
    if tab is Tab.DONE:
        return and_(task.c.status == "completed", task.c.completed_by == who.key)
    if tab is Tab.MINE:
        return and_(task.c.status == "open", task.c.assignee_key.in_([who.key, *who.absent]))
    return and_(task.c.status == "open", task.c.assignee_key.is_(None), offered(who.holds), ~excluded(who.key))


def _pressing() -> ColumnElement[datetime]:
    return func.coalesce(task.c.due_at, literal(FAR, Instant), type_=Instant)


def _columns() -> Select[Any]:
    shown = [task.c.key.label("task_key"), task.c.name, task.c.name_en, task.c.release_key, task.c.assignee_key, task.c.created_at]
    dates = [task.c.due_at, task.c.closed_at]
    about = [case.c.number, case.c.subject, case.c.level, case.c.category, case.c.urgent, case.c.test]
    return select(*shown, *dates, *about).join(case, case.c.key == task.c.case_key)


def _bounded(shelf: ColumnElement[bool]) -> Any:
    few = select(task.c.key).where(shelf).limit(COUNTED).subquery()
    return select(func.count()).select_from(few).scalar_subquery()


def _row(row: Any) -> InboxRow:
    late_at = row.closed_at or clock.now()
    return InboxRow(**row._mapping, overdue=row.due_at is not None and row.due_at < late_at)


def _cursor(row: InboxRow, tab: Tab) -> str:
    if tab is Tab.DONE:
        return cursor(row.closed_at or FAR, row.task_key)
    return cursor(row.due_at or FAR, row.created_at, row.task_key)
