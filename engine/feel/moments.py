"""Dates and times beyond Python's: years outside 1–9999 and nanoseconds, which FEEL has and `datetime` has not.

Whatever fits is a plain `date`, `time` or `datetime`; only the rest is one of the three small classes below. All arithmetic runs over
day numbers (day 0 = 1970-01-01, proleptic Gregorian calendar, as ISO 8601) and nanoseconds, and is narrowed again afterwards.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

YEARS = 999_999_999  # largest year FEEL's `date` accepts (DMN 1.5, 10.3.4.1)
NANOS = 1_000_000_000
DAY_NANOS = 86_400 * NANOS
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class FarDate:
    """A date whose year lies outside 1–9999."""

    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class FineTime:
    """A time of day with more than six fractional digits."""

    hour: int
    minute: int
    second: int
    nanosecond: int
    tzinfo: tzinfo | None


@dataclass(frozen=True, slots=True)
class FarDateTime:
    """A date and time of which one half is a FarDate or a FineTime."""

    date: Date
    time: Time


Date = date | FarDate
Time = time | FineTime
DateTime = datetime | FarDateTime


def make_date(year: int, month: int, day: int) -> Date | None:
    """Return the date, or None when there is no such day."""
    if not (-YEARS <= year <= YEARS and 1 <= month <= 12 and 1 <= day <= month_days(year, month)):
        return None
    return date(year, month, day) if 1 <= year <= 9999 else FarDate(year, month, day)


def make_time(seconds: int, nanosecond: int, zone: tzinfo | None) -> Time:
    """Return the time of day `seconds` (0–86399) and `nanosecond` (0–999999999) after midnight."""
    hour, rest = divmod(seconds, 3600)
    minute, second = divmod(rest, 60)
    if nanosecond % 1000:
        return FineTime(hour, minute, second, nanosecond, zone)
    return time(hour, minute, second, nanosecond // 1000, zone)


def combine(day: Date, clock: Time) -> DateTime:
    """Return the date and time made of both."""
    if isinstance(day, date) and isinstance(clock, time):
        return datetime.combine(day, clock)
    return FarDateTime(day, clock)


def date_part(moment: DateTime) -> Date:
    """Return the date of a date and time."""
    return moment.date() if isinstance(moment, datetime) else moment.date


def time_part(moment: DateTime) -> Time:
    """Return the time of a date and time, with its zone."""
    return moment.timetz() if isinstance(moment, datetime) else moment.time


def zone_of(value: Time | DateTime) -> tzinfo | None:
    """Return the zone or offset, None for a local value."""
    return value.time.tzinfo if isinstance(value, FarDateTime) else value.tzinfo


def month_days(year: int, month: int) -> int:
    """Return the number of days of a month of any year."""
    return calendar.monthrange(2000 + year % 400, month)[1]


def day_number(day: Date) -> int:
    """Return the days since 1970-01-01, negative before."""
    if isinstance(day, date):
        return day.toordinal() - _EPOCH
    cycles, year = divmod(day.year, 400)
    return date(2000 + year, day.month, day.day).toordinal() + (cycles - 5) * 146_097 - _EPOCH


def from_day_number(number: int) -> Date | None:
    """Return the date of a day number, None beyond ±999,999,999 years."""
    ordinal = number + _EPOCH
    if 1 <= ordinal <= date.max.toordinal():
        return date.fromordinal(ordinal)
    cycles, rest = divmod(ordinal - 1, 146_097)
    near = date.fromordinal(rest + 1)
    return make_date(near.year + cycles * 400, near.month, near.day)


def clock_nanos(clock: Time) -> int:
    """Return the nanoseconds since midnight."""
    fraction = clock.nanosecond if isinstance(clock, FineTime) else clock.microsecond * 1000
    return (clock.hour * 3600 + clock.minute * 60 + clock.second) * NANOS + fraction


def local_nanos(moment: DateTime) -> int:
    """Return the nanoseconds since 1970-01-01T00:00 on the wall clock, the zone left aside."""
    return day_number(date_part(moment)) * DAY_NANOS + clock_nanos(time_part(moment))


def instant_nanos(moment: DateTime) -> int:
    """Return the nanoseconds since the epoch in UTC; a local value counts as UTC."""
    offset = offset_of(moment)
    return local_nanos(moment) - (0 if offset is None else delta_nanos(offset))


def from_local_nanos(nanos: int, zone: tzinfo | None) -> DateTime | None:
    """Return the date and time so many nanoseconds after 1970-01-01T00:00 on the wall clock of `zone`."""
    days, rest = divmod(nanos, DAY_NANOS)
    day = from_day_number(days)
    seconds, nanosecond = divmod(rest, NANOS)
    return None if day is None else combine(day, make_time(seconds, nanosecond, zone))


def offset_of(moment: DateTime) -> timedelta | None:
    """Return the distance from UTC, None for a local value. Years beyond Python's take the rules of the same year of the 400-year cycle."""
    if isinstance(moment, datetime):
        return moment.utcoffset()
    clock, day = moment.time, moment.date
    if not isinstance(clock.tzinfo, ZoneInfo):
        return None if clock.tzinfo is None else clock.tzinfo.utcoffset(None)
    near = day.year if 1 <= day.year <= 9999 else (2000 + day.year % 400 if day.year > 0 else 1 + day.year % 400)
    return datetime(near, day.month, min(day.day, month_days(near, day.month)), clock.hour, clock.minute, tzinfo=clock.tzinfo).utcoffset()


def time_offset(clock: Time) -> timedelta | None:
    """Return the offset of a time of day; None for a local time and for a zone, whose offset depends on the day."""
    return None if clock.tzinfo is None else clock.tzinfo.utcoffset(None)


def delta_nanos(delta: timedelta) -> int:
    """Return a duration in nanoseconds."""
    return ((delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds) * 1000


def delta(nanos: int) -> timedelta | None:
    """Return a duration of so many nanoseconds (cut to microseconds), None when it is too long."""
    try:
        return timedelta(microseconds=nanos // 1000 if nanos >= 0 else -(-nanos // 1000))
    except OverflowError:
        return None


def add_months(day: Date, months: int) -> Date | None:
    """Return the date `months` later; the day is cut to the length of the month (31 January + P1M = 28 or 29 February)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return make_date(year, month + 1, min(day.day, month_days(year, month + 1)))


def fixed_zone(offset: timedelta) -> tzinfo | None:
    """Return the zone with a fixed offset, None beyond 18 hours (the bound of the kit and of Java's ZoneOffset)."""
    if abs(offset) > timedelta(hours=18):
        return None
    return timezone.utc if not offset else timezone(offset)  # noqa: UP017
