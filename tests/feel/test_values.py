"""What goes in and comes out: Python's values in variables, JSON and text."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

import pytest

from engine import feel


class Level(StrEnum):
    """A level of a complaint."""

    MAJOR = "major"


def test_python_numbers_are_numbers_also_deep_inside() -> None:
    variables = {"amount": 3, "rate": 0.1, "lines": [{"price": 2}, {"price": 0.5}], "pair": (1, 2)}
    assert feel.evaluate("amount * rate", variables) == Decimal("0.3")
    assert feel.evaluate("sum(lines.price)", variables) == Decimal("2.5")
    assert feel.evaluate("pair[2]", variables) == 2


def test_variables_are_never_changed() -> None:
    variables = {"lines": [1, 2.5, {"a": 1}]}
    feel.evaluate("append(lines, 4)", variables)
    assert variables == {"lines": [1, 2.5, {"a": 1}]}
    assert type(variables["lines"][0]) is int


def test_enumerations_read_as_text_and_unknown_objects_as_null() -> None:
    assert feel.evaluate('level = "major"', {"level": Level.MAJOR}) is True
    assert feel.evaluate("thing = null", {"thing": object()}) is True
    assert feel.evaluate("n = null", {"n": float("nan")}) is True


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "null"),
        (True, "true"),
        (Decimal("12300"), "12300"),
        (Decimal("1.50"), "1.5"),
        (Decimal("1E+3"), "1000"),
        (Decimal("-0.000001"), "-0.000001"),
        ("张三", "张三"),
        (date(2026, 11, 22), "2026-11-22"),
        (time(8, 30), "08:30:00"),
        (datetime(2026, 11, 22, 8, 30, tzinfo=ZoneInfo("Asia/Shanghai")), "2026-11-22T08:30:00@Asia/Shanghai"),
        (datetime(2026, 11, 22, 8, 30, 0, 500000), "2026-11-22T08:30:00.5"),
        (timedelta(days=1, hours=2), "P1DT2H"),
        (timedelta(seconds=-90), "-PT1M30S"),
        (timedelta(0), "PT0S"),
        (feel.YearsMonths(14), "P1Y2M"),
        (feel.YearsMonths(0), "P0M"),
        (feel.YearsMonths(-12), "-P1Y"),
        ([1, "a", None], '[1, "a", null]'),
        ({"a": 1, "b c": "x"}, '{a: 1, "b c": "x"}'),
        (feel.Range(1, 5, True, False), "[1..5)"),
    ],
)
def test_text_is_what_string_says(value: object, shown: str) -> None:
    assert feel.to_text(value) == shown


def test_json_keeps_whole_numbers_whole() -> None:
    value = {
        "n": Decimal("5.0"),
        "f": Decimal("1.25"),
        "d": date(2026, 1, 2),
        "t": timedelta(hours=1),
        "l": [Decimal(1)],
        "r": feel.Range(1, 2, True, True),
    }
    found = feel.to_json(value)
    assert found == {"n": 5, "f": Decimal("1.25"), "d": "2026-01-02", "t": "PT1H", "l": [1], "r": "[1..2]"}
    assert type(found["n"]) is int


def test_texts_of_times_and_durations_read_back() -> None:
    assert feel.parse_date("2026-02-29") is None
    assert feel.parse_date("2024-02-29") == date(2024, 2, 29)
    assert feel.parse_duration("P1DT2H") == timedelta(days=1, hours=2)
    assert feel.parse_duration("P1Y2M") == feel.YearsMonths(14)
    assert feel.parse_duration("P1Y2D") is None
    assert feel.parse_duration("1 day") is None
    moment = feel.parse_date_time("2026-11-22T08:30:00+08:00")
    assert moment is not None and feel.to_text(moment) == "2026-11-22T08:30:00+08:00"
    assert feel.parse_time("24:01:00") is None


def test_a_long_answer_survives_json_and_text() -> None:
    found = feel.evaluate("for i in 1..20000 return {n: i}")
    assert len(feel.to_json(found)) == 20000
