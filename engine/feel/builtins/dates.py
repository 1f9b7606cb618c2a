"""Functions that make and read dates, times and durations (10.3.4.1, 10.3.4.7, 10.3.4.8). Only `now` and `today` look at the clock."""

from __future__ import annotations

import datetime
from datetime import timedelta
from decimal import Decimal
from typing import Any

from engine import clock
from engine.feel import literals, moments
from engine.feel.builtins.whole import whole
from engine.feel.functions import builtin
from engine.feel.moments import Date, DateTime, Time
from engine.feel.values import YearsMonths, kind

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_FIELDS = ("year", "month", "day", "hour", "minute", "second")
_UTC = moments.fixed_zone(timedelta(0))


def _day(value: Any) -> Date:
    return moments.date_part(value) if kind(value) == "date and time" else value


@builtin("date", "from: string|date|date and time")
def date(value: Any) -> Date | None:
    """Return the date of a text or of a date and time."""
    return literals.parse_date(value) if isinstance(value, str) else _day(value)


@builtin("date", "year: number", "month: number", "day: number")
def date_of(year: Decimal, month: Decimal, day: Decimal) -> Date | None:
    """Return the date of the three numbers."""
    parts = [whole(part) for part in (year, month, day)]
    return None if None in parts else moments.make_date(*[part or 0 for part in parts])


@builtin("time", "from: string|time|date|date and time")
def time(value: Any) -> Time | None:
    """Return the time of a text or of a date and time; of a date its midnight in UTC."""
    if isinstance(value, str):
        return literals.parse_time(value)
    if kind(value) == "date":
        return moments.make_time(0, 0, _UTC)
    return moments.time_part(value) if kind(value) == "date and time" else value


@builtin("time", "hour: number", "minute: number", "second: number", "offset?: days and time duration")
def time_of(hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None = None) -> Time | None:
    """Return the time of the numbers; seconds may have a fraction."""
    hours, minutes = whole(hour), whole(minute)
    if hours is None or minutes is None or not (0 <= hours < 24 and 0 <= minutes < 60 and 0 <= second < 60):
        return None
    zone = None if offset is None else moments.fixed_zone(offset)
    if offset is not None and zone is None:
        return None
    seconds = int(second)
    return moments.make_time(hours * 3600 + minutes * 60 + seconds, int((second - seconds) * moments.NANOS), zone)


@builtin("date and time", "from: string|date|date and time")
def date_and_time(value: Any) -> DateTime | None:
    """Return the date and time of a text; of a date its midnight in UTC."""
    if isinstance(value, str):
        return literals.parse_date_time(value)
    return moments.combine(value, moments.make_time(0, 0, _UTC)) if kind(value) == "date" else value


@builtin("date and time", "date: date|date and time", "time: time")
def date_and_time_of(day: Any, clock_time: Time) -> DateTime:
    """Return the date and time of both halves."""
    return moments.combine(_day(day), clock_time)


@builtin("date and time", "date and time: date and time", "timezone: string")
def date_and_time_in(moment: DateTime, name: str) -> DateTime | None:
    """Return the same instant in another zone (Modeler's addition); a local value is one of Asia/Shanghai."""
    zone = literals.named_zone(name) or getattr(literals.parse_time(f"00:00:00{name}"), "tzinfo", None)
    if zone is None:
        return None
    if not isinstance(moment, datetime.datetime):
        return None
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=clock.ZONE)).astimezone(zone)


@builtin("date and time", *[f"{name}: number" for name in _FIELDS], "offset?: days and time duration")
def date_and_time_from(*parts: Any) -> DateTime | None:
    """Return the date and time of six numbers and an offset."""
    day, clock_time = date_of(*parts[:3]), time_of(*parts[3:])
    return None if day is None or clock_time is None else moments.combine(day, clock_time)


@builtin("duration", "from: string|days and time duration|years and months duration")
def duration(value: Any) -> Any:
    """Return the duration a text means."""
    return literals.parse_duration(value) if isinstance(value, str) else value


@builtin("years and months duration", "from: date|date and time", "to: date|date and time")
def years_and_months_duration(start: Any, end: Any) -> YearsMonths:
    """Return the whole months between two dates, the time of day counted when both have one."""
    return YearsMonths(_months(start, end) if _key(start) <= _key(end) else -_months(end, start))


def _months(start: Any, end: Any) -> int:
    first, last = _day(start), _day(end)
    months = (last.year - first.year) * 12 + last.month - first.month
    return months - 1 if last.day < first.day else months


def _key(value: Any) -> tuple[int, int, int]:
    day = _day(value)
    return day.year, day.month, day.day


@builtin("day of year", "date: date|date and time")
def day_of_year(value: Any) -> Decimal:
    """Return the number of the day in its year."""
    day = _day(value)
    first = moments.make_date(day.year, 1, 1)
    return Decimal(moments.day_number(day) - (moments.day_number(first) if first else 0) + 1)


@builtin("day of week", "date: date|date and time")
def day_of_week(value: Any) -> str:
    """Return the English name of the day of the week."""
    return _WEEKDAYS[(moments.day_number(_day(value)) + 3) % 7]


@builtin("month of year", "date: date|date and time")
def month_of_year(value: Any) -> str:
    """Return the English name of the month."""
    return _MONTHS[_day(value).month - 1]


@builtin("week of year", "date: date|date and time")
def week_of_year(value: Any) -> Decimal:
    """Return the week number of ISO 8601."""
    day = _day(value)
    near = datetime.date(2000 + day.year % 400, day.month, day.day)
    return Decimal(near.isocalendar().week)


@builtin("last day of month", "date: date|date and time")
def last_day_of_month(value: Any) -> Date | None:
    """Return the last day of the month (Modeler's addition)."""
    day = _day(value)
    return moments.make_date(day.year, day.month, moments.month_days(day.year, day.month))


@builtin("now")
def now() -> DateTime:
    """Return the present in Asia/Shanghai."""
    return clock.now().astimezone(clock.ZONE)


@builtin("today")
def today() -> Date:
    """Return today's date in Asia/Shanghai."""
    return clock.now().astimezone(clock.ZONE).date()
