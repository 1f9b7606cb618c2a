"""The SQL of sign-ins: sessions (the cookie holds a random token, the table its hash) and the person behind a login."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from engine import clock
from engine.org import revision_query
from engine.store.tables import person, session

LONGEST = timedelta(hours=12)
IDLE = timedelta(hours=2)
TOUCH = timedelta(minutes=1)
KEEP = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Account:
    """Who a login belongs to; `password_hash` is None when nobody can sign in with it."""

    person_key: int
    password_hash: str | None


@dataclass(frozen=True, slots=True)
class Visit:
    """What one request needs to know of its session, read in one statement."""

    person_key: int
    locale: str | None
    seen_at: datetime
    org_revision: int

    def due_for_touch(self) -> bool:
        """Tell whether the session should be marked as used (at most once a minute)."""
        return clock.now() - self.seen_at >= TOUCH


def account(db: Connection, login: str) -> Account | None:
    """Return the open account of a login, or None. What can be no login is looked for all the same, as something else: it takes as long."""
    wanted = login if login.isprintable() else ""
    query = select(person.c.key, person.c.password_hash).where(person.c.login == wanted, person.c.closed_at.is_(None))
    row = db.execute(query).first()
    return Account(row.key, row.password_hash) if row else None


def visit(db: Connection, token: str) -> Visit | None:
    """Return the running session behind a cookie's token, or None if it is unknown, ended, too old or idle too long."""
    at = clock.now()
    query = (
        select(session.c.person_key, person.c.locale, session.c.seen_at, revision_query().label("revision"))
        .join(person, person.c.key == session.c.person_key)
        .where(session.c.token_sha256 == _sha256(token), session.c.ended_at.is_(None), person.c.closed_at.is_(None))
        .where(session.c.expires_at > at, session.c.seen_at > at - IDLE)
    )
    row = db.execute(query).first()
    return Visit(row.person_key, row.locale, row.seen_at, row.revision or 0) if row else None


def start(db: Connection, person_key: int) -> str:
    """Begin a session and return the token for the cookie; it is kept nowhere else."""
    token = secrets.token_urlsafe(32)
    at = clock.now()
    values = {"token_sha256": _sha256(token), "person_key": person_key, "started_at": at, "seen_at": at, "expires_at": at + LONGEST}
    db.execute(insert(session).values(values))
    db.execute(delete(session).where(session.c.person_key == person_key, session.c.expires_at < at - KEEP))
    return token


def touch(db: Connection, token: str) -> None:
    """Mark the session as used now."""
    db.execute(update(session).where(session.c.token_sha256 == _sha256(token)).values(seen_at=clock.now()))


def end(db: Connection, token: str) -> None:
    """End one session."""
    running = (session.c.token_sha256 == _sha256(token)) & session.c.ended_at.is_(None)
    db.execute(update(session).where(running).values(ended_at=clock.now()))


def end_all(db: Connection, person_key: int) -> int:
    """End every session of a person (new password, account closed); returns how many ran."""
    running = (session.c.person_key == person_key) & session.c.ended_at.is_(None)
    return db.execute(update(session).where(running).values(ended_at=clock.now())).rowcount


def set_locale(db: Connection, person_key: int, locale: str) -> None:
    """Keep the language a person chose."""
    db.execute(update(person).where(person.c.key == person_key).values(locale=locale))


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
