"""The main menu: what this person may open, in the order of a working day."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, request
from flask_babel import gettext as _


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as shown."""

    path: str
    label: str
    current: bool


def entries() -> list[Entry]:
    """Return the entries for whoever is signed in; none for a visitor."""
    if not g.get("person"):
        return []
    rights = g.org.rights(g.person.key)
    return [Entry(path, label, _current(path)) for path, label, any_of in _all() if not rights.isdisjoint(any_of)]


def _all() -> list[tuple[str, str, tuple[str, ...]]]:
    return [
        ("/tasks", _("我的任务"), ("work",)),
        ("/intake/", _("登记投诉"), ("register",)),
        ("/cases", _("案件"), ("read_case",)),
        ("/procedures", _("制度"), ("read_case", "deploy", "test", "approve")),
    ]


def _current(path: str) -> bool:
    return request.path == path or request.path.startswith(path.rstrip("/") + "/")
