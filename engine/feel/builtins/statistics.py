"""Functions that reckon over lists (10.3.4.4): each takes one list or the numbers as arguments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from functools import reduce
from typing import Any

from engine.feel.arithmetic import NUMBERS, add
from engine.feel.functions import builtin
from engine.feel.limits import spend
from engine.feel.values import ascending, kind


def _numbers(items: list[Any]) -> bool:
    spend(len(items))
    return all(type(item) is Decimal for item in items)


def smallest(items: list[Any]) -> Any:
    """Return the least item, null for an empty list."""
    return _extreme(items, 0)


def largest(items: list[Any]) -> Any:
    """Return the greatest item, null for an empty list."""
    return _extreme(items, -1)


def _extreme(items: list[Any], place: int) -> Any:
    spend(len(items))
    if not items:
        return None
    if _numbers(items):
        return max(items) if place else min(items)
    found = ascending(items)
    return None if found is None else found[place]


def total(items: list[Any]) -> Any:
    """Return the sum of numbers or of durations of one kind; null for an empty list."""
    spend(len(items))
    if not items:
        return None
    if all(type(item) is Decimal for item in items):
        return reduce(NUMBERS.add, items)
    if len(items) == 1 and not _summable(items[0]):
        return None
    result = items[0]
    for item in items[1:]:
        if not _summable(item) or kind(item) != kind(result):
            return None
        result = add(result, item)
    return result


def _summable(value: Any) -> bool:
    return kind(value) in ("number", "days and time duration", "years and months duration")


def mean(items: list[Any]) -> Decimal | None:
    """Return the average of numbers."""
    return None if not items or not _numbers(items) else NUMBERS.divide(total(items), Decimal(len(items)))


def product(items: list[Any]) -> Decimal | None:
    """Return the product of numbers."""
    if not items or not _numbers(items):
        return None
    result = Decimal(1)
    for item in items:
        result = NUMBERS.multiply(result, item)
    return result


def median(items: list[Any]) -> Decimal | None:
    """Return the middle number, the average of the two middle ones for an even count."""
    if not items or not _numbers(items):
        return None
    ordered: list[Decimal] = sorted(items)
    middle = len(items) // 2
    if len(items) % 2:
        return ordered[middle]
    return NUMBERS.divide(NUMBERS.add(ordered[middle - 1], ordered[middle]), Decimal(2))


def stddev(items: list[Any]) -> Decimal | None:
    """Return the standard deviation of a sample; null for fewer than two numbers."""
    if len(items) < 2 or not _numbers(items):
        return None
    average = mean(items) or Decimal(0)
    squares = Decimal(0)
    for item in items:
        distance = NUMBERS.subtract(item, average)
        squares = NUMBERS.fma(distance, distance, squares)
    return NUMBERS.sqrt(NUMBERS.divide(squares, Decimal(len(items) - 1)))


def mode(items: list[Any]) -> list[Decimal] | None:
    """Return the numbers that come most often, ascending."""
    if not _numbers(items):
        return None
    counts = Counter(items)
    most = max(counts.values(), default=0)
    return sorted(number for number, times in counts.items() if times == most)


def _register(name: str, call: Callable[[list[Any]], Any]) -> None:
    builtin(name, "list: list", nullable=name in ("min", "max", "sum"))(call)
    builtin(name, "list*: Any")(lambda *items: call(list(items)) if items and items != (None,) else None)


for _name, _call in {
    "min": smallest,
    "max": largest,
    "sum": total,
    "mean": mean,
    "product": product,
    "median": median,
    "stddev": stddev,
    "mode": mode,
}.items():
    _register(_name, _call)
