"""Incidents that are over because what stopped has gone on after all: nobody has to close them by hand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, exists, update

from engine.model import Actor
from engine.store.tables import case, incident

if TYPE_CHECKING:
    from engine.runtime.live import LiveCase


def troubled() -> ColumnElement[bool]:
    """Return the column of a query of cases that tells whether a case has open incidents."""
    return exists().where(incident.c.case_key == case.c.key, incident.c.status == "open").label("troubled")


def mend(live: LiveCase, actor: Actor, element_keys: Iterable[int], kind: str | None = None) -> None:
    """Close the open incidents of the case at these elements (of one kind, or any), and say so in its record."""
    column = incident.c
    here = [column.case_key == live.row.key, column.element_key.in_(sorted(element_keys)), column.status == "open"]
    here += [column.kind == kind] if kind else []
    closing = update(incident).where(*here).values(status="resolved", resolved_at=live.now(), resolved_by=actor.id)
    for row in live.db.execute(closing.returning(column.kind, column.element_id)).all():
        live.note("incident.resolved", kind=row.kind, element=row.element_id)
