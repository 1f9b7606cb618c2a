"""Named counters (case numbers), and revisions that tell every process that something it keeps has changed."""

from __future__ import annotations

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert as upsert_postgresql
from sqlalchemy.dialects.sqlite import insert as upsert_sqlite

from engine.store.keys import next_key
from engine.store.tables import counter


def raise_counter(db: Connection, name: str) -> int:
    """Raise the counter by one and return it; starts at 1. Holds the row's lock until the transaction ends."""
    upsert = upsert_sqlite if db.dialect.name == "sqlite" else upsert_postgresql
    statement = upsert(counter).values(name=name, value=1)
    statement = statement.on_conflict_do_update(index_elements=["name"], set_={"value": counter.c.value + 1})
    value: int = db.execute(statement.returning(counter.c.value)).scalar_one()
    return value


def new_revision(db: Connection, name: str) -> int:
    """Give the revision `name` a value it never had; of one that is rolled back nothing kept in memory can come back."""
    upsert = upsert_sqlite if db.dialect.name == "sqlite" else upsert_postgresql
    value = next_key(db)
    statement = upsert(counter).values(name=name, value=value)
    db.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))
    return value
