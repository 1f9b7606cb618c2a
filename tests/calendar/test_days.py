"""A day and why it is one of work: the program's data, imported lists that win, weekends where nothing is known."""

from __future__ import annotations

from datetime import date

import pytest

from engine.calendar import Days, Kind, Listed, read_list
from tests.calendar.lists import COUNCIL, OF_2027


@pytest.mark.parametrize(
    ("day", "kind", "name"),
    [
        (date(2026, 9, 30), Kind.WORKDAY, ""),
        (date(2026, 10, 1), Kind.HOLIDAY, "国庆节"),
        (date(2026, 10, 3), Kind.HOLIDAY, "国庆节"),  # a Saturday inside the festival is the festival
        (date(2026, 10, 8), Kind.WORKDAY, ""),
        (date(2026, 10, 10), Kind.MAKEUP, "国庆节"),
        (date(2026, 10, 11), Kind.WEEKEND, ""),
        (date(2026, 4, 5), Kind.HOLIDAY, "清明节"),
        (date(2015, 9, 3), Kind.HOLIDAY, "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日"),
        (date(2020, 1, 31), Kind.HOLIDAY, "春节"),  # prolonged that year
    ],
)
def test_what_the_program_knows(day: date, kind: Kind, name: str) -> None:
    found = Days().day(day)
    assert (found.kind, found.name, found.version, found.known) == (kind, name, 1, True)
    assert found.works is (kind in (Kind.WORKDAY, Kind.MAKEUP))


def test_festivals_have_english_names() -> None:
    assert Days().day(date(2026, 10, 1)).name_en == "National Day"
    assert Days().day(date(2026, 9, 25)).name_en == "Mid-autumn Festival"


@pytest.mark.parametrize("day", [date(2027, 1, 1), date(2003, 12, 31), date(9999, 12, 31)])
def test_a_year_without_data_has_plain_weekends_and_says_so(day: date) -> None:
    found = Days().day(day)
    assert found.kind is Kind.WORKDAY
    assert not found.known


def test_an_imported_list_makes_its_year_known() -> None:
    days = Days(version(2, OF_2027))
    assert days.day(date(2027, 1, 1)).kind is Kind.HOLIDAY
    assert days.day(date(2027, 2, 14)).kind is Kind.MAKEUP
    assert days.day(date(2027, 3, 1)).known
    assert days.day(date(2027, 3, 1)).version == 2
    assert days.day(date(2026, 10, 1)).version == 1


def test_a_single_day_of_ones_own_does_not_make_a_year_known() -> None:
    days = Days([Listed(date(2027, 3, 1), "holiday", "司庆", "公司", 2)])
    assert days.day(date(2027, 3, 1)).kind is Kind.HOLIDAY
    assert not days.day(date(2027, 3, 1)).known


def test_an_imported_day_wins_over_the_programs() -> None:
    days = Days([Listed(date(2026, 10, 7), "workday", "", "公司", 2), Listed(date(2026, 10, 10), "holiday", "调休取消", "公司", 2)])
    assert days.day(date(2026, 10, 7)).kind is Kind.WORKDAY
    assert days.day(date(2026, 10, 10)).kind is Kind.HOLIDAY
    assert days.day(date(2026, 10, 6)).kind is Kind.HOLIDAY
    assert days.day(date(2026, 10, 6)).known


def test_a_complete_list_replaces_its_year_and_leaves_other_sources_and_years() -> None:
    first = version(2, OF_2027)
    own = [Listed(date(2027, 3, 1), "holiday", "司庆", "公司", 3)]
    corrected = version(4, OF_2027.replace("2027-02-14,workday,春节", "2027-02-20,workday,春节"))
    days = Days([*corrected, *own, *first])
    assert days.day(date(2027, 2, 14)).kind is Kind.WEEKEND
    assert days.day(date(2027, 2, 20)).kind is Kind.MAKEUP
    assert days.day(date(2027, 3, 1)).name == "司庆"
    assert days.day(date(2027, 6, 1)).version == 4


def test_a_list_for_the_next_year_may_name_the_last_days_of_this_one() -> None:
    """As in 2022: the arrangement for 2023 began with 31 December 2022."""
    first = version(2, OF_2027)
    second = version(3, OF_2027.replace("2027-", "2028-") + "2027-12-31,holiday,元旦\n")
    days = Days([*first, *second])
    assert days.day(date(2027, 12, 31)).kind is Kind.HOLIDAY
    assert days.day(date(2027, 10, 1)).kind is Kind.HOLIDAY
    assert {2026, 2027, 2028} <= days.known


def version(number: int, text: str) -> list[Listed]:
    return [Listed(row.day, row.kind, row.name, row.source, number) for row in read_list(text, COUNCIL)]
