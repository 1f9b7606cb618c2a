"""The organisation as it stands at one revision, read once and kept: asking it costs no statement."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, ScalarSelect, select

from engine import clock
from engine.store.tables import counter, grant, membership, person, substitution, unit

LEVELS = ("group", "region", "company", "project", "department")
PRIVILEGES = frozenset(
    {
        "work",
        "register",
        "read_case",
        "act_for_customer",
        "act_for_others",
        "deploy",
        "test",
        "approve",
        "administer",
        "read_personal",
        "audit",
    }
)
# Roles of the installation itself. A release can grant its own roles only what is harmless (checks: roles.csv).
BUILT_IN = {
    "administrator": frozenset({"administer", "audit", "act_for_others", "read_case"}),
    "compliance": frozenset({"approve", "audit", "read_case", "test"}),
    "process_owner": frozenset({"deploy", "test", "read_case"}),
}
REVISION = "org revision"
Standing = tuple[int, int]  # revision of the organisation, and how many beginnings and ends have passed in it


@dataclass(frozen=True, slots=True)
class Unit:
    """One node of the tree group → region → company → project → department."""

    key: int
    slug: str
    parent_key: int | None
    name: str
    name_en: str
    level: str

    def label(self, locale: str) -> str:
        """Return the name in the reader's language."""
        return self.name_en if locale.startswith("en") and self.name_en else self.name


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a login."""

    key: int
    login: str
    name: str
    name_en: str
    closed_at: datetime | None = None

    def label(self, locale: str) -> str:
        """Return the name in the reader's language."""
        return self.name_en if locale.startswith("en") and self.name_en else self.name


@dataclass(frozen=True, slots=True)
class Hold:
    """A role held at a unit at this moment, by oneself or for an absent person."""

    role: str
    unit_key: int
    substitute_for: int | None = None


class Org:
    """Answers questions about one revision of the organisation, at the present moment."""

    def __init__(self, db: Connection, revision: int) -> None:
        self.revision = revision
        self._memberships: dict[int, list[Any]] = {}
        self._holders: dict[tuple[str, int], list[Any]] = {}
        for row in db.execute(select(membership).order_by(membership.c.key)):
            self._memberships.setdefault(row.person_key, []).append(row)
            self._holders.setdefault((row.role, row.unit_key), []).append(row)
        self._substitutions = db.execute(select(substitution)).all()
        self._grants: dict[str, set[str]] = {role: set(rights) for role, rights in BUILT_IN.items()}
        for row in db.execute(select(grant)):
            self._grants.setdefault(row.role, set()).add(row.privilege)
        # Last, so that whoever and whatever the rows above name is known, even if somebody was added in between.
        self.units = {row.key: _unit(row) for row in db.execute(select(unit))}
        self.people = {row.key: _person(row) for row in db.execute(select(person))}

    def standing(self) -> Standing:
        """Tell how people stand now: another answer than before means that roles have begun or ended, by a change or by the clock."""
        at = clock.now()
        rows = [*(row for rows in self._memberships.values() for row in rows), *self._substitutions]
        return self.revision, sum((row.valid_from <= at) + (row.valid_to is not None and row.valid_to <= at) for row in rows)

    def upward(self, unit_key: int) -> list[int]:
        """Return the unit and those above it, nearest first."""
        path: list[int] = []
        step: int | None = unit_key
        while step is not None and step in self.units and step not in path:
            path.append(step)
            step = self.units[step].parent_key
        return path

    def nearest(self, role: str, unit_key: int, but_not: Container[int] = ()) -> int | None:
        """Return the nearest unit upward from `unit_key` where somebody else than `but_not` holds `role` now, or None."""
        for step in self.upward(unit_key):
            if any(person.closed_at is None and person.key not in but_not for person in self.members(role, step)):
                return step
        return None

    def holds(self, person_key: int) -> list[Hold]:
        """Return every role the person holds now, own ones first, then those of people they stand in for."""
        at = clock.now()
        found = [Hold(row.role, row.unit_key) for row in self._memberships.get(person_key, ()) if _valid(row, at)]
        for absence in self._substitutions:
            if absence.substitute_key == person_key and absence.valid_from <= at < absence.valid_to:
                rows = self._memberships.get(absence.absent_key, ())
                found += [Hold(row.role, row.unit_key, absence.absent_key) for row in rows if _valid(row, at)]
        return found

    def rights(self, person_key: int) -> frozenset[str]:
        """Return all rights the person has anywhere (own roles only: a substitute works, but does not inherit offices)."""
        return frozenset(right for hold in self.holds(person_key) for right in self._of(hold))

    def units_with(self, person_key: int, privilege: str) -> list[int]:
        """Return the units at which the person has the right; it reaches everything below them."""
        found = [hold.unit_key for hold in self.holds(person_key) if privilege in self._of(hold)]
        return list(dict.fromkeys(found))

    def may(self, person_key: int, privilege: str, unit_key: int) -> bool:
        """Tell whether the person has the right at this unit, held here or above."""
        return not set(self.units_with(person_key, privilege)).isdisjoint(self.upward(unit_key))

    def below(self, unit_keys: list[int]) -> list[int]:
        """Return these units and all below them."""
        return [key for key in self.units if not set(unit_keys).isdisjoint(self.upward(key))]

    def members(self, role: str, unit_key: int) -> list[Person]:
        """Return who holds `role` at exactly this unit now."""
        at = clock.now()
        return [self.people[row.person_key] for row in self._holders.get((role, unit_key), ()) if _valid(row, at)]

    def _of(self, hold: Hold) -> set[str]:
        rights = self._grants.get(hold.role, set())
        return rights & {"work", "read_case", "read_personal"} if hold.substitute_for is not None else rights


def _valid(row: Any, at: datetime) -> bool:
    return bool(row.valid_from <= at and (row.valid_to is None or at < row.valid_to))


def _unit(row: Any) -> Unit:
    return Unit(row.key, row.slug, row.parent_key, row.name, row.name_en, row.level)


def _person(row: Any) -> Person:
    return Person(row.key, row.login, row.name, row.name_en, row.closed_at)


def revision_query() -> ScalarSelect[int]:
    """Return the scalar query of the organisation's revision, to be put into another statement."""
    return select(counter.c.value).where(counter.c.name == REVISION).scalar_subquery()


_kept: OrderedDict[tuple[str, int], Org] = OrderedDict()
_lock = threading.Lock()


def org_at(db: Connection, revision: int | None = None) -> Org:
    """Return the organisation at `revision` (as read with `revision_query`), or at the present one."""
    if revision is None:
        revision = db.execute(select(counter.c.value).where(counter.c.name == REVISION)).scalar() or 0
    key = (str(db.engine.url), revision)
    with _lock:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
    if found is None:
        found = Org(db, revision)
        with _lock:
            _kept[key] = found
            while len(_kept) > 8:
                _kept.popitem(last=False)
    return found


def latest_org(db: Connection) -> Org:
    """Return the organisation as this process last saw it, mostly without a statement; the caller makes sure of its revision."""
    url = str(db.engine.url)
    with _lock:
        for kept_url, revision in reversed(_kept):
            if kept_url == url:
                return _kept[kept_url, revision]
    return org_at(db)
