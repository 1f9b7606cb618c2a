"""Closures for ranges, `in`, and the unary tests of table cells (DMN 1.5, 10.3.2.7–8)."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel.compiler.scope import VALUE, Closure, Frame, Scope, compiles
from engine.feel.reading import descendants
from engine.feel.syntax import HalfInterval, In, Interval, Literal, Name, Node, UnaryTests
from engine.feel.values import Range, equal, includes, kind, order

Test = Callable[[Frame, Any], bool | None]
_SIGNS: dict[str, Callable[[Any, Any], bool]] = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


@compiles(Interval)
def interval(node: Interval, scope: Scope) -> Closure:
    """`[a..b]`: null when the ends are of different types or turned round."""
    low, high = scope.compile(node.low), scope.compile(node.high)
    first, last = node.low_included, node.high_included
    if isinstance(node.low, Literal) and isinstance(node.high, Literal):
        fixed = make_range(node.low.value, node.high.value, first, last)
        return lambda frame: fixed

    def evaluate(frame: Frame) -> Any:
        start, end = low(frame), high(frame)
        made = make_range(start, end, first, last)
        if made is None:
            frame[1].wrong_type("..", f"{kind(start)}, {kind(end)}")
        return made

    return evaluate


def make_range(low: Any, high: Any, low_included: bool, high_included: bool) -> Range | None:
    """Return the range, None when its ends are unlike or turned round. (Only the `1..n` of a loop may run downwards.)"""
    if low is not None and high is not None and order(low, high) in (1, None):
        return None
    return Range(low, high, low_included, high_included)


@compiles(HalfInterval)
def half_interval(node: HalfInterval, scope: Scope) -> Closure:
    """`(< 10)` as a value."""
    end, sign = scope.compile(node.end), node.operator
    make: dict[str, Callable[[Any], Range]] = {
        "<": lambda value: Range(None, value, False, False, "half"),
        "<=": lambda value: Range(None, value, False, True, "half"),
        ">": lambda value: Range(value, None, False, False, "half"),
        ">=": lambda value: Range(value, None, True, False, "half"),
        "=": lambda value: Range(value, value, True, True),
        "!=": lambda value: Range(value, value, False, False, form="!="),
    }
    return lambda frame: make[sign](end(frame))


@compiles(In)
def membership(node: In, scope: Scope) -> Closure:
    """`x in test` and `x in (test, …)`."""
    value = scope.compile(node.value)
    tests = [compile_test(test, scope, False) for test in node.tests]
    return lambda frame: _any(tests, frame, value(frame))


@compiles(UnaryTests)
def unary_tests(node: UnaryTests, scope: Scope) -> Closure:
    """A table cell; looks at the value in the slot VALUE."""
    tests = [compile_test(test, scope, True) for test in node.tests]
    if not tests:
        return lambda frame: True
    if not node.negated:
        return (lambda frame: tests[0](frame, frame[VALUE])) if len(tests) == 1 else lambda frame: _any(tests, frame, frame[VALUE])

    def negated(frame: Frame) -> bool | None:
        found = _any(tests, frame, frame[VALUE])
        return None if found is None else not found

    return negated


def _any(tests: list[Test], frame: Frame, value: Any) -> bool | None:
    result: bool | None = False
    for test in tests:
        found = test(frame, value)
        if found is True:
            return True
        if found is None:
            result = None
    return result


def compile_test(node: Node, scope: Scope, unary: bool) -> Test:
    """Return the closure of one test: `(frame, value) → bool | None`."""
    if isinstance(node, HalfInterval):
        return _half_test(node, scope)
    closure = scope.compile(node)
    if isinstance(node, Literal):
        return _constant_test(node.value)
    mentions = unary and _mentions_value(node)

    def test(frame: Frame, value: Any) -> bool | None:
        found = closure(frame)
        if mentions:
            return found if isinstance(found, bool) else None if found is None else accepts(found, value)
        return accepts(found, value)

    return test


def _constant_test(constant: Any) -> Test:
    def test(frame: Frame, value: Any) -> bool | None:
        if type(value) is type(constant):
            return bool(value == constant) if type(constant) in (str, Decimal, bool) else equal(value, constant)
        return accepts(constant, value)

    return test


def _half_test(node: HalfInterval, scope: Scope) -> Test:
    end, sign = scope.compile(node.end), node.operator
    if sign in ("=", "!="):
        return lambda frame, value: _equals(value, end(frame), sign == "!=")
    compare = _SIGNS[sign]

    def test(frame: Frame, value: Any) -> bool | None:
        bound = end(frame)
        if type(bound) is Decimal and type(value) is Decimal:
            return compare(value, bound)
        found = order(value, bound)
        if found is None:
            frame[1].wrong_type(sign, f"{kind(value)}, {kind(bound)}", silent=value is None or bound is None)
        return None if found is None else compare(found, 0)

    return test


def _equals(value: Any, other: Any, unequal: bool) -> bool | None:
    same = equal(value, other)
    return None if same is None else same is not unequal


def accepts(test: Any, value: Any) -> bool | None:
    """Return whether the value a test evaluated to accepts `value`: equal, inside the range, or among the items of the list."""
    if type(test) is Range:
        return equal(test, value) if type(value) is Range else includes(test, value)
    if type(test) is list:
        if type(value) is list and equal(test, value):
            return True
        return any((includes(item, value) if type(item) is Range else equal(item, value)) is True for item in test)
    return equal(value, test)


def _mentions_value(node: Any) -> bool:
    return any(isinstance(found, Name) and found.name == "?" for found in descendants(node))
