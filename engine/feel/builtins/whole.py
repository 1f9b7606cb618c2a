"""Positions and counts: numbers that are used as Python ints."""

from __future__ import annotations

from decimal import Decimal

LARGEST = 2_147_483_647


def whole(value: Decimal) -> int | None:
    """Return the number as int, None when it is not whole or larger than 2³¹-1."""
    if value.adjusted() > 12 or value != value.to_integral_value() or abs(value) > LARGEST:
        return None
    return int(value)


def place(value: Decimal, count: int) -> int | None:
    """Return the 0-based place of a 1-based FEEL position (negative from the end), None outside of 1..count."""
    found = whole(value)
    if found is None or found == 0 or abs(found) > count:
        return None
    return found - 1 if found > 0 else count + found
