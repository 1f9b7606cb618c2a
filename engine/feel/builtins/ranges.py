"""`range(text)` and the functions that compare points and ranges (10.3.4.10, after Allen's interval algebra)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.feel.functions import builtin
from engine.feel.values import Range, includes, order

POINT = "number|string|date|time|date and time|days and time duration|years and months duration"


@builtin("range", "from: string")
def range_of(text: str) -> Range | None:
    """Return the range written in the text; its ends may only be literals, and must be in order."""
    from engine.feel.builtins.written_ranges import written

    return written(text)


def _less(one: Any, other: Any) -> bool | None:
    found = order(one, other)
    return None if found is None else found < 0


def _same(one: Any, other: Any) -> bool | None:
    found = order(one, other)
    return None if found is None else found == 0


def _either(*answers: bool | None) -> bool | None:
    return True if True in answers else None if None in answers else False


def _both(*answers: bool | None) -> bool | None:
    return False if False in answers else None if None in answers else True


def _ends_before(one: Range, start: Any, touching: bool) -> bool | None:
    """Whether `one` ends before a start; at the same point only if `touching` is not shared."""
    return _either(_less(one.end, start), _both(_same(one.end, start), not touching))


def _before(one: Any, other: Any) -> bool | None:
    if not isinstance(one, Range) and not isinstance(other, Range):
        return _less(one, other)
    if not isinstance(one, Range):
        return _either(_less(one, other.start), _both(_same(one, other.start), not other.start_included))
    if not isinstance(other, Range):
        return _ends_before(one, other, one.end_included)
    return _ends_before(one, other.start, one.end_included and other.start_included)


def _after(one: Any, other: Any) -> bool | None:
    return _before(other, one)


def _meets(one: Range, other: Range) -> bool | None:
    return _both(one.end_included and other.start_included, _same(one.end, other.start))


def _overlaps(one: Range, other: Range) -> bool | None:
    apart = _either(_before(one, other), _before(other, one))
    return None if apart is None else not apart


def _overlaps_before(one: Range, other: Range) -> bool | None:
    starts = _either(_less(one.start, other.start), _both(_same(one.start, other.start), one.start_included and not other.start_included))
    meets = _either(_less(other.start, one.end), _both(_same(one.end, other.start), one.end_included and other.start_included))
    ends = _either(_less(one.end, other.end), _both(_same(one.end, other.end), not one.end_included or other.end_included))
    return _both(starts, meets, ends)


def _overlaps_after(one: Range, other: Range) -> bool | None:
    meets = _either(_less(one.start, other.end), _both(_same(one.start, other.end), one.start_included and other.end_included))
    starts = _either(_less(other.start, one.start), _both(_same(one.start, other.start), other.start_included and not one.start_included))
    ends = _either(_less(other.end, one.end), _both(_same(one.end, other.end), not other.end_included or one.end_included))
    return _both(starts, meets, ends)


def _finishes(one: Any, other: Range) -> bool | None:
    if not isinstance(one, Range):
        return _both(other.end_included, _same(other.end, one))
    starts = _either(_less(other.start, one.start), _both(_same(one.start, other.start), not one.start_included or other.start_included))
    return _both(one.end_included == other.end_included, _same(one.end, other.end), starts)


def _starts(one: Any, other: Range) -> bool | None:
    if not isinstance(one, Range):
        return _both(other.start_included, _same(other.start, one))
    ends = _either(_less(one.end, other.end), _both(_same(one.end, other.end), not one.end_included or other.end_included))
    return _both(one.start_included == other.start_included, _same(one.start, other.start), ends)


def _includes(one: Range, other: Any) -> bool | None:
    if not isinstance(other, Range):
        return includes(one, other)
    starts = _either(_less(one.start, other.start), _both(_same(one.start, other.start), one.start_included or not other.start_included))
    ends = _either(_less(other.end, one.end), _both(_same(one.end, other.end), one.end_included or not other.end_included))
    return _both(starts, ends)


def _coincides(one: Any, other: Any) -> bool | None:
    if not isinstance(one, Range) or not isinstance(other, Range):
        return _same(one, other)
    brackets = (one.start_included, one.end_included) == (other.start_included, other.end_included)
    return _both(brackets, _same(one.start, other.start), _same(one.end, other.end))


def _swapped(call: Callable[[Any, Any], bool | None]) -> Callable[[Any, Any], bool | None]:
    return lambda one, other: call(other, one)


def _register(name: str, call: Callable[[Any, Any], bool | None], *pairs: str) -> None:
    """`pairs` say which sides may be points: pp, pr, rp, rr; named as the standard names them."""
    kinds = {"p": POINT, "r": "range"}
    for pair in pairs:
        names = {"pp": ("point1", "point2"), "rr": ("range1", "range2"), "pr": ("point", "range"), "rp": ("range", "point")}[pair]
        builtin(name, f"{names[0]}: {kinds[pair[0]]}", f"{names[1]}: {kinds[pair[1]]}")(call)


_register("before", _before, "pp", "pr", "rp", "rr")
_register("after", _after, "pp", "pr", "rp", "rr")
_register("meets", _meets, "rr")
_register("met by", _swapped(_meets), "rr")
_register("overlaps", _overlaps, "rr")
_register("overlaps before", _overlaps_before, "rr")
_register("overlaps after", _overlaps_after, "rr")
_register("finishes", _finishes, "pr", "rr")
_register("finished by", _swapped(_finishes), "rp", "rr")
_register("includes", _includes, "rp", "rr")
_register("during", _swapped(_includes), "pr", "rr")
_register("starts", _starts, "pr", "rr")
_register("started by", _swapped(_starts), "rp", "rr")
_register("coincides", _coincides, "pp", "rr")
