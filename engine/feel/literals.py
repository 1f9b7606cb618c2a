"""Reads dates, times and durations from text, strictly as the standard writes them (DMN 1.5, 10.3.4.1; XML Schema lexical forms)."""

from __future__ import annotations

import re
from datetime import timedelta, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from engine.feel import moments
from engine.feel.moments import Date, DateTime, Time
from engine.feel.values import YearsMonths

_DATE = re.compile(r"(-?)(\d{4}|[1-9]\d{4,8})-(\d{2})-(\d{2})", re.ASCII)
_TIME = re.compile(r"(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:(Z)|([+-])(\d{2}):(\d{2})(?::(\d{2}))?|@([\w/+-]+))?", re.ASCII)
_DAYS = re.compile(r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d*))?S)?)?", re.ASCII)
_MONTHS = re.compile(r"(-?)P(?:(\d+)Y)?(?:(\d+)M)?", re.ASCII)
_LONGEST = 128  # characters; protects int() and the patterns


def parse_date(text: str) -> Date | None:
    """Return the date written as `2026-11-22`, None for anything else."""
    found = _DATE.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        return None
    year = int(found[2])
    return moments.make_date(-year if found[1] else year, int(found[3]), int(found[4]))


def parse_time(text: str) -> Time | None:
    """Return the time written as `08:30:00`, with an optional fraction and `Z`, `+08:00` or `@Asia/Shanghai`."""
    found = _TIME.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3])
    if (hour == 24 and (minute or second)) or hour > 24 or minute > 59 or second > 59:
        return None
    zoned = found[5] or found[6] or found[10]
    zone = _zone(found) if zoned else None
    if zoned and zone is None:
        return None
    nanos = int((found[4] or "0")[:9].ljust(9, "0"))
    return moments.make_time((hour % 24) * 3600 + minute * 60 + second, nanos, zone)


def parse_date_time(text: str) -> DateTime | None:
    """Return the date and time written as `2026-11-22T08:30:00+08:00`; a date alone is its midnight."""
    day_text, separator, clock_text = text.partition("T")
    day = parse_date(day_text)
    clock = parse_time(clock_text if separator else "00:00:00")
    if day is None or clock is None:
        return None
    if clock_text.startswith("24"):  # midnight at the end of the day
        later = moments.from_day_number(moments.day_number(day) + 1)
        return None if later is None else moments.combine(later, clock)
    return moments.combine(day, clock)


def parse_duration(text: str) -> timedelta | YearsMonths | None:
    """Return the duration written as `P1DT2H` or `P1Y2M`; years or months do not mix with days."""
    if len(text) > _LONGEST or text.endswith(("P", "T")):
        return None
    months = _MONTHS.fullmatch(text)
    if months is not None:
        count = int(months[2] or 0) * 12 + int(months[3] or 0)
        return YearsMonths(-count if months[1] else count)
    days = _DAYS.fullmatch(text)
    if days is None:
        return None
    seconds = ((int(days[2] or 0) * 24 + int(days[3] or 0)) * 60 + int(days[4] or 0)) * 60 + int(days[5] or 0)
    nanos = seconds * moments.NANOS + int((days[6] or "0")[:9].ljust(9, "0"))
    return moments.delta(-nanos if days[1] else nanos)


def parse_literal(text: str) -> Any:
    """Return what `@"…"` means: a date, time, date and time or duration; None for anything else."""
    if "P" in text[:2]:
        return parse_duration(text)
    if "T" in text:
        return parse_date_time(text)
    return parse_date(text) or parse_time(text)


def _zone(found: re.Match[str]) -> tzinfo | None:
    if found[5]:
        return moments.fixed_zone(timedelta(0))
    if found[10]:
        return named_zone(found[10])
    if int(found[8]) > 59 or int(found[9] or 0) > 59:
        return None
    offset = timedelta(hours=int(found[7]), minutes=int(found[8]), seconds=int(found[9] or 0))
    return moments.fixed_zone(-offset if found[6] == "-" else offset)


@lru_cache(maxsize=1024)
def named_zone(name: str) -> tzinfo | None:
    """Return the zone of the time-zone database, None for an unknown name (never a path outside of it)."""
    return ZoneInfo(name) if name in _zones() else None


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
