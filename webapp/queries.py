"""The few questions the web layer itself asks of the database; everything about cases is asked in the engine."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, func, select, text

from engine.store.counters import raise_counter
from engine.store.tables import counter, event, membership, person, release

DEMO = "demo"


def is_demo(db: Connection) -> bool:
    """Tell whether this database was made by the demo."""
    return db.execute(select(counter.c.value).where(counter.c.name == DEMO)).first() is not None


def mark_demo(db: Connection) -> None:
    """Remember for good that this database was made by the demo."""
    raise_counter(db, DEMO)


def any_people(db: Connection) -> bool:
    """Tell whether anybody has an account."""
    return db.execute(select(person.c.key).limit(1)).first() is not None


def without_password(db: Connection, logins: Iterable[str]) -> list[tuple[int, str]]:
    """Return (key, login) of those who have no password yet."""
    query = select(person.c.key, person.c.login).where(person.c.login.in_(list(logins)), person.c.password_hash.is_(None))
    return [(row.key, row.login) for row in db.execute(query)]


def memberships(db: Connection, person_key: int, role: str, unit_key: int) -> list[int]:
    """Return the running memberships of a person in a role at a unit."""
    mine = (membership.c.person_key == person_key) & (membership.c.role == role) & (membership.c.unit_key == unit_key)
    return list(db.execute(select(membership.c.key).where(mine, membership.c.valid_to.is_(None))).scalars())


def active_releases(db: Connection) -> list[int]:
    """Return the keys of the releases that are active."""
    return list(db.execute(select(release.c.key).where(release.c.status == "active").order_by(release.c.procedure)).scalars())


def last_event(db: Connection) -> datetime | None:
    """Return the time of the newest event."""
    return db.execute(select(func.max(event.c.at))).scalar()


def damage(db: Connection) -> list[str]:
    """Return what the database itself finds wrong with its file (SQLite); PostgreSQL checks its pages by itself."""
    if db.dialect.name != "sqlite":
        db.execute(select(counter.c.name).limit(1))
        return []
    found = [row[0] for row in db.execute(text("PRAGMA integrity_check(20)")) if row[0] != "ok"]
    return found + [f"{row[0]} row {row[1]} refers to a missing {row[2]}" for row in db.execute(text("PRAGMA foreign_key_check"))]
