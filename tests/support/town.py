"""A small organisation in a fresh database, and people in it who work: what stories are told with."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from engine import cases, clock, jobs, org, releases, runtime
from engine.model import Actor, system
from engine.store import Store, loads, migrations, open_store, tables

ROOT = Path(__file__).parents[2]
SEED = system("seed")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=clock.ZONE)


@dataclass(frozen=True)
class Someone:
    """A person with a login who acts in the town."""

    town: Town
    key: int
    login: str
    name: str

    @property
    def actor(self) -> Actor:
        return Actor(id=f"person:{self.key}", name=self.name, person_key=self.key)

    def registers(self, **values: Any) -> Complaint:
        """Register a complaint where this person stands."""
        with self.town.store.writing() as db:
            place = cases.registrable(db, self.key)[0]
            new = cases.Registration(place.procedure, place.units[0].key, values)
            done = cases.register(db, new, self.actor)
        return Complaint(self.town, done.case_key, done.number)

    def claims(self, complaint: Complaint, element: str) -> int:
        """Claim the open task of this element."""
        key = complaint.task(element)
        with self.town.store.writing() as db:
            runtime.claim(db, key, self.actor)
        return key

    def does(self, complaint: Complaint, element: str, **values: Any) -> runtime.Completed:
        """Complete the open task of this element with these values of its form."""
        key = complaint.task(element)
        with self.town.store.writing() as db:
            return runtime.complete(db, key, runtime.Submission(values), self.actor)


class Complaint:
    """A case of the town, seen from outside: its tasks, its row, its events."""

    def __init__(self, town: Town, key: int, number: str) -> None:
        self.town, self.key, self.number = town, key, number

    @property
    def row(self) -> Any:
        with self.town.store.reading() as db:
            return db.execute(select(tables.case).where(tables.case.c.key == self.key)).one()

    @property
    def variables(self) -> dict[str, Any]:
        found: dict[str, Any] = loads(self.row.variables)
        return found

    def rows(self, table: Any, **where: Any) -> list[Any]:
        """Return the case's rows of a table, in the order of their keys."""
        query = select(table).where(table.c.case_key == self.key)
        for name, value in where.items():
            query = query.where(table.c[name] == value)
        with self.town.store.reading() as db:
            return list(db.execute(query.order_by(table.c.key)))

    @property
    def open(self) -> list[str]:
        """The elements of the open tasks, sorted."""
        return sorted(row.element_id for row in self.rows(tables.task, status="open"))

    def task_row(self, element: str) -> Any:
        found = self.rows(tables.task, status="open", element_id=element)
        assert found, f"no open task {element!r}; open are {self.open}"
        return found[0]

    def task(self, element: str) -> int:
        key: int = self.task_row(element).key
        return key

    @property
    def events(self) -> list[Any]:
        column = tables.event.c
        query = select(tables.event).where(column.kind == "case", column.key == self.key).order_by(column.seq)
        with self.town.store.reading() as db:
            return list(db.execute(query))

    def told(self, verb: str) -> list[dict[str, Any]]:
        """Return the facts of all events of this verb."""
        return [loads(row.facts) for row in self.events if row.verb == verb]


class Town:
    """One database with the demo organisation of a procedure, its release active, and a clock that stands still."""

    def __init__(self, url: str, procedure: str = "property-project") -> None:
        self.store: Store = open_store(url)
        self.people: dict[str, Someone] = {}
        migrations.upgrade(self.store)
        with self.store.writing() as db:
            self._organise(db, ROOT / "demo" / procedure)
            releases.seed(db, ROOT, SEED)

    def _organise(self, db: Any, folder: Path) -> None:
        units: dict[str, int] = {}
        for row in _rows(folder / "units.csv"):
            new = org.NewUnit(row["key"], row["name"], row["name_en"], row["level"], units.get(row["parent"]))
            units[row["key"]] = org.add_unit(db, new, SEED)
        for row in _rows(folder / "people.csv"):
            if row["login"] not in self.people:
                key = org.add_person(db, row["login"], row["name"], row["name_en"], SEED)
                self.people[row["login"]] = Someone(self, key, row["login"], row["name"])
            org.add_membership(db, self.people[row["login"]].key, row["role"], units[row["unit"]], SEED)
        self.units = units

    def __getitem__(self, login: str) -> Someone:
        """Return a person by the part of the login after the procedure, e.g. `town["reception"]`."""
        return next(someone for name, someone in self.people.items() if name.partition(".")[2] == login or name == login)

    def add(self, login: str, name: str, role: str, unit: str) -> Someone:
        """Let somebody new join."""
        with self.store.writing() as db:
            key = org.add_person(db, login, name, name, SEED)
            org.add_membership(db, key, role, self.units[unit], SEED)
        self.people[login] = Someone(self, key, login, name)
        return self.people[login]

    def waits(self, **delta: float) -> None:
        """Let time pass, and let the loop do what has come due."""
        clock.pin(clock.now() + timedelta(**delta))
        self.work()

    def work(self) -> int:
        return jobs.run_once(self.store)


@contextmanager
def town(url: str, at: datetime = MONDAY, procedure: str = "property-project") -> Iterator[Town]:
    """A town whose clock stands at `at`."""
    with clock.pinned(at):
        found = Town(url, procedure)
        try:
            yield found
        finally:
            found.store.dispose()


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
