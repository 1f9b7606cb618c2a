"""Lists imported and office hours changed in a database: read, previewed, stored as a further version, seen by everybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine import clock, org
from engine.calendar import BadHours, Kind, ListRefused, calendar_at, preview, read_list, set_hours, store_list
from engine.model import system
from engine.store import Store, migrations, open_store, tables
from tests.calendar.lists import COUNCIL, OF_2027, at, shown

SEED = system("seed")


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path}/a.db" if request.param == "sqlite" else request.getfixturevalue("fresh_postgres_url")
    found = open_store(url)
    migrations.upgrade(found)
    with clock.pinned(at("2026-11-23 09:00")):
        yield found
    found.dispose()


def unit(store: Store) -> int:
    with store.writing() as db:
        return org.add_unit(db, org.NewUnit("yunxi", "云溪花园项目", "Yunxi Garden", "project"), SEED)


def imports(store: Store, text: str | bytes, source: str = COUNCIL) -> int:
    with store.writing() as db:
        return store_list(db, preview(db, text, source).days)


def test_a_list_is_previewed_before_it_is_stored(store: Store) -> None:
    with store.reading() as db:
        plan = preview(db, OF_2027, COUNCIL)
        assert [item.after.on for item in plan.changes][:2] == [date(2027, 1, 1), date(2027, 1, 2)]
        assert (plan.complete, plan.incomplete, plan.is_new) == ((2027,), (), True)
        assert not plan.changes[0].before.known
        assert plan.calendar.days.day(date(2027, 1, 1)).kind is Kind.HOLIDAY
        assert db.execute(select(func.count()).select_from(tables.holiday)).scalar() == 0
        assert calendar_at(db).days.day(date(2027, 1, 1)).kind is Kind.WORKDAY


def test_a_stored_list_is_seen_and_the_same_list_says_nothing_new(store: Store) -> None:
    with store.reading() as db:
        before = calendar_at(db)
    assert imports(store, OF_2027) == 2
    with store.reading() as db:
        after = calendar_at(db)
        assert calendar_at(db) is after is not before
        assert after.days.day(date(2027, 2, 14)).kind is Kind.MAKEUP
        assert not preview(db, OF_2027, COUNCIL).is_new
        row = db.execute(select(tables.holiday).order_by(tables.holiday.c.day)).first()
    assert (row.version, row.day, row.kind, row.name, row.source) == (2, date(2027, 1, 1), "holiday", "元旦", COUNCIL)
    assert row.imported_at == clock.now()


def test_a_corrected_list_is_the_next_version_and_takes_nothing_out(store: Store) -> None:
    imports(store, OF_2027)
    corrected = OF_2027.replace("2027-02-14,workday", "2027-02-20,workday")
    with store.reading() as db:
        changes = [(item.after.on.isoformat(), item.before.kind, item.after.kind) for item in preview(db, corrected, COUNCIL).changes]
    assert changes == [("2027-02-14", Kind.MAKEUP, Kind.WEEKEND), ("2027-02-20", Kind.WEEKEND, Kind.MAKEUP)]
    assert imports(store, corrected) == 3
    with store.reading() as db:
        assert db.execute(select(func.count()).select_from(tables.holiday)).scalar() == 20
        assert calendar_at(db).days.day(date(2027, 2, 14)).kind is Kind.WEEKEND


def test_a_list_that_misses_a_fixed_holiday_leaves_the_year_provisional(store: Store) -> None:
    with store.reading() as db:
        plan = preview(db, OF_2027.replace("2027-10-01,holiday,国庆节\n", ""), COUNCIL)
    assert (plan.complete, plan.incomplete) == ((), (2027,))


def test_what_was_rolled_back_is_never_remembered(store: Store) -> None:
    with pytest.raises(RuntimeError), store.writing() as db:
        store_list(db, preview(db, OF_2027, COUNCIL).days)
        assert calendar_at(db).days.day(date(2027, 1, 1)).kind is Kind.HOLIDAY
        raise RuntimeError("power cut")
    with store.reading() as db:
        assert calendar_at(db).days.day(date(2027, 1, 1)).kind is Kind.WORKDAY
    imports(store, "day,kind,name\n2027-03-01,holiday,司庆\n", "公司")
    with store.reading() as db:
        assert calendar_at(db).days.day(date(2027, 1, 1)).kind is Kind.WORKDAY


@pytest.mark.parametrize(
    "text",
    [
        "日期,类型,名称\n2027年1月1日,放假,元旦\n2027/2/14,上班,春节\n",
        "\ufeffday,kind,name\n2027-1-1,Holiday,元旦\n2027.2.14,workday,春节\n",
        "日期,类型,名称\n2027-01-01,休,元旦\n2027-02-14,班,春节\n".encode("gb18030"),
    ],
)
def test_lists_come_in_the_ways_people_write_them(text: str | bytes) -> None:
    days = [(row.day, row.kind, row.name) for row in read_list(text)]
    assert days == [(date(2027, 1, 1), "holiday", "元旦"), (date(2027, 2, 14), "workday", "春节")]


@pytest.mark.parametrize(
    ("text", "zh"),
    [
        ("day,kind,name\n2027-02-30,holiday,春节\n", "第 2 行：“2027-02-30”不是日期。"),
        ("day,kind,name\n2027-02-03,maybe,春节\n", "第 2 行：类型“maybe”应为 holiday 或 workday。"),
        ("day,kind,name\n2027-01-01,holiday,元旦\n2027-01-01,workday,元旦\n", "第 3 行：2027-01-01 出现了两次。"),
        ("day,name\n2027-01-01,元旦\n", "第 1 行：缺少列 day、kind 或 name。"),
        ("day,kind,name\n", "第 1 行：没有任何日期。"),
        ("", "第 1 行：缺少列 day、kind 或 name。"),
        ("day,kind,name\n2027-02-03\n", "第 2 行：类型“”应为 holiday 或 workday。"),
    ],
)
def test_a_list_that_cannot_be_read_names_every_wrong_line(text: str, zh: str) -> None:
    with pytest.raises(ListRefused) as refused:
        read_list(text)
    assert [finding.zh for finding in refused.value.findings] == [zh]
    assert zh in refused.value.text()
    assert refused.value.findings[0].en in refused.value.text("en")


def test_all_wrong_lines_are_named_at_once() -> None:
    with pytest.raises(ListRefused, match="2 处错误") as refused:
        read_list("day,kind,name\nx,holiday,a\n2027-01-01,y,b\n")
    assert [finding.line for finding in refused.value.findings] == [2, 3]


def test_office_hours_begin_and_end(store: Store) -> None:
    yunxi = unit(store)
    with store.writing() as db:
        set_hours(db, yunxi, {day: [("08:00", "12:00"), ("14:00", "18:00")] for day in range(1, 7)}, clock.now())
    with store.reading() as db:
        working = calendar_at(db).working([yunxi])
    assert shown(working.add_days(at("2026-11-27 17:00"), 1).due) == "2026-11-28 17:00:00"  # a Saturday
    with store.writing() as db:
        set_hours(db, yunxi, {day: [("10:00", "16:00")] for day in range(1, 6)}, at("2026-12-01 00:00"))
    with store.writing() as db:  # and thought better of it
        set_hours(db, yunxi, {}, at("2026-11-25 00:00"))
    with store.reading() as db:
        working = calendar_at(db).working([yunxi])
        rows = db.execute(select(tables.office_hours)).all()
    assert len(rows) == 17
    assert shown(working.add_days(at("2026-11-24 19:00"), 0).due) == "2026-11-25 09:00:00"
    assert shown(working.add_days(at("2026-12-02 09:30"), 0).due) == "2026-12-02 09:30:00"


@pytest.mark.parametrize(
    "week",
    [
        {1: [("9:00", "12:00")]},
        {1: [("12:00", "09:00")]},
        {1: [("09:00", "12:00"), ("11:00", "18:00")]},
        {1: [("09:00", "12:00"), ("12:00", "18:00")]},
        {8: [("09:00", "12:00")]},
        {1: [("09:00", "24:01")]},
        {1: [("09:00", "noon")]},
    ],
)
def test_hours_that_cannot_be_are_refused(tmp_path: Path, week: dict[int, list[tuple[str, str]]]) -> None:
    found = open_store(f"sqlite:///{tmp_path}/a.db")
    migrations.upgrade(found)
    with found.writing() as db, pytest.raises(BadHours):
        set_hours(db, 1, week, clock.now())
    found.dispose()
