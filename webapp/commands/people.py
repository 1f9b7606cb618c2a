"""`jiesu users` and `jiesu units`: the first people of an installation; later ones come in the browser."""

from __future__ import annotations

import sys

import click
from sqlalchemy import Connection

from engine import org, runtime
from engine.errors import Invalid
from engine.store import Store
from webapp import queries
from webapp.auth import passwords
from webapp.auth import queries as sign_ins
from webapp.commands.installation import opened, operator
from webapp.commands.speech import both, say, table


class UnknownLogin(Invalid):
    """Nobody has this login."""

    zh = "没有登录名为“{login}”的人员。jiesu users list 列出所有人员。"
    en = "Nobody has the login {login!r}. jiesu users list shows everybody."


class UnknownUnit(Invalid):
    """There is no such unit."""

    zh = "没有组织单元“{unit}”。jiesu units list 列出所有单元，jiesu units add 新增。"
    en = "There is no unit {unit!r}. jiesu units list shows all, jiesu units add adds one."


class UnitTaken(Invalid):
    """Two units cannot share a key."""

    zh = "组织单元“{unit}”已存在。"
    en = "The unit {unit!r} exists already."


class NotHeld(Invalid):
    """A role cannot be taken from somebody who does not hold it."""

    zh = "{login} 在“{unit}”没有角色“{role}”。"
    en = "{login} does not hold the role {role!r} at {unit!r}."


class PasswordsDiffer(Invalid):
    """A new password is typed twice."""

    zh = "两次输入的密码不一致，没有更改。"
    en = "The two passwords differ; nothing was changed."


@click.group(help="人员：列出、新增、密码、角色。\n\nPeople: list, add, password, role.")
def users() -> None:
    """Hold the commands below."""


@users.command("list", help="列出所有人员及其角色。\n\nShow everybody and their roles.")
def list_users() -> None:
    with opened() as store, store.reading() as db:
        now = org.org_at(db)
    rows = []
    for person in sorted(now.people.values(), key=lambda person: person.login):
        roles = ", ".join(f"{hold.role}@{now.units[hold.unit_key].slug}" for hold in now.holds(person.key) if hold.substitute_for is None)
        rows.append([person.login, person.name, both("停用", "closed") if person.closed_at else roles])
    table([both("登录名", "login"), both("姓名", "name"), both("角色", "roles")], rows)


@users.command("add", help="新增人员；密码从键盘或标准输入读取。\n\nAdd a person; the password is asked for, or read from standard input.")
@click.argument("login")
@click.option("--name", required=True, help="姓名 / name")
@click.option("--name-en", default="", help="英文姓名 / name in English")
@click.option("--role", help="角色 / role, e.g. administrator, compliance, process_owner")
@click.option("--unit", help="角色所在的组织单元 / unit at which the role is held")
def add_user(login: str, name: str, name_en: str, role: str | None, unit: str | None) -> None:
    if bool(role) != bool(unit):
        raise click.UsageError(both("--role 和 --unit 要同时给出", "--role and --unit belong together"))
    with opened() as store:
        with store.reading() as db:
            unit_key = _unit(db, unit) if unit else None
        hashed = passwords.hashed(_new_password(), login)
        with store.writing() as db:
            key = org.add_person(db, login, name, name_en, operator())
            org.set_password_hash(db, key, hashed, operator())
            if role and unit_key is not None:
                org.add_membership(db, key, role, unit_key, operator())
        say(f"已新增 {login}。", f"{login} was added.")
        if role:
            _offer_again(store)


@users.command(help="设置新密码；此人的所有登录随即失效。\n\nSet a new password; the person is signed out everywhere.")
@click.argument("login")
def password(login: str) -> None:
    with opened() as store:
        with store.reading() as db:
            key = _person(db, login)
        hashed = passwords.hashed(_new_password(), login)
        with store.writing() as db:
            org.set_password_hash(db, key, hashed, operator())
            sign_ins.end_all(db, key)
    say(f"{login} 的密码已更改。", f"The password of {login} was changed.")


@users.command(help="授予或收回角色。\n\nGive a role, or take it back.")
@click.argument("login")
@click.argument("role")
@click.argument("unit")
@click.option("--end", is_flag=True, help="收回 / take it back")
def role(login: str, role: str, unit: str, end: bool) -> None:
    with opened() as store:
        with store.writing() as db:
            person_key, unit_key = _person(db, login), _unit(db, unit)
            held = queries.memberships(db, person_key, role, unit_key)
            if end and not held:
                raise NotHeld(login=login, role=role, unit=unit)
            for membership_key in held if end else []:
                org.end_membership(db, membership_key, operator())
            if not end and not held:
                org.add_membership(db, person_key, role, unit_key, operator())
        if end:
            say(f"已收回 {login} 在“{unit}”的角色 {role}。", f"{login} no longer holds {role} at {unit}.")
        else:
            say(f"{login} 在“{unit}”担任 {role}。", f"{login} holds {role} at {unit}.")
        _offer_again(store)


@click.group(help="组织单元：列出、新增。\n\nUnits of the organisation: list, add.")
def units() -> None:
    """Hold the commands below."""


@units.command("list", help="按层级列出组织单元。\n\nShow the tree of units.")
def list_units() -> None:
    with opened() as store, store.reading() as db:
        now = org.org_at(db)
    paths = {unit.key: [now.units[key].slug for key in reversed(now.upward(unit.key))] for unit in now.units.values()}
    ordered = sorted(now.units.values(), key=lambda unit: paths[unit.key])
    rows = [["  " * (len(paths[unit.key]) - 1) + unit.slug, unit.name, unit.level] for unit in ordered]
    table([both("代码", "key"), both("名称", "name"), both("层级", "level")], rows)


@units.command("add", help="新增组织单元，例如 jiesu units add group 集团 --level group\n\nAdd a unit of the organisation.")
@click.argument("slug")
@click.argument("name")
@click.option("--name-en", default="", help="英文名称 / name in English")
@click.option("--level", type=click.Choice(org.LEVELS), required=True, help="层级 / level")
@click.option("--parent", help="上级单元的代码 / key of the unit above")
def add_unit(slug: str, name: str, name_en: str, level: str, parent: str | None) -> None:
    with opened() as store, store.writing() as db:
        if any(unit.slug == slug for unit in org.org_at(db).units.values()):
            raise UnitTaken(unit=slug)
        above = _unit(db, parent) if parent else None
        org.add_unit(db, org.NewUnit(slug, name, name_en, level, above), operator())
    say(f"已新增“{name}”。", f"{slug} was added.")


def _offer_again(store: Store) -> None:
    """Offer the open tasks to whoever may do them now; what nobody could do before finds its people, and its incident ends."""
    with store.writing() as db:
        count = runtime.offer_again(db, operator())
    if count:
        say(f"重新分派的任务：{count} 项。", f"Tasks offered anew: {count}.")


def _person(db: Connection, login: str) -> int:
    found = [person.key for person in org.org_at(db).people.values() if person.login == login]
    if not found:
        raise UnknownLogin(login=login)
    return found[0]


def _unit(db: Connection, slug: str) -> int:
    found = [unit.key for unit in org.org_at(db).units.values() if unit.slug == slug]
    if not found:
        raise UnknownUnit(unit=slug)
    return found[0]


def _new_password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first: str = click.prompt(both("新密码", "New password"), hide_input=True)
    again: str = click.prompt(both("再输入一次", "Again"), hide_input=True)
    if first != again:
        raise PasswordsDiffer
    return first
