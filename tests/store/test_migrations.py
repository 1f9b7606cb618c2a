"""The schema is what the migrations make, an older database is brought up with its data, a newer one is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, select, text

from engine import audit
from engine.model import system
from engine.store import Store, migrations, open_store, tables


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path}/old.db" if request.param == "sqlite" else request.getfixturevalue("fresh_postgres_url")
    found = open_store(url)
    yield found
    found.dispose()


def test_the_tables_are_those_of_the_migrations(store: Store) -> None:
    assert migrations.state(store) is migrations.State.EMPTY
    migrations.upgrade(store)
    assert migrations.state(store) is migrations.State.CURRENT
    with store.reading() as db:
        assert compare_metadata(MigrationContext.configure(db), tables.metadata) == []


def test_a_filled_older_database_keeps_everything(store: Store) -> None:
    migrations.upgrade(store, "0001")
    assert migrations.state(store) is migrations.State.OLDER
    with pytest.raises(migrations.DatabaseOlder):
        migrations.require_current(store)
    born = datetime(2026, 11, 1, 8, 30, 0, 123456, tzinfo=UTC)
    with store.writing() as db:
        db.execute(insert(tables.person).values(key=7, login="wang", name="王敏", name_en="Wang Min", created_at=born))
        audit.record(db, "person", 7, system("seed"), audit.Entry("person.added", {"login": "wang"}))
    migrations.upgrade(store)
    with store.reading() as db:
        row = db.execute(select(tables.person)).one()
        assert (row.login, row.name, row.created_at) == ("wang", "王敏", born)
        assert db.execute(select(tables.notice)).all() == []
        assert audit.verify(db) == (1, [])


def test_a_newer_database_is_refused_in_one_sentence(store: Store) -> None:
    migrations.upgrade(store)
    with store.engine.begin() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert migrations.state(store) is migrations.State.NEWER
    with pytest.raises(migrations.DatabaseNewer, match="9999"):
        migrations.require_current(store)
    with pytest.raises(migrations.DatabaseNewer):
        migrations.upgrade(store)
