"""What is known about procedures and their releases. All SQL of the pages about them stands here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from engine.errors import NotFound
from engine.store.tables import release, resource

IN_FORCE = frozenset({"active", "retired"})  # what cases run on or ran on


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """One release: `deployed_by` and `decided_by` are ids as in `engine.model.Actor`."""

    key: int
    procedure: str
    number: int
    status: str  # draft | submitted | approved | active | retired | rejected
    sha256: str
    deployed_by: str
    deployed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    effective_at: datetime | None
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class ResourceRow:
    """One file of a release."""

    file_name: str
    kind: str  # bpmn | dmn | form | procedure | clauses | roles | variables
    sha256: str


def releases(db: Connection, procedure: str | None = None, *, drafts: bool) -> tuple[ReleaseRow, ...]:
    """Return the releases of one procedure or of all, the newest of each first; without `drafts` only those that are or were active."""
    query = select(*(release.c[name] for name in ReleaseRow.__dataclass_fields__))
    if procedure is not None:
        query = query.where(release.c.procedure == procedure)
    if not drafts:
        query = query.where(release.c.status.in_(IN_FORCE))
    return tuple(ReleaseRow(**row._mapping) for row in db.execute(query.order_by(release.c.procedure, release.c.number.desc())))


def chosen(found: tuple[ReleaseRow, ...], number: int | None = None) -> ReleaseRow:
    """Return the release of this number; without one the active release, else the newest. Raises `NotFound`."""
    if number is not None:
        wanted = next((row for row in found if row.number == number), None)
    else:
        wanted = next((row for row in found if row.status == "active"), found[0] if found else None)
    if wanted is None:
        raise NotFound
    return wanted


def resources(db: Connection, release_key: int) -> tuple[ResourceRow, ...]:
    """Return the files of a release by name."""
    columns = [resource.c[name] for name in ResourceRow.__dataclass_fields__]
    query = select(*columns).where(resource.c.release_key == release_key).order_by(resource.c.file_name)
    return tuple(ResourceRow(**row._mapping) for row in db.execute(query))
