"""The inbox: 待办, 待签收, 已办."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, render_template, request
from sqlalchemy import Connection

from engine import runtime
from engine.runtime import queries
from engine.runtime.queries import Counts, InboxRow, Tab
from webapp.database import store
from webapp.rights import needs
from webapp.words import Reader, Words


@dataclass(frozen=True, slots=True)
class Line:
    """One task of the list with its words."""

    row: InboxRow
    words: Words


@needs("work")
def inbox() -> str:
    """Show one shelf of the inbox, 20 tasks at a time."""
    who = queries.worker(g.org, g.person.key)
    text = request.args.get("q", "").strip()[:100]
    with store().reading() as db:
        counts = queries.counts(db, who)
        tab = _tab(counts)
        found = queries.inbox(db, who, tab, text, request.args.get("after", ""))
        lines = _lines(db, found.rows)
    return render_template("tasks/inbox.html", tab=tab, counts=counts, text=text, lines=lines, after=found.after)


def _tab(counts: Counts) -> Tab:
    """Return the shelf asked for; without one, the first that holds something to do."""
    asked = request.args.get("tab", "")
    if asked in {tab.value for tab in Tab}:
        return Tab(asked)
    return Tab.OPEN if counts.open and not counts.mine else Tab.MINE


def _lines(db: Connection, rows: tuple[InboxRow, ...]) -> list[Line]:
    reader = Reader(g.person, g.org, g.locale)
    words = {key: Words(runtime.package(db, key), reader) for key in {row.release_key for row in rows}}
    return [Line(row, words[row.release_key]) for row in rows]
