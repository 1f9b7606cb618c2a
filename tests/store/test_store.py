"""Keys are distinct over threads and processes, moments survive, numbers stay exact, a request is answered once."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from engine import clock
from engine.store import Store, dumps, loads, migrations, next_key, open_store, tables
from engine.store.answers import Answer, Request, TokenReused, earlier, forget_old, keep
from engine.store.counters import raise_counter
from engine.store.database import DatabaseBusy
from engine.store.keys import BLOCK


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path}/a.db" if request.param == "sqlite" else request.getfixturevalue("fresh_postgres_url")
    found = open_store(url)
    migrations.upgrade(found)
    yield found
    found.dispose()


def test_keys_are_distinct_over_processes_and_threads(store: Store) -> None:
    other = open_store(store.engine.url.render_as_string(hide_password=False))
    taken: list[int] = []

    def takes(of: Store) -> None:
        for _ in range(5):
            with of.writing() as db:
                taken.extend(next_key(db) for _ in range(200))

    threads = [threading.Thread(target=takes, args=(of,)) for of in (store, other, store)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.dispose()
    assert len(set(taken)) == 3000
    assert min(taken) > 2**51


def test_who_writes_gets_a_key_while_another_waits_to_refill_them(store: Store) -> None:
    # given: a writer in the middle of an act, and few keys left
    with store.writing() as db:
        raise_counter(db, "under way")
        store.keys._next = store.keys._end - 10
        second = threading.Thread(target=lambda: writes(store))
        second.start()
        second.join(0.3)
        # when: the first writer needs a key, while the second waits for the database
        asked = time.monotonic()
        next_key(db)
        waited = time.monotonic() - asked
    second.join(10)
    # then: it did not wait for the second
    assert waited < 1


def writes(store: Store) -> None:
    with store.writing() as db:
        raise_counter(db, "second")


def test_an_act_that_needs_more_keys_than_are_kept_gets_them(store: Store) -> None:
    with store.writing() as db:
        many = [next_key(db) for _ in range(BLOCK * 2)]
    with pytest.raises(RuntimeError), store.writing() as db:
        many += [next_key(db) for _ in range(BLOCK)]
        raise RuntimeError("rolled back")
    with store.writing() as db:
        many += [next_key(db) for _ in range(BLOCK)]
    kept = many[: BLOCK * 2] + many[BLOCK * 3 :]
    assert len(set(kept)) == len(kept)


def test_a_database_that_is_locked_is_busy_also_when_keys_are_refilled(tmp_path: Path) -> None:
    found, other = (open_store(f"sqlite:///{tmp_path}/busy.db") for _ in range(2))
    migrations.upgrade(found)
    with found.writing(), pytest.raises(DatabaseBusy), other.writing():
        pass
    found.dispose()
    other.dispose()


def test_a_deadlock_is_told_as_busy(fresh_postgres_url: str) -> None:
    store = open_store(fresh_postgres_url)
    migrations.upgrade(store)
    told: list[type] = []
    met = threading.Barrier(2)

    def raises(first: str, second: str) -> None:
        try:
            with store.writing() as db:
                raise_counter(db, first)
                met.wait(5)
                raise_counter(db, second)
        except DatabaseBusy as problem:
            told.append(type(problem))

    with store.writing() as db:
        raise_counter(db, "a")
        raise_counter(db, "b")
    threads = [threading.Thread(target=raises, args=names) for names in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.dispose()
    assert told == [DatabaseBusy]


def test_concurrent_writers_lose_nothing(store: Store) -> None:
    def counts() -> None:
        for _ in range(50):
            with store.writing() as db:
                raise_counter(db, "together")

    threads = [threading.Thread(target=counts) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading() as db:
        assert db.execute(select(tables.counter.c.value).where(tables.counter.c.name == "together")).scalar() == 200


def test_a_failed_act_leaves_no_trace(store: Store) -> None:
    with pytest.raises(RuntimeError), store.writing() as db:
        raise_counter(db, "half")
        raise RuntimeError("power cut")
    with store.reading() as db:
        assert db.execute(select(tables.counter).where(tables.counter.c.name == "half")).first() is None


def test_moments_come_back_in_utc_to_the_microsecond(store: Store) -> None:
    moment = datetime(2026, 11, 22, 23, 59, 59, 999999, tzinfo=timezone(timedelta(hours=8)))
    with store.writing() as db:
        db.execute(insert(tables.person).values(key=1, login="a", name="甲", name_en="", created_at=moment))
    with store.reading() as db:
        found = db.execute(select(tables.person.c.created_at)).scalar_one()
    assert found == moment
    assert found.utcoffset() == timedelta(0)


def test_numbers_stay_exact() -> None:
    assert loads(dumps({"a": Decimal("9999.99"), "b": 3, "c": Decimal("60")})) == {"a": Decimal("9999.99"), "b": 3, "c": 60}
    assert dumps({"c": Decimal("60.0")}) == '{"c":60}'
    with pytest.raises(ValueError, match="too many digits"):
        dumps(Decimal("0.1234567890123456789"))


def test_a_token_is_answered_once_and_refused_with_other_content(store: Store) -> None:
    request = Request("person:1", "abc", "/tasks/5", b"x=1")
    with store.writing() as db:
        assert earlier(db, request) is None
        keep(db, request, Answer(303, "/cases/PP-1"))
    with store.reading() as db:
        assert earlier(db, request) == Answer(303, "/cases/PP-1")
        assert earlier(db, Request("person:2", "abc", "/tasks/5", b"x=1")) is None
        with pytest.raises(TokenReused):
            earlier(db, Request("person:1", "abc", "/tasks/5", b"x=2"))
        with pytest.raises(TokenReused):
            earlier(db, Request("person:1", "abc", "/tasks/6", b"x=1"))


def test_answers_are_kept_for_a_week(store: Store) -> None:
    start = datetime(2026, 11, 1, tzinfo=UTC)
    with clock.pinned(start), store.writing() as db:
        keep(db, Request("person:1", "abc", "/a", b""), Answer(303))
    with clock.pinned(start + timedelta(days=7)), store.writing() as db:
        assert forget_old(db) == 0
    with clock.pinned(start + timedelta(days=7, seconds=1)), store.writing() as db:
        assert forget_old(db) == 1
