"""Working days and office time added to a moment: reading Q8 of DL-4-G3, to the second on both sides."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest

from engine.calendar import Calendar, Days, Hours, Kind, Listed, NeverOpen, OfficeRow, Skipped, Span, TooFar, read_list
from engine.calendar.hours import seconds
from tests.calendar.lists import COUNCIL, OF_2027, at, shown

PLAIN = Calendar().working()


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        ("2026-11-20 16:00:00", 1, "2026-11-23 16:00:00"),  # Q8: Friday → Monday, same clock time
        ("2026-09-30 15:00:00", 1, "2026-10-08 15:00:00"),  # over the week of National Day
        ("2026-10-09 15:00:00", 1, "2026-10-10 15:00:00"),  # Friday → make-up Saturday
        ("2026-10-10 15:00:00", 1, "2026-10-12 15:00:00"),  # from the make-up Saturday on
        ("2026-09-18 10:00:00", 1, "2026-09-20 10:00:00"),  # a make-up Sunday
        ("2026-11-23 20:15:00", 1, "2026-11-25 09:00:00"),  # at night: from the next opening
        ("2026-11-23 03:00:00", 1, "2026-11-24 09:00:00"),  # before opening: from today's
        ("2026-11-23 12:30:00", 1, "2026-11-24 13:30:00"),  # in the lunch break
        ("2026-10-03 11:00:00", 1, "2026-10-09 09:00:00"),  # on a holiday
        ("2026-11-21 11:00:00", 2, "2026-11-25 09:00:00"),  # on a Saturday
        ("2026-11-23 10:00:00", 0, "2026-11-23 10:00:00"),
        ("2026-11-23 19:00:00", 0, "2026-11-24 09:00:00"),
        ("2026-11-23 10:00:00", 10, "2026-12-07 10:00:00"),
    ],
)
def test_working_days_end_at_the_same_clock_time(start: str, amount: int, due: str) -> None:
    assert shown(PLAIN.add_days(at(start), amount).due) == due


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-11-23 08:59:59", "2026-11-24 09:00:00"),
        ("2026-11-23 09:00:00", "2026-11-24 09:00:00"),
        ("2026-11-23 09:00:01", "2026-11-24 09:00:01"),
        ("2026-11-23 12:00:00", "2026-11-24 12:00:00"),
        ("2026-11-23 12:00:01", "2026-11-24 13:30:00"),
        ("2026-11-23 13:29:59", "2026-11-24 13:30:00"),
        ("2026-11-23 18:00:00", "2026-11-24 18:00:00"),
        ("2026-11-23 18:00:01", "2026-11-25 09:00:00"),
        ("2026-11-23 23:59:59", "2026-11-25 09:00:00"),
        ("2026-11-24 00:00:00", "2026-11-25 09:00:00"),
    ],
)
def test_both_ends_of_office_hours_belong_to_them(start: str, due: str) -> None:
    assert shown(PLAIN.add_days(at(start), 1).due) == due


def test_fractions_of_a_second_are_dropped() -> None:
    assert PLAIN.add_days(at("2026-11-23 18:00:00").replace(microsecond=999_999), 1).due == at("2026-11-24 18:00")


def test_a_result_says_what_it_left_out_and_which_data_it_used() -> None:
    found = PLAIN.add_days(at("2026-09-30 15:00"), 1)
    assert found.basis.skipped == (Skipped(date(2026, 10, 1), date(2026, 10, 7), Kind.HOLIDAY, "国庆节", "National Day"),)
    assert found.basis.versions == ((2026, 1),)
    assert not found.basis.provisional
    assert (found.began, found.counted) == (at("2026-09-30 15:00"), at("2026-09-30 15:00"))
    assert (found.landed.on, found.landed.kind) == (date(2026, 10, 8), Kind.WORKDAY)
    assert [str(span) for span in found.office] == ["09:00–12:00", "13:30–18:00"]
    assert found.unit is None


def test_what_begins_on_a_holiday_says_from_when_it_counts() -> None:
    found = PLAIN.add_days(at("2026-10-03 11:00"), 1)
    assert found.counted == at("2026-10-08 09:00")
    assert found.basis.skipped[0].first == date(2026, 10, 3)


def test_weekend_and_holiday_are_told_apart() -> None:
    kinds = [(item.kind, item.first.isoformat()) for item in PLAIN.add_days(at("2026-09-24 10:00"), 3).basis.skipped]
    assert kinds == [(Kind.HOLIDAY, "2026-09-25")]
    kinds = [(item.kind, item.first.isoformat()) for item in PLAIN.add_days(at("2026-10-09 10:00"), 2).basis.skipped]
    assert kinds == [(Kind.WEEKEND, "2026-10-11")]


@pytest.mark.parametrize(
    ("start", "provisional", "firm"),
    [
        ("2026-12-28 10:00", None, "2026-12-29 10:00:00"),
        ("2026-12-29 10:00", None, "2026-12-30 10:00:00"),
        ("2026-12-30 10:00", None, "2026-12-31 10:00:00"),
        ("2026-12-31 10:00", "2027-01-01 10:00:00", "2027-01-04 10:00:00"),  # a plain Friday until the list arrives
        ("2027-01-01 10:00", "2027-01-04 10:00:00", "2027-01-05 09:00:00"),
        ("2027-01-02 10:00", "2027-01-05 09:00:00", "2027-01-05 09:00:00"),
        ("2027-01-03 10:00", "2027-01-05 09:00:00", "2027-01-05 09:00:00"),
        ("2027-01-04 10:00", "2027-01-05 10:00:00", "2027-01-05 10:00:00"),
        ("2027-01-05 10:00", "2027-01-06 10:00:00", "2027-01-06 10:00:00"),
    ],
)
def test_nine_days_around_new_year_2027_are_provisional_where_they_touch_2027(start: str, provisional: str | None, firm: str) -> None:
    found = PLAIN.add_days(at(start), 1)
    assert shown(found.due) == (provisional or firm)
    assert found.basis.unknown == ((2027,) if provisional else ())
    announced = Calendar(Days(read_list(OF_2027, COUNCIL))).working().add_days(at(start), 1)
    assert shown(announced.due) == firm
    assert not announced.basis.provisional


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-23 09:00", 3, "2026-11-23 12:00:00"),  # a closing time, not the next opening
        ("2026-11-23 09:00", 3.5, "2026-11-23 14:00:00"),  # over lunch
        ("2026-11-23 17:00", 2, "2026-11-24 10:00:00"),
        ("2026-11-20 17:00", 7.5, "2026-11-23 17:00:00"),
        ("2026-09-30 17:00", 2, "2026-10-08 10:00:00"),
        ("2026-11-23 20:00", 1, "2026-11-24 10:00:00"),
        ("2026-11-23 12:00", 0, "2026-11-23 12:00:00"),
        ("2026-11-23 12:15", 0, "2026-11-23 13:30:00"),
        ("2026-11-23 12:00", 4.5, "2026-11-23 18:00:00"),
        ("2026-11-23 09:00", 37.5, "2026-11-27 18:00:00"),
    ],
)
def test_office_time_passes_only_in_office_hours(start: str, hours: float, due: str) -> None:
    assert shown(PLAIN.add_time(at(start), timedelta(hours=hours)).due) == due


@pytest.mark.parametrize(
    ("after", "until", "days"),
    [
        ((2026, 11, 20), (2026, 11, 23), 1),
        ((2026, 9, 30), (2026, 10, 8), 1),
        ((2026, 9, 30), (2026, 10, 7), 0),
        ((2026, 11, 23), (2026, 11, 23), 0),
        ((2026, 11, 23), (2026, 11, 20), -1),
        ((2025, 12, 31), (2026, 12, 31), 248),
    ],
)
def test_working_days_between(after: tuple[int, int, int], until: tuple[int, int, int], days: int) -> None:
    assert PLAIN.between(date(*after), date(*until)).days == days


UNIT, ABOVE = 11, 10
ALWAYS = at("2020-01-01 00:00")


def office(unit: int, *rows: tuple[int, str, str], since: str = "2020-01-01 00:00", until: str | None = None) -> list[OfficeRow]:
    return [
        OfficeRow(unit, weekday, Span(seconds(opens), seconds(closes)), at(since), at(until) if until else None)
        for weekday, opens, closes in rows
    ]


def test_a_unit_with_hours_of_its_own_works_on_its_own_days() -> None:
    rows = office(UNIT, *((day, "08:00", "20:00") for day in range(2, 7)))  # Tuesday to Saturday
    unit = Calendar(hours=Hours(rows)).working([UNIT, ABOVE])
    assert shown(unit.add_days(at("2026-11-20 19:00"), 1).due) == "2026-11-21 19:00:00"
    assert shown(unit.add_days(at("2026-11-21 19:00"), 1).due) == "2026-11-24 19:00:00"
    assert unit.day(date(2026, 11, 21)).kind is Kind.WORKDAY
    assert unit.day(date(2026, 11, 23)).kind is Kind.CLOSED
    assert unit.add_days(at("2026-11-20 19:00"), 1).unit == UNIT
    # holidays stay holidays; a make-up day on a weekday without hours of its own has those of the first day
    assert unit.day(date(2026, 10, 3)).kind is Kind.HOLIDAY
    assert unit.day(date(2026, 9, 20)).kind is Kind.MAKEUP
    assert shown(unit.add_time(at("2026-09-20 07:00"), timedelta(hours=1)).due) == "2026-09-20 09:00:00"


def test_the_nearest_unit_upward_with_hours_counts() -> None:
    rows = office(ABOVE, *((day, "10:00", "16:00") for day in range(1, 6)))
    calendar = Calendar(hours=Hours(rows))
    found = calendar.working([UNIT, ABOVE]).add_days(at("2026-11-23 09:00"), 1)
    assert (shown(found.due), found.unit) == ("2026-11-24 10:00:00", ABOVE)
    assert shown(calendar.working([UNIT]).add_days(at("2026-11-23 09:00"), 1).due) == "2026-11-24 09:00:00"


def test_hours_hold_from_when_to_when() -> None:
    old = office(UNIT, *((day, "09:00", "17:00") for day in range(1, 6)), until="2026-12-01 00:00")
    new = office(UNIT, *((day, "10:00", "16:00") for day in range(1, 6)), since="2026-12-01 00:00")
    unit = Calendar(hours=Hours([*old, *new])).working([UNIT])
    assert shown(unit.add_time(at("2026-11-30 16:00"), timedelta(hours=2)).due) == "2026-12-01 11:00:00"
    gone = Calendar(hours=Hours(old)).working([UNIT])
    assert shown(gone.add_days(at("2026-12-01 08:00"), 0).due) == "2026-12-01 09:00:00"  # back to the default
    assert gone.add_days(at("2026-12-01 08:00"), 0).unit is None


def test_hours_around_the_clock_end_with_the_last_second_of_the_day() -> None:
    unit = Calendar(hours=Hours(office(UNIT, *((day, "00:00", "24:00") for day in range(1, 8))))).working([UNIT])
    assert shown(unit.add_days(at("2026-11-21 23:59:59"), 1).due) == "2026-11-22 23:59:59"
    assert shown(unit.add_time(at("2026-11-21 00:00"), timedelta(hours=24)).due) == "2026-11-21 23:59:59"


def test_what_cannot_be_counted_is_refused_with_a_sentence() -> None:
    with pytest.raises(TooFar, match="3660"):
        PLAIN.add_days(at("2026-11-23 09:00"), -1)
    with pytest.raises(TooFar):
        PLAIN.add_days(at("2026-11-23 09:00"), 4000)
    with pytest.raises(TooFar):
        PLAIN.add_time(at("2026-11-23 09:00"), timedelta(hours=-1))
    with pytest.raises(TooFar):
        PLAIN.between(date(2026, 1, 1), date(9999, 1, 1))
    closed = Calendar(Days(Listed(date(2026, 1, 1) + timedelta(days=n), "holiday", "停业", "公司", 2) for n in range(800))).working()
    with pytest.raises(NeverOpen, match="2026-06-01"):
        closed.add_days(at("2026-06-01 10:00"), 1)


def test_a_deadline_costs_little_after_the_first() -> None:
    """Under 50 µs when measured alone; the bound here leaves room for a busy machine."""
    start = at("2026-09-30 15:00")
    PLAIN.add_days(start, 5)
    begun = time.perf_counter()
    for _ in range(1000):
        PLAIN.add_days(start, 5)
    assert (time.perf_counter() - begun) / 1000 < 0.0005
