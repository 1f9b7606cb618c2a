"""The properties of values: `date.year`, `duration.hours`, `range.start` … (DMN 1.5, table 65), and entries of contexts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from engine.feel import moments
from engine.feel.limits import list_of
from engine.feel.values import Range, YearsMonths, kind

if TYPE_CHECKING:
    from engine.feel.run import Run


def property_of(value: Any, name: str, run: Run) -> Any:
    """Return `value.name`; null when there is no such entry or property, with a warning unless the value is null itself."""
    if type(value) is dict:
        if name in value:
            return value[name]
    elif type(value) is list:
        return list_of([property_of(item, name, run) for item in value])
    elif value is None:
        return None
    else:
        known = PROPERTIES.get(kind(value), {})
        if name in known:
            return known[name](value)
    run.warn("unknown-name", f"没有名为“{name}”的属性。", f"There is no property called {name!r}.", name)
    return None


def _weekday(day: Any) -> Decimal:
    return Decimal((moments.day_number(day) + 3) % 7 + 1)


def _of_date(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: read(value if isinstance(value, moments.FarDate) or type(value) is date else moments.date_part(value))


def _of_clock(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: read(moments.time_part(value) if kind(value) == "date and time" else value)


def _offset(value: Any) -> Any:
    return moments.offset_of(value) if kind(value) == "date and time" else moments.time_offset(value)


def _zone(value: Any) -> Any:
    zone = moments.zone_of(value)
    return zone.key if isinstance(zone, ZoneInfo) else None


def _second(clock: Any) -> Any:
    return Decimal(clock.second)


def _months_part(part: Callable[[int], int]) -> Callable[[YearsMonths], Decimal]:
    return lambda span: Decimal(part(abs(span.months)) * (-1 if span.months < 0 else 1))


def _days_part(part: Callable[[int], int]) -> Callable[[timedelta], Decimal]:
    def read(delta: timedelta) -> Decimal:
        seconds = abs(moments.delta_nanos(delta)) // moments.NANOS
        return Decimal(part(seconds) * (-1 if delta < timedelta(0) else 1))

    return read


_DATE: dict[str, Callable[[Any], Any]] = {
    "year": _of_date(lambda day: Decimal(day.year)),
    "month": _of_date(lambda day: Decimal(day.month)),
    "day": _of_date(lambda day: Decimal(day.day)),
    "weekday": _of_date(_weekday),
}
_CLOCK: dict[str, Callable[[Any], Any]] = {
    "hour": _of_clock(lambda clock: Decimal(clock.hour)),
    "minute": _of_clock(lambda clock: Decimal(clock.minute)),
    "second": _of_clock(_second),
    "time offset": _offset,
    "timezone": _zone,
}


def _start(interval: Range) -> Any:
    return None if interval.form == "!=" else interval.start


PROPERTIES: dict[str, dict[str, Callable[[Any], Any]]] = {
    "date": _DATE,
    "time": _CLOCK,
    "date and time": {**_DATE, **_CLOCK},
    "years and months duration": {
        "years": _months_part(lambda months: months // 12),
        "months": _months_part(lambda months: months % 12),
    },
    "days and time duration": {
        "days": _days_part(lambda seconds: seconds // 86_400),
        "hours": _days_part(lambda seconds: seconds // 3600 % 24),
        "minutes": _days_part(lambda seconds: seconds // 60 % 60),
        "seconds": _days_part(lambda seconds: seconds % 60),
    },
    "range": {
        "start": _start,
        "end": lambda interval: None if interval.form == "!=" else interval.end,
        "start included": lambda interval: interval.start_included,
        "end included": lambda interval: interval.end_included,
    },
}
NAMES = frozenset(name for known in PROPERTIES.values() for name in known)
