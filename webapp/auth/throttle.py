"""Guessing is made slow, and nobody can be locked out by others.

Tries are counted before the password is looked at, in a table (several processes serve):

* per login and source: 8 in 15 minutes. The source is the address, or the device if this person has signed in on it
  before: whoever guesses from the next desk uses up another count than the person's own.
* per login from everywhere: after 60 in an hour every unknown source has one try in 15 minutes, known devices all 8.
* per address, whatever the login: 100 in 15 minutes.

A sign-in that succeeds takes its own tries back. Logins and addresses are stored as keyed digests only.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address

from sqlalchemy import Connection, case, delete, literal, update
from sqlalchemy.dialects.postgresql import insert as upsert_postgresql
from sqlalchemy.dialects.sqlite import insert as upsert_sqlite

from engine import clock
from engine.store.tables import throttle as table

WINDOW = timedelta(minutes=15)
HOUR = timedelta(hours=1)
PER_SOURCE = 8
PER_LOGIN = 60
PER_ADDRESS = 100


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: digests of the login, of the address, and of the device if it is known for this login."""

    login: str
    address: str
    device: str | None

    @property
    def source(self) -> str:
        """Return the digest under which this login is tried from here."""
        return hashlib.sha256(f"{self.login} {self.device or self.address}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Counted:
    """How often, and how long until counting begins anew."""

    count: int
    left: timedelta


def attempt(secret: str, login: str, address: str | None, device: str | None) -> Attempt:
    """Return the try as it is counted; an IPv6 address counts by its network (/64), which one household owns."""
    return Attempt(_digest(secret, "login", login), _digest(secret, "address", _network(address)), device)


def admit(db: Connection, tried: Attempt) -> timedelta | None:
    """Count the try; return None if it may go on, else how long to wait."""
    source = _count(db, "sign-in source", tried.source, WINDOW)
    if source.count > PER_SOURCE:
        return source.left
    if tried.device is None:
        address = _count(db, "sign-in address", tried.address, WINDOW)
        everywhere = _count(db, "sign-in login", tried.login, HOUR)
        if address.count > PER_ADDRESS:
            return address.left
        if everywhere.count > PER_LOGIN and source.count > 1:
            return source.left
    return None


def take_back(db: Connection, tried: Attempt) -> None:
    """Forget the tries of somebody who signed in, and whatever is older than a day."""
    db.execute(delete(table).where(table.c.scope == "sign-in source", table.c.subject == tried.source))
    if tried.device is None:
        for scope, subject in (("sign-in address", tried.address), ("sign-in login", tried.login)):
            mine = (table.c.scope == scope) & (table.c.subject == subject) & (table.c.count > 0)
            db.execute(update(table).where(mine).values(count=table.c.count - 1))
    db.execute(delete(table).where(table.c.since < clock.now() - timedelta(days=1)))


def _count(db: Connection, scope: str, subject: str, window: timedelta) -> Counted:
    at = clock.now()
    upsert = upsert_sqlite if db.dialect.name == "sqlite" else upsert_postgresql
    statement = upsert(table).values(scope=scope, subject=subject, since=at, count=1)
    over = table.c.since <= at - window
    anew = {"since": case((over, literal(at, table.c.since.type)), else_=table.c.since), "count": case((over, 1), else_=table.c.count + 1)}
    counting = statement.on_conflict_do_update(index_elements=["scope", "subject"], set_=anew)
    tries, since = db.execute(counting.returning(table.c.count, table.c.since)).one()
    return Counted(tries, since + window - at)


def _digest(secret: str, kind: str, value: str) -> str:
    return hmac.new(secret.encode(), f"{kind} {value}".encode(), "sha256").hexdigest()


def _network(address: str | None) -> str:
    try:
        found = ip_address(address or "")
    except ValueError:
        return address or "unknown"
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return found.exploded[:19]
    return str(found)
