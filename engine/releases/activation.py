"""Making a release the one on which new cases start."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from engine import audit, clock
from engine.errors import NotFound
from engine.model import Actor
from engine.org import replace_grants
from engine.releases.deployment import AlreadyReleased, take_turn
from engine.runtime import starting
from engine.runtime.package import package
from engine.store.keys import next_key
from engine.store.tables import activation, release


def activate(db: Connection, release_key: int, actor: Actor, *, first_only: bool = False) -> None:
    """Activate a release everywhere and retire the one before. Raises `NotFound`; with `first_only`, `AlreadyReleased`."""
    procedure = db.execute(select(release.c.procedure).where(release.c.key == release_key)).scalar()
    if procedure is None:
        raise NotFound
    take_turn(db, procedure)
    row = db.execute(select(release).where(release.c.key == release_key)).one()
    if row.status == "active":
        return
    column = release.c
    active = db.execute(select(column.key, column.number).where(column.procedure == row.procedure, column.status == "active")).all()
    if first_only and active:
        raise AlreadyReleased(procedure=row.procedure)
    at, before = clock.now(), [item.key for item in active]
    db.execute(update(release).where(column.key.in_(before)).values(status="retired", retired_at=at))
    for item in active:
        audit.record(db, "release", item.key, actor, audit.Entry("release.retired", {"number": item.number, "by": str(release_key)}))
    live = activation.c
    db.execute(update(activation).where(live.procedure == row.procedure, live.valid_to.is_(None)).values(valid_to=at))
    db.execute(update(release).where(column.key == release_key).values(status="active", effective_at=at))
    values = {"procedure": row.procedure, "release_key": release_key, "unit_key": None, "actor": actor.id}
    db.execute(insert(activation).values(key=next_key(db), valid_from=at, **values))
    starting.arm(db, release_key, before)
    roles = package(db, release_key).roles
    replace_grants(db, row.procedure, {key: sorted(role.rights) for key, role in roles.items()})
    facts = {"procedure": row.procedure, "number": row.number, "retired": [str(key) for key in before]}
    audit.record(db, "release", release_key, actor, audit.Entry("release.activated", facts))
