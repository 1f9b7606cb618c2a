"""One act, once: the first answer to a submission token or Idempotency-Key is the answer to every repeat.

The row is written in the transaction of the act. A refused act rolls back with its row, so refusals are not kept.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, delete, insert, select

from engine import clock
from engine.errors import Invalid
from engine.store.tables import request_token as table

KEEP = timedelta(days=7)


class TokenReused(Invalid):
    """The same token came with other content."""

    zh = "这份表单已经提交过，内容与这次不同；请打开新的页面再填写。"
    en = "This form was already sent with other content; open the page anew."


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: by whom, with which one-time token, on which route, with which body."""

    actor: str
    token: str
    route: str
    body: bytes

    @property
    def sha256(self) -> str:
        """Return the hash that tells one body from another."""
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered the first time."""

    status: int
    location: str | None = None
    body: str | None = None


def earlier(db: Connection, request: Request) -> Answer | None:
    """Return the first answer to this request if there is one. Raises `TokenReused` when the body differs."""
    row = db.execute(select(table).where(table.c.actor == request.actor, table.c.token == request.token)).first()
    if row is None:
        return None
    if row.body_sha256 != request.sha256 or row.route != request.route:
        raise TokenReused
    return Answer(row.status, row.location, row.body)


def keep(db: Connection, request: Request, answer: Answer) -> None:
    """Keep the answer in the transaction of the act; a repeat at the same moment fails on the primary key."""
    values = {"actor": request.actor, "token": request.token, "route": request.route, "body_sha256": request.sha256}
    db.execute(insert(table).values(**values, status=answer.status, location=answer.location, body=answer.body, at=clock.now()))


def forget_old(db: Connection) -> int:
    """Drop answers older than a week; returns how many."""
    return db.execute(delete(table).where(table.c.at < clock.now() - KEEP)).rowcount
