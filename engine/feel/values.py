"""The values of FEEL and what they have in common: kind, equality, order.

Numbers are `Decimal`, the rest Python's own types, plus the two here. A variable from outside passes `incoming` once, so that the
language itself never meets an int or a float.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from engine.feel import limits, moments
from engine.feel.moments import FarDate, FarDateTime, FineTime


@dataclass(frozen=True, slots=True, order=True)
class YearsMonths:
    """A years and months duration, counted in months; negative ones run backwards."""

    months: int

    def __str__(self) -> str:
        sign, count = ("-" if self.months < 0 else ""), abs(self.months)
        years, months = divmod(count, 12)
        return f"{sign}P" + (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")


@dataclass(frozen=True, slots=True)
class Range:
    """An interval. `form` is empty for `[a..b]`, `half` for `(< b)` whose missing end is infinity, `!=` for `(!= a)`."""

    start: Any
    end: Any
    start_included: bool
    end_included: bool
    form: str = ""


class Function:
    """Anything that can be called: a built-in, a function of the host, `function(x) …`, a knowledge model. See functions.py."""

    __slots__ = ()


KINDS: dict[type, str] = {
    Decimal: "number",
    str: "string",
    bool: "boolean",
    type(None): "null",
    date: "date",
    FarDate: "date",
    time: "time",
    FineTime: "time",
    datetime: "date and time",
    FarDateTime: "date and time",
    timedelta: "days and time duration",
    YearsMonths: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
    int: "number",
    float: "number",
}
_ORDERED = frozenset({"number", "string", "date", "time", "date and time", "days and time duration", "years and months duration"})


def kind(value: Any) -> str:
    """Return the FEEL name of a value's type, `null` for None and `function` for what can be called."""
    found = KINDS.get(type(value))
    if found is not None:
        return found
    return "function" if isinstance(value, Function) else "unknown"


def incoming(value: Any, depth: int = 0) -> Any:
    """Turn a variable from outside into a FEEL value: int and float become Decimal, tuples lists, also inside lists and contexts.

    Returns the same object when nothing had to change. Text longer than allowed, or nesting beyond 60, raises LimitReached.
    """
    typ = type(value)
    if typ is int:
        return Decimal(value)
    if typ is float:
        return Decimal(repr(value)) if value == value and abs(value) != float("inf") else None
    if typ in KINDS and typ is not list and typ is not dict:
        return value
    if depth > limits.DEPTH:
        raise limits.LimitReached("变量嵌套过深。", "A variable is nested too deep.")
    if typ is list:
        return _incoming_list(value, depth + 1)
    if isinstance(value, list | tuple | set | frozenset):
        return _incoming_list(list(value), depth + 1)
    if isinstance(value, Mapping):
        plain = typ is dict and all(type(key) is str for key in value)
        return _incoming_context(value if plain else {str(key): item for key, item in value.items()}, depth + 1)
    return _subclass(value)


def _incoming_list(items: list[Any], depth: int) -> list[Any]:
    limits.spend(1 + len(items) // 4)
    made: list[Any] | None = None
    for place, item in enumerate(items):
        typ = type(item)
        if typ is str or typ is Decimal or typ is bool or item is None:
            continue
        new = incoming(item, depth)
        if new is not item:
            if made is None:
                made = items[:]
            made[place] = new
    return items if made is None else made


def _incoming_context(entries: Any, depth: int) -> Any:
    limits.spend(1 + len(entries) // 4)
    made: dict[str, Any] | None = None
    for key, item in entries.items():
        typ = type(item)
        if typ is str or typ is Decimal or typ is bool or item is None:
            continue
        new = Decimal(item) if typ is int else incoming(item, depth)
        if new is not item:
            if made is None:
                made = dict(entries)
            made[key] = new
    return entries if made is None else made


def _subclass(value: Any) -> Any:
    """Enumerations and other subclasses of known types become the plain type; anything else is not a FEEL value and reads as null."""
    if isinstance(value, Function):
        return value
    for plain in (str, Decimal, int, float):
        if isinstance(value, plain):
            return incoming(plain(value))
    for moment in (datetime, date, time, timedelta):
        if isinstance(value, moment):
            return value
    return None


def equal(left: Any, right: Any) -> bool | None:
    """Return `left = right` of FEEL: null for values of different types, except that null itself can be compared with anything."""
    if left is None or right is None:
        return left is right
    typ = type(left)
    if typ is type(right) and (typ is Decimal or typ is str or typ is bool):
        return bool(left == right)
    known = kind(left)
    if known != kind(right):
        return None
    compare = _EQUAL.get(known)
    return bool(left == right) if compare is None else compare(left, right)


def _equal_lists(left: list[Any], right: list[Any]) -> bool:
    limits.spend(12 + 2 * min(len(left), len(right)))
    return len(left) == len(right) and all(equal(one, other) is True for one, other in zip(left, right, strict=True))


def _equal_contexts(left: dict[str, Any], right: dict[str, Any]) -> bool:
    limits.spend(12 + 2 * len(left))
    return left.keys() == right.keys() and all(equal(value, right[key]) is True for key, value in left.items())


def _equal_ranges(left: Range, right: Range) -> bool:
    brackets = (left.start_included, left.end_included, left.form) == (right.start_included, right.end_included, right.form)
    return brackets and equal(left.start, right.start) is True and equal(left.end, right.end) is True


def _equal_times(left: Any, right: Any) -> bool | None:
    keys = _time_key(left), _time_key(right)
    return keys[0] == keys[1]


def _equal_moments(left: Any, right: Any) -> bool | None:
    """The value of a date and time counts whole seconds (10.3.2.3.5), so fractions make no difference to `=`."""
    if (moments.zone_of(left) is None) != (moments.zone_of(right) is None):
        return False
    return moments.instant_nanos(left) // moments.NANOS == moments.instant_nanos(right) // moments.NANOS


def _time_key(value: Any) -> tuple[int, object]:
    """What makes two times of day equal: the second in UTC, or the wall clock and the name of the zone."""
    nanos, offset = moments.clock_nanos(value), moments.time_offset(value)
    if offset is None:
        return nanos // moments.NANOS, None if value.tzinfo is None else str(value.tzinfo)
    return (nanos - moments.delta_nanos(offset)) % moments.DAY_NANOS // moments.NANOS, UTC


def _equal_functions(left: Any, right: Any) -> bool | None:
    return left is right


_EQUAL: dict[str, Callable[[Any, Any], bool | None]] = {
    "list": _equal_lists,
    "context": _equal_contexts,
    "range": _equal_ranges,
    "time": _equal_times,
    "date and time": _equal_moments,
    "function": _equal_functions,
}


def order(left: Any, right: Any) -> int | None:
    """Return -1, 0 or 1 as `left` is below, equal to or above `right`; None when they cannot be ordered."""
    typ = type(left)
    if typ is type(right) and (typ is Decimal or typ is str):
        return int(left > right) - int(left < right)
    known = kind(left)
    if known not in _ORDERED or known != kind(right):
        return None
    one, other = sort_key(left, known), sort_key(right, known)
    if known in ("time", "date and time") and _zoned(left) != _zoned(right):
        return None
    return int(one > other) - int(one < other)


def sort_key(value: Any, known: str) -> Any:
    """Return what orders a value of the kind `known`; see `order`."""
    if known == "date":
        return moments.day_number(value)
    if known == "date and time":
        return moments.instant_nanos(value)
    if known == "time":
        offset = moments.time_offset(value)
        return moments.clock_nanos(value) - (0 if offset is None else moments.delta_nanos(offset))
    return value


def _zoned(value: Any) -> bool:
    return moments.zone_of(value) is not None


def includes(interval: Range, value: Any) -> bool | None:
    """Return `value in interval`; null when an endpoint cannot be compared with the value or is null."""
    if interval.form == "!=":
        same = equal(value, interval.start)
        return None if same is None else not same
    half = interval.form == "half"
    low = True if half and interval.start is None else _bound(interval.start, value, interval.start_included)
    if low is False:
        return False
    high = True if half and interval.end is None else _bound(value, interval.end, interval.end_included)
    return False if high is False else None if low is None or high is None else True


def _bound(low: Any, high: Any, included: bool) -> bool | None:
    found = order(low, high)
    return None if found is None else found < 0 or (included and found == 0)


def ascending(items: list[Any]) -> list[Any] | None:
    """Return the items sorted, None when two of them cannot be ordered."""
    known = {kind(item) for item in items}
    if len(known) > 1 or not known <= _ORDERED:
        return None
    name = next(iter(known), "number")
    if name in ("time", "date and time") and any(_zoned(one) != _zoned(other) for one, other in pairwise(items)):
        return None
    return sorted(items, key=lambda item: sort_key(item, name))
