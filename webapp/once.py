"""One submission, one act: a repeat of the same form (double click, reload, lost answer) gets the first answer.

Every form carries a hidden `_token`; the answer to it is kept in the transaction of the act.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from urllib.parse import urlencode

from flask import g, redirect, request
from sqlalchemy import Connection, func, select
from werkzeug.wrappers import Response

from engine.errors import Invalid
from engine.store import answers

FIELD = "_token"
NOT_CONTENT = frozenset({FIELD, "csrf_token"})


class TokenMissing(Invalid):
    """A form came without its one-time token: it was not sent from one of our pages."""

    zh = "这份表单不完整，请打开页面重新填写。"
    en = "This form is incomplete; open the page and fill it in again."


def new_token() -> str:
    """Return a token for one form."""
    return secrets.token_urlsafe(16)


def once(db: Connection, route: str, act: Callable[[], Response]) -> Response:
    """Do `act` unless this form was already sent; then answer as the first time.

    `db` is the transaction in which `act` writes; `route` names what is asked, with its key ("tasks/17/complete").
    A refusal (an exception, or an answer of 400 and above) is not kept. Raises `TokenMissing`, `answers.TokenReused`.
    """
    token = request.form.get(FIELD, "")
    if not token or len(token) > 200 or not token.isprintable():
        raise TokenMissing
    asked = answers.Request(g.actor.id if g.actor else "anonymous", token, route, _content())
    _wait_for_twin(db, asked)
    before = answers.earlier(db, asked)
    if before is not None:
        return redirect(before.location, before.status) if before.location else Response(before.body, before.status, mimetype="text/html")
    response = act()
    if response.status_code < 400:
        location = response.headers.get("Location")
        answers.keep(db, asked, answers.Answer(response.status_code, location, None if location else response.get_data(as_text=True)))
    return response


def _content() -> bytes:
    fields = sorted((name, value) for name, values in request.form.lists() if name not in NOT_CONTENT for value in values)
    files = sorted((name, _sha256(file)) for name, many in request.files.lists() for file in many)
    return urlencode(fields + files).encode()


def _sha256(file: object) -> str:
    stream = file.stream  # type: ignore[attr-defined]
    digest = hashlib.file_digest(stream, "sha256").hexdigest()
    stream.seek(0)
    return digest


def _wait_for_twin(db: Connection, asked: answers.Request) -> None:
    """On PostgreSQL, let a twin that is being answered at this moment finish; SQLite has one writer anyway."""
    if db.dialect.name == "postgresql":
        lock = int.from_bytes(hashlib.sha256(f"{asked.actor} {asked.token}".encode()).digest()[:8], signed=True)
        db.execute(select(func.pg_advisory_xact_lock(lock)))
