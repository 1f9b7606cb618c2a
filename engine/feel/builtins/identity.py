"""`is(a, b)`: the same element of the semantic domain."""

from __future__ import annotations

from typing import Any

from engine.feel import moments
from engine.feel.values import equal, kind


def identical(one: Any, other: Any) -> bool:
    """Return whether both are of the same kind and, for times, agree in clock and offset or zone, not just in the instant."""
    known = kind(one)
    if known != kind(other):
        return False
    if known == "time":
        return moments.clock_nanos(one) == moments.clock_nanos(other) and _zone(one) == _zone(other)
    if known == "date and time":
        return moments.local_nanos(one) == moments.local_nanos(other) and _zone(one) == _zone(other)
    return equal(one, other) is True


def _zone(value: Any) -> object:
    zone = moments.zone_of(value)
    if zone is None:
        return None
    fixed = zone.utcoffset(None)
    return fixed if fixed is not None else str(zone)
