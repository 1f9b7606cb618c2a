"""The act of signing in: count, compare, begin a session. The answer never tells which of login and password is wrong."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, request
from sqlalchemy import Connection

from engine import audit, org
from engine.errors import JiesuError
from engine.model import Actor, system
from webapp.auth import device, passwords, queries, throttle
from webapp.database import store

NOBODY = 0


class Refused(JiesuError):
    """The login, the password, or both are wrong."""

    zh = "登录名或密码不正确。"
    en = "The login or the password is not correct."


class TooManyTries(JiesuError):
    """Too many wrong passwords from here."""

    zh = "尝试次数过多，请在 {minutes} 分钟后再试；忘记密码请联系管理员。"
    en = "Too many tries; wait {minutes} minutes, or ask an administrator if you have forgotten the password."

    def __init__(self, wait: timedelta) -> None:
        self.seconds = max(1, int(wait.total_seconds()))
        super().__init__(minutes=-(-self.seconds // 60))


def enter(login: str, password: str, earlier_token: str) -> str:
    """Begin a session for whoever knows the password and return its token; a session this browser had ends.

    Raises `Refused` or `TooManyTries`. The password is compared outside any transaction: it takes long.
    """
    tried = throttle.attempt(current_app.config["SECRET_KEY"], login, request.remote_addr, device.known(login))
    with store().writing() as db:
        wait = throttle.admit(db, tried)
        account = queries.account(db, login)
    if wait is not None:
        raise TooManyTries(wait)
    fits = passwords.matches(account.password_hash if account else None, password)
    with store().writing() as db:
        if account is None or not fits:
            _note_failure(db, account)
        else:
            token = _begin(db, account, password)
            throttle.take_back(db, tried)
            queries.end(db, earlier_token)
    if account is None or not fits:
        raise Refused
    return token


def leave(token: str, actor: Actor) -> None:
    """End the session of a person who signs out."""
    with store().writing() as db:
        queries.end(db, token)
        audit.record(db, "person", actor.person_key or NOBODY, actor, audit.Entry("person.signed_out"))


def _begin(db: Connection, account: queries.Account, password: str) -> str:
    actor = Actor(id=f"person:{account.person_key}", name="", person_key=account.person_key)
    if account.password_hash and passwords.outdated(account.password_hash):
        org.set_password_hash(db, account.person_key, passwords.renewed(password), actor)
    audit.record(db, "person", account.person_key, actor, audit.Entry("person.signed_in"))
    return queries.start(db, account.person_key)


def _note_failure(db: Connection, account: queries.Account | None) -> None:
    """Record a failed try on the person. For a login nobody has the same is written and undone: it must not be quicker."""
    with db.begin_nested() as attempt:
        audit.record(db, "person", account.person_key if account else NOBODY, system("sign-in"), audit.Entry("person.sign_in_failed"))
        if account is None:
            attempt.rollback()
