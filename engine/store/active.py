"""Which release new cases start on, here and now."""

from __future__ import annotations

from sqlalchemy import Connection, or_, select

from engine import clock
from engine.store.tables import activation


def active_releases(db: Connection) -> dict[str, int]:
    """Return the release active anywhere, by procedure (the latest activation of each)."""
    column = activation.c
    at = clock.now()
    running = or_(column.valid_to.is_(None), column.valid_to > at)
    query = select(column.procedure, column.release_key).where(column.valid_from <= at, running)
    return {row.procedure: row.release_key for row in db.execute(query.order_by(column.valid_from, column.key))}


def active_release(db: Connection, procedure: str, units: list[int]) -> int | None:
    """Return the release of `procedure` for the first of `units` (nearest first) that has one of its own, else the general one."""
    column = activation.c
    at = clock.now()
    query = select(column.unit_key, column.release_key).where(column.procedure == procedure, column.valid_from <= at)
    rows = db.execute(query.where(or_(column.valid_to.is_(None), column.valid_to > at)).order_by(column.valid_from, column.key)).all()
    by_unit = {row.unit_key: row.release_key for row in rows}
    return next((by_unit[unit] for unit in [*units, None] if unit in by_unit), None)
