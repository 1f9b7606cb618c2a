"""The revision of the calendar: changed with every change of holidays or office hours."""

from __future__ import annotations

from sqlalchemy import Connection, update

from engine.calendar.snapshot import REVISION
from engine.store.keys import next_key
from engine.store.tables import counter


def touch(db: Connection) -> None:
    """Say that the calendar has changed. Holds the row's lock until the transaction ends."""
    db.execute(update(counter).where(counter.c.name == REVISION).values(value=next_key(db)))
