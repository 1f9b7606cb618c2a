"""The demo organisations: fictitious units and people from `demo/<procedure>/`, all with one well-known password.

Loading is idempotent: what is there stays, what is new in the files is added. A database of real people never becomes a
demo, and a demo is only served on loopback.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from engine import org, releases, runtime
from engine.errors import Conflict, Invalid
from engine.model import system
from engine.store import Store, migrations
from webapp import queries
from webapp.auth import passwords

PASSWORD = "jiesu-demo"
ACTOR = system("demo")
OFFICES = (("admin", "系统管理员", "Administrator", "administrator"), ("compliance", "合规专员", "Compliance officer", "compliance"))
COLUMNS = {"units.csv": {"key", "parent", "name", "name_en", "level"}, "people.csv": {"login", "name", "name_en", "unit", "role"}}


class NotADemo(Conflict):
    """The demo would put accounts with a known password among real people."""

    zh = "这个数据库里已有真实人员，不能作为演示运行。请去掉 --demo，或用 JIESU_HOME 指定一个空文件夹。"
    en = "This database holds real people and cannot be run as a demo. Leave out --demo, or name an empty folder with JIESU_HOME."


class OnlyADemo(Conflict):
    """The demo's accounts have a password that everybody knows."""

    zh = "这个数据库是演示数据，账号密码是公开的，只能用 jiesu serve --demo 在本机运行。"
    en = "This database is a demo: everybody knows its passwords. It can only be served on this machine with jiesu serve --demo."


class BadDemoFile(Invalid):
    """A file of the demo organisation cannot be read."""

    zh = "{file} 第 {line} 行有误：{problem}"
    en = "{file}, line {line}: {problem}"


@dataclass(frozen=True, slots=True)
class Account:
    """One demo account as it is listed: login, name, the roles it holds and where."""

    login: str
    name: str
    roles: str


def prepare(store: Store, root: Path) -> None:
    """Bring database, procedures and people of the demo up to date. `root` holds `processes`, `forms` and `demo`.

    Raises `NotADemo`, `BadDemoFile`, `migrations.DatabaseNewer`, `runtime.PackageRefused`.
    """
    migrations.upgrade(store)
    with store.writing() as db:
        if not queries.is_demo(db):
            if queries.any_people(db):
                raise NotADemo
            queries.mark_demo(db)
        releases.seed(db, root, system("seed"))
        for folder in sorted(path for path in (root / "demo").glob("*") if path.is_dir()):
            _add_units(db, folder / "units.csv")
            _add_people(db, folder / "people.csv")
        _add_offices(db)
        _set_passwords(db)


def accounts(db: Connection, locale: str) -> list[Account]:
    """Return the demo accounts in the order in which they were made."""
    now = org.org_at(db)
    labels = {role: zh if locale == "zh" else en for _, zh, en, role in OFFICES}
    for key in queries.active_releases(db):
        labels |= {role.key: role.label(locale) for role in runtime.package(db, key).roles.values()}
    found = []
    for person in sorted(now.people.values(), key=lambda person: person.key):
        holds = now.holds(person.key)
        places = [f"{labels.get(hold.role, hold.role)} · {now.units[hold.unit_key].label(locale)}" for hold in holds]
        found.append(Account(person.login, person.label(locale), ("；" if locale == "zh" else "; ").join(places)))
    return found


def _add_units(db: Connection, file: Path) -> None:
    known = {unit.slug: unit.key for unit in _now(db).units.values()}
    for line, row in _rows(file):
        parent = row["parent"] or None
        if parent is not None and parent not in known:
            raise BadDemoFile(file=file, line=line, problem=f"parent {parent!r}?")
        if row["key"] not in known:
            new = org.NewUnit(row["key"], row["name"], row["name_en"], row["level"], known[parent] if parent else None)
            known[row["key"]] = org.add_unit(db, new, ACTOR)


def _add_people(db: Connection, file: Path) -> None:
    now = _now(db)
    units = {unit.slug: unit.key for unit in now.units.values()}
    people = {person.login: person.key for person in now.people.values()}
    for line, row in _rows(file):
        if row["unit"] not in units:
            raise BadDemoFile(file=file, line=line, problem=f"unit {row['unit']!r}?")
        if row["login"] not in people:
            people[row["login"]] = org.add_person(db, row["login"], row["name"], row["name_en"], ACTOR)
        _give(db, people[row["login"]], row["role"], units[row["unit"]])


def _add_offices(db: Connection) -> None:
    """Give `admin` and `compliance` their roles at the top of every organisation."""
    now = _now(db)
    people = {person.login: person.key for person in now.people.values()}
    for login, name, name_en, role in OFFICES:
        key = people.get(login) or org.add_person(db, login, name, name_en, ACTOR)
        for unit in now.units.values():
            if unit.parent_key is None:
                _give(db, key, role, unit.key)


def _give(db: Connection, person_key: int, role: str, unit_key: int) -> None:
    if not queries.memberships(db, person_key, role, unit_key):
        org.add_membership(db, person_key, role, unit_key, ACTOR)


def _now(db: Connection) -> org.Org:
    """Return the organisation as this transaction sees it; nothing is kept of it, for it may still be rolled back."""
    return org.Org(db, 0)


def _set_passwords(db: Connection) -> None:
    new = queries.without_password(db, [person.login for person in _now(db).people.values()])
    if new:
        known_to_all = passwords.hashed(PASSWORD)  # one hash for all: it protects nothing
        for key, _login in new:
            org.set_password_hash(db, key, known_to_all, ACTOR)


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    if not file.is_file():
        return
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        missing = COLUMNS[file.name] - set(reader.fieldnames or ())
        if missing:
            raise BadDemoFile(file=file, line=1, problem=f"columns missing: {', '.join(sorted(missing))}")
        for row in reader:
            yield reader.line_num, {name: (row[name] or "").strip() for name in COLUMNS[file.name]}
