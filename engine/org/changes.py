"""Changing the organisation: each change is an event and a new revision."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from engine import audit, clock
from engine.errors import Invalid
from engine.model import Actor
from engine.org.snapshot import LEVELS, REVISION
from engine.store.counters import new_revision
from engine.store.keys import next_key
from engine.store.tables import grant, membership, person, substitution, unit


class LoginNotAscii(Invalid):
    """Login names travel in headers and URLs."""

    zh = "登录名“{login}”只能使用英文字母、数字和 . _ - @ + ~。"
    en = "The login {login!r} may only contain ASCII letters, digits and . _ - @ + ~."


class LoginTaken(Invalid):
    """Two people cannot share a login."""

    zh = "登录名“{login}”已被使用。"
    en = "The login {login!r} is already taken."


class UnknownLevel(Invalid):
    """The level of a unit is one of five."""

    zh = "组织层级“{level}”不存在；可用：group、region、company、project、department。"
    en = "There is no unit level {level!r}; use group, region, company, project or department."


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit to be added below `parent_key` (None: a root)."""

    slug: str
    name: str
    name_en: str
    level: str
    parent_key: int | None = None


def _changed(db: Connection, kind: str, key: int, actor: Actor, entry: audit.Entry) -> None:
    audit.record(db, kind, key, actor, entry)
    new_revision(db, REVISION)


def add_unit(db: Connection, new: NewUnit, actor: Actor) -> int:
    """Add a unit and return its key. Raises `UnknownLevel`."""
    if new.level not in LEVELS:
        raise UnknownLevel(level=new.level)
    key = next_key(db)
    values = {"slug": new.slug, "name": new.name, "name_en": new.name_en, "level": new.level, "parent_key": new.parent_key}
    db.execute(insert(unit).values(key=key, valid_from=clock.now(), **values))
    _changed(db, "unit", key, actor, audit.Entry("unit.added", values))
    return key


def add_person(db: Connection, login: str, name: str, name_en: str, actor: Actor) -> int:
    """Add a person without a password and return the key. Raises `LoginNotAscii`, `LoginTaken`."""
    if not login or not all(char.isascii() and (char.isalnum() or char in "._-@+~") for char in login):
        raise LoginNotAscii(login=login)
    if db.execute(select(person.c.key).where(person.c.login == login)).first():
        raise LoginTaken(login=login)
    key = next_key(db)
    db.execute(insert(person).values(key=key, login=login, name=name, name_en=name_en, created_at=clock.now()))
    _changed(db, "person", key, actor, audit.Entry("person.added", {"login": login}))
    return key


def set_password_hash(db: Connection, person_key: int, password_hash: str, actor: Actor) -> None:
    """Store the hash the web layer made. The event says that it was set, never to what."""
    db.execute(update(person).where(person.c.key == person_key).values(password_hash=password_hash))
    audit.record(db, "person", person_key, actor, audit.Entry("person.password_set"))


def add_membership(db: Connection, person_key: int, role: str, unit_key: int, actor: Actor) -> int:
    """Give the person a role at a unit from now on; returns the membership's key."""
    key = next_key(db)
    values: dict[str, Any] = {"person_key": person_key, "unit_key": unit_key, "role": role}
    db.execute(insert(membership).values(key=key, valid_from=clock.now(), **values))
    _changed(db, "person", person_key, actor, audit.Entry("membership.added", {"role": role, "unit": unit_key}))
    return key


def end_membership(db: Connection, membership_key: int, actor: Actor) -> None:
    """End a membership now; its row stays as evidence."""
    statement = update(membership).where(membership.c.key == membership_key, membership.c.valid_to.is_(None))
    row = db.execute(statement.values(valid_to=clock.now()).returning(membership.c.person_key, membership.c.role)).one()
    _changed(db, "person", row.person_key, actor, audit.Entry("membership.ended", {"role": row.role}))


def add_substitution(db: Connection, absent_key: int, substitute_key: int, until: datetime, actor: Actor) -> int:
    """Let `substitute_key` do the tasks of `absent_key` from now until `until`; returns the substitution's key."""
    key = next_key(db)
    values: dict[str, Any] = {"absent_key": absent_key, "substitute_key": substitute_key}
    db.execute(insert(substitution).values(key=key, reason="", valid_from=clock.now(), valid_to=until, **values))
    _changed(db, "person", absent_key, actor, audit.Entry("substitution.added", {"substitute": substitute_key}))
    return key


def replace_grants(db: Connection, source: str, grants: dict[str, Iterable[str]]) -> None:
    """Make `grants` (role → rights) what `source` grants. The activation of a release is the event behind it."""
    db.execute(delete(grant).where(grant.c.source == source))
    rows = [{"role": role, "privilege": right, "source": source} for role, rights in grants.items() for right in rights]
    if rows:
        db.execute(insert(grant), rows)
    new_revision(db, REVISION)
