"""The arithmetic of FEEL (DMN 1.5, tables 52–58): numbers of 34 digits, strings, dates, times and durations.

Every operation returns None where the standard says null: unfit types, division by zero, a result too large.
"""

from __future__ import annotations

import decimal
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.feel import limits, moments
from engine.feel.values import YearsMonths, kind

NUMBERS = decimal.Context(
    prec=34,
    rounding=decimal.ROUND_HALF_EVEN,
    Emin=-limits.EXPONENT,
    Emax=limits.EXPONENT,
    clamp=0,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)
DAYS = "days and time duration"
MONTHS = "years and months duration"


def number(text: str) -> Decimal | None:
    """Return the number written in `text`, rounded to 34 digits; None when it is out of range."""
    try:
        return NUMBERS.create_decimal(text)
    except decimal.DecimalException:
        return None


def add(left: Any, right: Any) -> Any:
    """Return `left + right`."""
    return _apply(_ADD, left, right)


def subtract(left: Any, right: Any) -> Any:
    """Return `left - right`."""
    return _apply(_SUBTRACT, left, right)


def multiply(left: Any, right: Any) -> Any:
    """Return `left * right`."""
    return _apply(_MULTIPLY, left, right)


def divide(left: Any, right: Any) -> Any:
    """Return `left / right`."""
    return _apply(_DIVIDE, left, right)


def power(left: Any, right: Any) -> Any:
    """Return `left ** right`."""
    return _apply(_POWER, left, right)


def negate(value: Any) -> Any:
    """Return `-value` of a number or duration."""
    if type(value) is Decimal:
        return NUMBERS.minus(value)
    if type(value) is YearsMonths:
        return YearsMonths(-value.months)
    return -value if type(value) is timedelta else None


def _apply(table: dict[tuple[str, str], Callable[[Any, Any], Any]], left: Any, right: Any) -> Any:
    operation = table.get((kind(left), kind(right)))
    if operation is None:
        return None
    try:
        return operation(left, right)
    except (decimal.DecimalException, OverflowError):
        return None


def _concatenate(left: str, right: str) -> str:
    return limits.text_of(left + right)


def _swapped(operation: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda left, right: operation(right, left)


def _minus(operation: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda left, right: operation(left, negate(right))


def _moment_plus_days(moment: Any, delta: timedelta) -> Any:
    """Add on the timeline: a zone with daylight saving time keeps the instant, not the wall clock."""
    zone = moments.zone_of(moment)
    if zone is None or zone.utcoffset(None) is not None:
        return moments.from_local_nanos(moments.local_nanos(moment) + moments.delta_nanos(delta), zone)
    later = moments.from_local_nanos(moments.instant_nanos(moment) + moments.delta_nanos(delta), zone)
    return None if later is None else _from_utc(later, zone)


def _from_utc(moment: Any, zone: Any) -> Any:
    """Read the wall clock of `moment` as UTC and return the same instant in `zone`."""
    if isinstance(moment, datetime):
        return zone.fromutc(moment)
    offset = moments.offset_of(moment) or timedelta(0)
    return moments.from_local_nanos(moments.local_nanos(moment) + moments.delta_nanos(offset), zone)


def _moment_plus_months(moment: Any, span: YearsMonths) -> Any:
    day = moments.add_months(moments.date_part(moment), span.months)
    return None if day is None else moments.combine(day, moments.time_part(moment))


def _date_plus_months(day: Any, span: YearsMonths) -> Any:
    return moments.add_months(day, span.months)


def _date_plus_days(day: Any, delta: timedelta) -> Any:
    """A date counts as its midnight in UTC; the time of the result is dropped (table 56)."""
    nanos = moments.day_number(day) * moments.DAY_NANOS + moments.delta_nanos(delta)
    return moments.from_day_number(nanos // moments.DAY_NANOS)


def _time_plus_days(clock: Any, delta: timedelta) -> Any:
    nanos = (moments.clock_nanos(clock) + moments.delta_nanos(delta)) % moments.DAY_NANOS
    return moments.make_time(nanos // moments.NANOS, nanos % moments.NANOS, clock.tzinfo)


def _between_moments(left: Any, right: Any) -> Any:
    if (moments.zone_of(left) is None) != (moments.zone_of(right) is None):
        return None
    return moments.delta(moments.instant_nanos(left) - moments.instant_nanos(right))


def _between_dates(left: Any, right: Any) -> Any:
    return moments.delta((moments.day_number(left) - moments.day_number(right)) * moments.DAY_NANOS)


def _midnight(day: Any) -> Any:
    return moments.combine(day, moments.make_time(0, 0, moments.fixed_zone(timedelta(0))))


def _between_times(left: Any, right: Any) -> Any:
    offsets = moments.time_offset(left), moments.time_offset(right)
    if (left.tzinfo is None) != (right.tzinfo is None):
        return None
    shift = sum(sign * moments.delta_nanos(offset) for sign, offset in zip((-1, 1), offsets, strict=True) if offset is not None)
    return moments.delta(moments.clock_nanos(left) - moments.clock_nanos(right) + shift)


def _days_times(delta: timedelta, factor: Decimal) -> Any:
    return moments.delta(int(NUMBERS.multiply(Decimal(moments.delta_nanos(delta)), factor)))


def _days_by(delta: timedelta, divisor: Decimal) -> Any:
    return moments.delta(int(NUMBERS.divide(Decimal(moments.delta_nanos(delta)), divisor)))


def _days_ratio(left: timedelta, right: timedelta) -> Any:
    return NUMBERS.divide(Decimal(moments.delta_nanos(left)), Decimal(moments.delta_nanos(right)))


def _months_times(span: YearsMonths, factor: Decimal) -> Any:
    return YearsMonths(_small(NUMBERS.multiply(Decimal(span.months), factor)))


def _months_by(span: YearsMonths, divisor: Decimal) -> Any:
    return YearsMonths(_small(NUMBERS.divide(Decimal(span.months), divisor)))


def _small(value: Decimal) -> int:
    if value.adjusted() > 18:
        raise OverflowError
    return int(value)


def _months_ratio(left: YearsMonths, right: YearsMonths) -> Any:
    return NUMBERS.divide(Decimal(left.months), Decimal(right.months))


def _power(left: Decimal, right: Decimal) -> Any:
    return NUMBERS.power(left, right)


_ADD: dict[tuple[str, str], Callable[[Any, Any], Any]] = {
    ("number", "number"): NUMBERS.add,
    ("string", "string"): _concatenate,
    ("date and time", DAYS): _moment_plus_days,
    (DAYS, "date and time"): _swapped(_moment_plus_days),
    ("date and time", MONTHS): _moment_plus_months,
    (MONTHS, "date and time"): _swapped(_moment_plus_months),
    ("date", DAYS): _date_plus_days,
    (DAYS, "date"): _swapped(_date_plus_days),
    ("date", MONTHS): _date_plus_months,
    (MONTHS, "date"): _swapped(_date_plus_months),
    ("time", DAYS): _time_plus_days,
    (DAYS, "time"): _swapped(_time_plus_days),
    (DAYS, DAYS): lambda left, right: left + right,
    (MONTHS, MONTHS): lambda left, right: YearsMonths(left.months + right.months),
}
_SUBTRACT: dict[tuple[str, str], Callable[[Any, Any], Any]] = {
    ("number", "number"): NUMBERS.subtract,
    ("date and time", "date and time"): _between_moments,
    ("date and time", "date"): lambda left, right: _between_moments(left, _midnight(right)),
    ("date", "date and time"): lambda left, right: _between_moments(_midnight(left), right),
    ("date", "date"): _between_dates,
    ("time", "time"): _between_times,
    ("date and time", DAYS): _minus(_moment_plus_days),
    ("date and time", MONTHS): _minus(_moment_plus_months),
    ("date", DAYS): _minus(_date_plus_days),
    ("date", MONTHS): _minus(_date_plus_months),
    ("time", DAYS): _minus(_time_plus_days),
    (DAYS, DAYS): lambda left, right: left - right,
    (MONTHS, MONTHS): lambda left, right: YearsMonths(left.months - right.months),
}
_MULTIPLY: dict[tuple[str, str], Callable[[Any, Any], Any]] = {
    ("number", "number"): NUMBERS.multiply,
    (DAYS, "number"): _days_times,
    ("number", DAYS): _swapped(_days_times),
    (MONTHS, "number"): _months_times,
    ("number", MONTHS): _swapped(_months_times),
}
_DIVIDE: dict[tuple[str, str], Callable[[Any, Any], Any]] = {
    ("number", "number"): NUMBERS.divide,
    (DAYS, "number"): _days_by,
    (MONTHS, "number"): _months_by,
    (DAYS, DAYS): _days_ratio,
    (MONTHS, MONTHS): _months_ratio,
}
_POWER: dict[tuple[str, str], Callable[[Any, Any], Any]] = {("number", "number"): _power}
