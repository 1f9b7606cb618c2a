"""Which right a route needs. It stands on the route itself; one check before every request enforces it.

A route that declares nothing is refused, so forgetting it closes a door and never opens one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, g, request

from engine.errors import JiesuError, NotAllowed
from engine.org import PRIVILEGES

PUBLIC = "public"
SIGNED_IN = "signed in"

View = TypeVar("View", bound=Callable[..., Any])


class SignInFirst(JiesuError):
    """Nobody is signed in, or no longer."""

    zh = "请先登录。"
    en = "Please sign in first."


def needs(*rights: str) -> Callable[[View], View]:
    """Declare that a view needs one of these rights: of `engine.org.PRIVILEGES`, or `PUBLIC`, or `SIGNED_IN`."""
    unknown = set(rights) - PRIVILEGES - {PUBLIC, SIGNED_IN}
    if unknown or not rights:
        raise ValueError(f"not a right: {sorted(unknown)}")

    def mark(view: View) -> View:
        view.needs = rights  # type: ignore[attr-defined]
        return view

    return mark


def declared(app: Flask, endpoint: str) -> tuple[str, ...]:
    """Return what the view behind an endpoint declared; nothing if it declared nothing."""
    return getattr(app.view_functions[endpoint], "needs", ())


def check() -> None:
    """Refuse the request unless the visitor has one of the rights its route needs (before every request)."""
    if request.endpoint is None:
        return
    rights = declared(current_app, request.endpoint)
    if PUBLIC in rights:
        return
    if g.person is None:
        raise SignInFirst
    if SIGNED_IN not in rights and g.org.rights(g.person.key).isdisjoint(rights):
        raise NotAllowed
