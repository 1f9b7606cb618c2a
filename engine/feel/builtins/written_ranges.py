"""Reads a range from text: brackets and literals only, nothing is evaluated but the date functions on literal text (10.3.4.1)."""

from __future__ import annotations

from typing import Any

from engine.feel import arithmetic, literals
from engine.feel.errors import SyntaxError_
from engine.feel.names import Names
from engine.feel.syntax import At, Call, Interval, Literal, Name, Negation, Node
from engine.feel.values import Range, kind, order

_READERS = {
    "date": literals.parse_date,
    "time": literals.parse_time,
    "date and time": literals.parse_date_time,
    "duration": literals.parse_duration,
}
_NAMES = Names(["date and time"])


class _NoRange(Exception):
    """The text is no range of literals."""


def written(text: str) -> Range | None:
    """Return the range; None when the text is anything else, an end is computed, or the ends are unlike or turned round."""
    from engine.feel.parser import expression_tree

    body = text.strip()
    opened = body[:1] + "null" + body[1:].lstrip() if body[1:].lstrip().startswith("..") else body
    closed = opened[:-1] + "null" + opened[-1:] if opened[:-1].rstrip().endswith("..") else opened
    try:
        tree = expression_tree(closed, (), _NAMES)
        if not isinstance(tree, Interval):
            return None
        low, high = _end(tree.low), _end(tree.high)
    except (SyntaxError_, _NoRange):
        return None
    if low is None and high is None:
        return None
    if low is not None and high is not None and (kind(low) != kind(high) or order(low, high) in (1, None)):
        return None
    half = "half" if low is None or high is None else ""
    return Range(low, high, tree.low_included and low is not None, tree.high_included and high is not None, half)


def _end(node: Node) -> Any:
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, At):
        return literals.parse_literal(node.text)
    if isinstance(node, Negation) and isinstance(node.operand, Literal):
        return arithmetic.negate(node.operand.value)
    if isinstance(node, Call) and isinstance(node.callee, Name) and len(node.arguments) == 1 and isinstance(node.arguments[0], Literal):
        read = _READERS.get(node.callee.name)
        value = node.arguments[0].value
        if read is not None and isinstance(value, str):
            return read(value)
    raise _NoRange
