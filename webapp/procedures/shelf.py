"""Which releases a person may see: those in force or once in force; drafts only those who write, test or examine them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g
from flask_babel import gettext as _
from sqlalchemy import Connection

from engine import runtime
from engine.releases import queries
from engine.releases.queries import ReleaseRow
from webapp.words import Reader, Words

READS = ("read_case", "deploy", "test", "approve")  # any of these opens the pages of procedures
AUTHORS = frozenset({"deploy", "test", "approve", "administer"})  # and any of these shows drafts and findings


@dataclass(frozen=True, slots=True)
class Open:
    """A release that is being looked at, beside all others of its procedure that this person may see."""

    row: ReleaseRow
    others: tuple[ReleaseRow, ...]
    package: runtime.Package
    words: Words


def author() -> bool:
    """Tell whether the person who is signed in writes, tests, examines or administers procedures."""
    return not AUTHORS.isdisjoint(g.org.rights(g.person.key))


def opened(db: Connection, slug: str, number: int | None = None) -> Open:
    """Return the release, without a number the active one. Raises `NotFound`, also for a draft this person may not see."""
    found = queries.releases(db, slug, drafts=author())
    row = queries.chosen(found, number)
    package = runtime.package(db, row.key)
    return Open(row, found, package, Words(package, Reader(g.person, g.org, g.locale)))


def title(package: runtime.Package) -> str:
    """Return what the procedure is called in the reader's language."""
    settings = package.settings
    return settings.title_en if g.locale == "en" and settings.title_en else settings.title


def actor(actor_id: str | None) -> str:
    """Return who acted, by the id of an actor."""
    kind, _colon, key = (actor_id or "").partition(":")
    if kind != "person":
        return _("系统") if actor_id else "—"
    person = g.org.people.get(int(key)) if key.isdigit() else None
    return person.label(g.locale) if person else _("已离开的人员")
