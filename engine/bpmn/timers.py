"""Timer values: ISO 8601 durations, dates and cycles, literal or as FEEL gives them. No clock is read here."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from engine import feel
from engine.clock import ZONE

PART = r"(?:(\d+(?:\.\d+)?){})?"
DURATION = re.compile(
    r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?" + PART.format("D") + "(?:T" + "".join(map(PART.format, "HMS")) + ")?",
    re.ASCII,
)
CYCLES = re.compile(r"R(\d*)/(?:([^/]+)/)?([^/]+)")


def is_valid(timer: str, text: str) -> bool:
    """Say whether a literal of this kind (date, duration, cycle) can be read."""
    if timer == "date":
        return moment(text) is not None
    if timer == "duration":
        return is_duration(text)
    return cycle(text) is not None


def is_duration(text: str) -> bool:
    """Say whether a text is an ISO duration that is not negative."""
    return bool(DURATION.fullmatch(text)) and text[-1] not in "PT"


def add(start: datetime, duration: str | timedelta) -> datetime:
    """Add a duration; months keep the day of the month or the last one (31 Jan + P1M = 28 Feb)."""
    if isinstance(duration, timedelta):
        return start + duration
    match = DURATION.fullmatch(duration)
    if not match or duration[-1] in "PT":
        raise ValueError(duration)
    years, months, weeks, days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    local = _add_months(start.astimezone(ZONE), int(years) * 12 + int(months))
    return local + timedelta(days=weeks * 7 + days, hours=hours, minutes=minutes, seconds=seconds)


def moment(value: Any) -> datetime | None:
    """Return a date and time from a FEEL value or text; naive ones are meant in Asia/Shanghai, dates start at midnight."""
    if isinstance(value, str):
        value = feel.parse_date_time(value) or feel.parse_date(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=ZONE)


def duration(value: Any) -> str | timedelta | None:
    """Return a duration from a FEEL value or text, None when it is none or negative."""
    if isinstance(value, timedelta):
        return value if value >= timedelta() else None
    text = value if isinstance(value, str) else feel.to_text(value)
    return text if isinstance(text, str) and is_duration(text) else None


def cycle(value: Any) -> tuple[int | None, datetime | None, str] | None:
    """Return (repeats or None for endless, start or None, interval) of a cycle such as `R3/PT1H`."""
    match = CYCLES.fullmatch(value) if isinstance(value, str) else None
    if match is None or not is_duration(match[3]) or match[1] == "0":
        return None
    start = moment(match[2]) if match[2] else None
    if match[2] and start is None:
        return None
    return (int(match[1]) if match[1] else None), start, match[3]


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a timer happens first; `repeats` counts all times of a cycle (None: endless, or no cycle), `interval` is its duration."""

    due: datetime
    repeats: int | None = None
    interval: str | None = None


def schedule(timer: str, value: Any, now: datetime) -> Schedule | None:
    """Return when a timer of this kind (date, duration, cycle) happens that is set now, or None if the value is no such time."""
    if timer == "date":
        due = moment(value)
        return Schedule(due) if due is not None else None
    if timer == "duration":
        length = duration(value)
        return Schedule(add(now, length)) if length is not None else None
    read = cycle(value)
    if read is None:
        return None
    repeats, start, interval = read
    return Schedule(start or add(now, interval), repeats, interval)


def _cycle(repetitions: Any, interval: Any = None) -> str | None:
    """Camunda's FEEL function: `cycle(3, duration("PT1H"))`, or `cycle(duration("PT1H"))` for an endless one."""
    count = "" if interval is None else str(int(repetitions))
    return f"R{count}/{feel.to_text(repetitions if interval is None else interval)}"


CYCLE = feel.HostFunction("cycle", ("repetitions", "interval"), _cycle)


def _add_months(start: datetime, months: int) -> datetime:
    if not months:
        return start
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return start.replace(year=year, month=month + 1, day=min(start.day, last))
