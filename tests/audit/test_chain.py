"""Every change of a recorded event is found, and the first break is named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from engine import audit
from engine.store import tables
from tests.stories.test_property_project import is_classified, is_dispatched, is_registered
from tests.support.town import Complaint, Town, town


@pytest.fixture(params=["sqlite", "postgresql"])
def told(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Town, Complaint]]:
    url = f"sqlite:///{tmp_path}/a.db" if request.param == "sqlite" else request.getfixturevalue("fresh_postgres_url")
    with town(url) as found:
        complaint = is_registered(found)
        is_classified(found, complaint)
        is_dispatched(found, complaint)
        yield found, complaint


def altered(found: Town, statement: str, **values: Any) -> list[audit.Break]:
    with found.store.engine.begin() as db:
        db.execute(text(statement), values)
    with found.store.reading() as db:
        return audit.verify(db)[1]


def test_an_untouched_database_is_whole(told: tuple[Town, Complaint]) -> None:
    with told[0].store.reading() as db:
        count, breaks = audit.verify(db)
    assert count > 20
    assert breaks == []


@pytest.mark.parametrize(
    ("statement", "seq"),
    [
        ("UPDATE event SET facts = replace(facts, 'general', 'major') WHERE kind = 'case' AND key = :key AND seq = 2", 2),
        ("UPDATE event SET actor = 'person:1' WHERE kind = 'case' AND key = :key AND seq = 2", 2),
        ("UPDATE event SET verb = 'task.claimed' WHERE kind = 'case' AND key = :key AND seq = 1", 1),
        ("UPDATE event SET submitted = replace(submitted, 'general', 'major') WHERE kind = 'case' AND key = :key AND seq = 2", 2),
        ("UPDATE event SET facts = '{' WHERE kind = 'case' AND key = :key AND seq = 2", 2),
        ("DELETE FROM event WHERE kind = 'case' AND key = :key AND seq = 2", 2),
        ("DELETE FROM event WHERE kind = 'case' AND key = :key AND seq = 3", 2),
        ("DELETE FROM event WHERE kind = 'case' AND key = :key", 0),
        ("UPDATE complaint_case SET audit_seq = 2 WHERE key = :key", 3),
    ],
)
def test_a_change_behind_our_back_is_found(told: tuple[Town, Complaint], statement: str, seq: int) -> None:
    found, complaint = told
    breaks = altered(found, statement, key=complaint.key)
    assert [(item.kind, item.key, item.seq) for item in breaks] == [("case", complaint.key, seq)]


def test_the_time_of_an_event_is_part_of_it(told: tuple[Town, Complaint]) -> None:
    found, complaint = told
    with found.store.engine.begin() as db:
        column = tables.event.c
        where = (column.kind == "case", column.key == complaint.key, column.seq == 1)
        moment = db.execute(tables.event.select().where(*where)).one().at
        from datetime import timedelta

        db.execute(tables.event.update().where(*where).values(at=moment + timedelta(microseconds=1)))
    with found.store.reading() as db:
        assert [item.seq for item in audit.verify(db)[1]] == [1]
