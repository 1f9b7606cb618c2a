"""Who is behind a request: read once at its beginning, in one statement."""

from __future__ import annotations

from flask import g, request
from werkzeug.wrappers import Response

from engine.model import Actor
from engine.org import Org, org_at
from engine.store.database import DatabaseBusy
from webapp.auth import queries
from webapp.database import store

WITHOUT_PERSON = ("static", "healthz")


def cookie_name() -> str:
    """Return the cookie's name; under https no other host of the domain can set it (`__Host-`)."""
    return "__Host-jiesu" if request.is_secure else "jiesu"


def token() -> str:
    """Return the session's token from the cookie, or an empty text."""
    return request.cookies.get(cookie_name(), "")


def identify() -> None:
    """Set `g.person`, `g.org`, `g.actor` and `g.person_locale` if a running session is behind the request."""
    if request.endpoint in WITHOUT_PERSON or not token():
        return
    with store().reading() as db:
        visit = queries.visit(db, token())
        if visit is None:
            return
        _welcome(visit, org_at(db, visit.org_revision))
    if visit.due_for_touch():
        _touch()


def keep(response: Response, new: str) -> Response:
    """Put a session's token into the cookie; it ends with the browser, or when the table says so."""
    response.set_cookie(cookie_name(), new, httponly=True, samesite="Lax", secure=request.is_secure, path="/")
    return response


def forget(response: Response) -> Response:
    """Take the session's token out of the browser."""
    response.delete_cookie(cookie_name(), httponly=True, samesite="Lax", secure=request.is_secure, path="/")
    return response


def _welcome(visit: queries.Visit, org: Org) -> None:
    person = org.people[visit.person_key]
    g.org, g.person, g.person_locale = org, person, visit.locale
    g.actor = Actor(id=f"person:{person.key}", name=person.name, person_key=person.key)


def _touch() -> None:
    try:
        with store().writing() as db:
            queries.touch(db, token())
    except DatabaseBusy:
        return  # the next request tries again; reading a page must not fail because others write
