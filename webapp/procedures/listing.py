"""The procedures of this installation with the release that is in force."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template

from engine import runtime
from engine.releases import queries
from engine.releases.queries import ReleaseRow
from engine.runtime.sheets import Settings
from webapp.database import store
from webapp.procedures.shelf import READS, author, title
from webapp.procedures.wording import status
from webapp.rights import needs


@dataclass(frozen=True, slots=True)
class Line:
    """One procedure: its release in force (or its newest), what that says of itself, and how many drafts wait beside it."""

    row: ReleaseRow
    title: str
    settings: Settings
    drafts: int


@needs(*READS)
def index() -> str:
    """Show every procedure this person may see."""
    with store().reading() as db:
        rows = queries.releases(db, drafts=author())
        groups = {slug: tuple(row for row in rows if row.procedure == slug) for slug in dict.fromkeys(row.procedure for row in rows)}
        shown = {slug: queries.chosen(group) for slug, group in groups.items()}
        packages = {slug: runtime.package(db, row.key) for slug, row in shown.items()}
    lines = [
        Line(row, title(packages[slug]), packages[slug].settings, sum(other.number > row.number for other in groups[slug]))
        for slug, row in shown.items()
    ]
    return render_template("procedures/index.html", lines=sorted(lines, key=lambda line: line.title), status=status)
