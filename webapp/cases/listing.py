"""The list of cases a person may read."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, render_template, request

from engine import runtime
from engine.cases import queries
from engine.cases.queries import CaseRow, Status
from webapp.database import store
from webapp.rights import needs
from webapp.words import Reader, Words


@dataclass(frozen=True, slots=True)
class Line:
    """One case of the list with its words."""

    row: CaseRow
    words: Words


@needs("read_case", "work", "register")
def index() -> str:
    """Show 20 cases, the newest first, filtered by text and status."""
    who = queries.reader(g.org, g.person.key)
    text, status = request.args.get("q", "").strip()[:100], _status()
    with store().reading() as db:
        found = queries.listed(db, who, text, status, request.args.get("after", ""))
        total = queries.count(db, who, text, status)
        reader = Reader(g.person, g.org, g.locale)
        words = {key: Words(runtime.package(db, key), reader) for key in {row.release_key for row in found.rows}}
    lines = [Line(row, words[row.release_key]) for row in found.rows]
    return render_template("cases/index.html", lines=lines, total=total, text=text, status=status, after=found.after)


def _status() -> Status | None:
    asked = request.args.get("status", "")
    return Status(asked) if asked in {status.value for status in Status} else None
