"""Taking hold of a case: every verb locks its row first, and everything it needs comes with the same statement."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, Select, func, select

from engine.errors import NotFound
from engine.org import Org, latest_org, org_at, revision_query
from engine.runtime.candidates import excluded, offered
from engine.runtime.live import LiveCase
from engine.runtime.mending import troubled
from engine.store import tables

_PARTS = {"task": tables.task, "case": tables.case, "instance": tables.instance}


def _columns(*names: str) -> list[Any]:
    return [column.label(f"{name}__{column.name}") for name in names for column in _PARTS[name].columns]


def _part(row: Any, name: str) -> SimpleNamespace:
    prefix = f"{name}__"
    return SimpleNamespace(**{key[len(prefix) :]: value for key, value in row._mapping.items() if key.startswith(prefix)})


def _query(task_key: int, person_key: int, org: Org) -> Select[Any]:
    holds = org.holds(person_key)
    own = offered(hold for hold in holds if hold.substitute_for is None).label("own")
    lent = offered(hold for hold in holds if hold.substitute_for is not None).label("lent")
    about = own, lent, excluded(person_key).label("kept_out"), troubled(), func.coalesce(revision_query(), 0).label("revision")
    query = select(*_columns("task", "case", "instance"), *about)
    joined = query.join_from(tables.case, tables.task, tables.case.c.key == tables.task.c.case_key)
    joined = joined.join(tables.instance, tables.instance.c.key == tables.task.c.instance_key)
    return joined.where(tables.task.c.key == task_key)


class TaskAtHand:
    """A task with its case, and how one person stands to it."""

    def __init__(self, row: Any, person_key: int, org: Org) -> None:
        self.task, self.case, self.instance = _part(row, "task"), _part(row, "case"), _part(row, "instance")
        self.case.troubled = row.troubled
        self.org, self.person_key = org, person_key
        self.offered = bool(row.own or row.lent) and not row.kept_out
        self.absent = [hold.substitute_for for hold in org.holds(person_key) if hold.substitute_for is not None]
        claimed_by_absent = self.task.assignee_key in self.absent
        self.lent = bool(row.lent and not row.own) or claimed_by_absent

    @property
    def may_work(self) -> bool:
        """The person may act on it now: it is offered to them, and nobody else has claimed it; or the procedure named them."""
        if self.task.status != "open":
            return False
        if self.task.assignee_key not in (None, self.person_key, *self.absent):
            return False
        return self.offered or self.named

    @property
    def named(self) -> bool:
        """The procedure itself gave the task to its assignee, who never had to claim it."""
        return self.task.assignee_key is not None and self.task.claimed_at is None

    @property
    def may_see(self) -> bool:
        """The person may look at it: offered or assigned to them, done by them, or a case they may read."""
        own = self.person_key in (self.task.assignee_key, self.task.completed_by, self.case.registered_by)
        at_work = own or self.offered or self.task.assignee_key in self.absent
        return at_work or self.org.may(self.person_key, "read_case", self.case.unit_key)

    def standing_in_for(self) -> str | None:
        """Return the actor id of the absent person the task is offered to, if it is not the person's own."""
        if not self.lent:
            return None
        if self.task.assignee_key in self.absent:
            return f"person:{self.task.assignee_key}"
        return f"person:{min(self.absent)}" if self.absent else None


def find_task(db: Connection, task_key: int, person_key: int, *, lock: bool) -> TaskAtHand:
    """Return the task; locked with its case and instance when `lock`. Raises `NotFound`, also when the person may not see it.

    It is asked for under the organisation last seen here; if that has changed meanwhile, once more.
    """
    org = latest_org(db)
    row = _row(db, _query(task_key, person_key, org), lock)
    if row.revision != org.revision:
        org = org_at(db, row.revision)
        row = _row(db, _query(task_key, person_key, org), lock)
    found = TaskAtHand(row, person_key, org)
    if not found.may_see:
        raise NotFound
    return found


def _row(db: Connection, query: Select[Any], lock: bool) -> Any:
    if lock:
        # All three, so that PostgreSQL reads each of them anew after a wait; the case first, as in every other verb, or two
        # verbs would hold what the other waits for.
        query = query.with_for_update(of=[tables.case, tables.task, tables.instance])
    row = db.execute(query).first()
    if row is None:
        raise NotFound
    return row


def lock_case(db: Connection, case_key: int) -> LiveCase:
    """Lock a case and return it with its active instances. Raises `NotFound`."""
    return _found(db, case_key, select(tables.case, troubled()).with_for_update())


def look_at_case(db: Connection, case_key: int) -> LiveCase:
    """Return a case with its active instances for somebody who only looks; nothing is locked. Raises `NotFound`."""
    return _found(db, case_key, select(tables.case))


def _found(db: Connection, case_key: int, query: Select[Any]) -> LiveCase:
    row = db.execute(query.where(tables.case.c.key == case_key)).first()
    if row is None:
        raise NotFound
    active = select(tables.instance).where(tables.instance.c.case_key == case_key, tables.instance.c.status == "active")
    return LiveCase(db, row, list(db.execute(active.order_by(tables.instance.c.ordinal))))
