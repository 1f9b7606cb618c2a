"""Closures for literals, arithmetic, comparison and logic. The commonest cases are short cuts: they run in every gateway and cell."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal, DecimalException
from typing import Any

from engine.feel import arithmetic
from engine.feel.arithmetic import NUMBERS
from engine.feel.compiler.scope import Closure, Frame, Scope, compiles, quietly
from engine.feel.literals import parse_literal
from engine.feel.syntax import Arithmetic, At, Between, Comparison, If, InstanceOf, Literal, Logic, Negation
from engine.feel.types import conforms, resolve
from engine.feel.values import Range, equal, includes, kind, order

_NULL = Literal(None)
_SLOW = {
    "+": arithmetic.add,
    "-": arithmetic.subtract,
    "*": arithmetic.multiply,
    "/": arithmetic.divide,
    "**": arithmetic.power,
}
_FAST = {"+": NUMBERS.add, "-": NUMBERS.subtract, "*": NUMBERS.multiply}
_TESTS: dict[str, Callable[[Any, Any], bool]] = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


@compiles(Literal)
def literal(node: Literal, scope: Scope) -> Closure:
    """A constant."""
    value = node.value
    return lambda frame: value


@compiles(At)
def at_literal(node: At, scope: Scope) -> Closure:
    """A constant date, time or duration."""
    value = parse_literal(node.text)
    return lambda frame: value


@compiles(Negation)
def negation(node: Negation, scope: Scope) -> Closure:
    """`-x`."""
    operand = scope.compile(node.operand)
    if isinstance(node.operand, Literal):
        value = arithmetic.negate(node.operand.value)
        return lambda frame: value

    def evaluate(frame: Frame) -> Any:
        value = operand(frame)
        result = arithmetic.negate(value)
        if result is None:
            frame[1].wrong_type("-", kind(value), silent=value is None)
        return result

    return evaluate


@compiles(Arithmetic)
def arithmetics(node: Arithmetic, scope: Scope) -> Closure:
    """`a + b` and its like."""
    left, right = scope.compile(node.left), scope.compile(node.right)
    sign, slow = node.operator, _SLOW[node.operator]
    fast = _FAST.get(sign)
    if fast is None:
        return _slowly(sign, slow, left, right)

    def evaluate(frame: Frame) -> Any:
        one, other = left(frame), right(frame)
        if type(one) is Decimal and type(other) is Decimal:
            try:
                return fast(one, other)
            except DecimalException:
                return frame[1].invalid_argument(sign)
        result = slow(one, other)
        if result is None:
            _report(frame, sign, one, other)
        return result

    return evaluate


def _slowly(sign: str, slow: Callable[[Any, Any], Any], left: Closure, right: Closure) -> Closure:
    def evaluate(frame: Frame) -> Any:
        one, other = left(frame), right(frame)
        result = slow(one, other)
        if result is None:
            _report(frame, sign, one, other)
        return result

    return evaluate


def _report(frame: Frame, sign: str, one: Any, other: Any) -> None:
    if kind(one) == kind(other) == "number":
        frame[1].invalid_argument(sign)
    else:
        frame[1].wrong_type(sign, f"{kind(one)}, {kind(other)}")


@compiles(Comparison)
def comparison(node: Comparison, scope: Scope) -> Closure:
    """`a < b`, `a = b` and their like."""
    left, right = scope.compile(node.left), scope.compile(node.right)
    sign = node.operator
    if sign in ("=", "!="):
        if node.right == _NULL:
            left = quietly(left)
        elif isinstance(node.right, Literal) and type(node.right.value) in (str, Decimal):
            return _against_constant(left, node.right.value, sign == "!=")
        return _equality(left, right, sign == "!=")
    test = _TESTS[sign]
    if isinstance(node.right, Literal) and isinstance(node.right.value, Decimal):
        return _against_number(left, node.right.value, test, sign)

    def evaluate(frame: Frame) -> Any:
        one, other = left(frame), right(frame)
        typ = type(one)
        if typ is type(other) and (typ is Decimal or typ is str):
            return test(one, other)
        return _compared(frame, sign, test, one, other)

    return evaluate


def _against_number(left: Closure, number: Decimal, test: Callable[[Any, Any], bool], sign: str) -> Closure:
    def evaluate(frame: Frame) -> Any:
        value = left(frame)
        return test(value, number) if type(value) is Decimal else _compared(frame, sign, test, value, number)

    return evaluate


def _compared(frame: Frame, sign: str, test: Callable[[Any, Any], bool], one: Any, other: Any) -> Any:
    found = order(one, other)
    if found is None:
        frame[1].wrong_type(sign, f"{kind(one)}, {kind(other)}", silent=one is None or other is None)
        return None
    return test(found, 0)


def _against_constant(left: Closure, constant: Any, unequal: bool) -> Closure:
    """`level = "A"`: a short cut for what most conditions are."""
    kept = type(constant)

    def evaluate(frame: Frame) -> Any:
        value = left(frame)
        return (value == constant) is not unequal if type(value) is kept else _equated(frame, value, constant, unequal)

    return evaluate


def _equality(left: Closure, right: Closure, unequal: bool) -> Closure:
    def evaluate(frame: Frame) -> Any:
        one, other = left(frame), right(frame)
        typ = type(one)
        if typ is type(other) and (typ is str or typ is Decimal or typ is bool):
            return (one == other) is not unequal
        return _equated(frame, one, other, unequal)

    return evaluate


def _equated(frame: Frame, one: Any, other: Any, unequal: bool) -> bool | None:
    same = equal(one, other)
    if same is None:
        frame[1].wrong_type("=", f"{kind(one)}, {kind(other)}")
        return None
    return same is not unequal


@compiles(Logic)
def logic(node: Logic, scope: Scope) -> Closure:
    """`a and b and …` or `a or b or …`, three-valued: what is not a boolean counts as null."""
    operands = tuple(scope.compile(operand) for operand in node.operands)
    decisive = node.operator == "or"
    neutral = not decisive
    if len(operands) == 2:
        return _two(operands[0], operands[1], decisive)

    def evaluate(frame: Frame) -> Any:
        known = True
        for operand in operands:
            value = operand(frame)
            if value is decisive:
                return decisive
            if value is not neutral:
                known = False
        return neutral if known else None

    return evaluate


def _two(left: Closure, right: Closure, decisive: bool) -> Closure:
    neutral = not decisive

    def evaluate(frame: Frame) -> Any:
        one = left(frame)
        if one is decisive:
            return decisive
        other = right(frame)
        if other is decisive:
            return decisive
        return neutral if one is neutral and other is neutral else None

    return evaluate


@compiles(Between)
def between(node: Between, scope: Scope) -> Closure:
    """`x between a and b`."""
    value, low, high = scope.compile(node.value), scope.compile(node.low), scope.compile(node.high)

    def evaluate(frame: Frame) -> Any:
        tested = value(frame)
        result = includes(Range(low(frame), high(frame), True, True), tested)
        if result is None:
            frame[1].wrong_type("between", kind(tested), silent=tested is None)
        return result

    return evaluate


@compiles(If)
def conditional(node: If, scope: Scope) -> Closure:
    """`if c then a else b`: anything but true takes the else."""
    condition, yes, no = scope.compile(node.condition), scope.compile(node.yes), scope.compile(node.no)
    return lambda frame: yes(frame) if condition(frame) is True else no(frame)


@compiles(InstanceOf)
def instance_of(node: InstanceOf, scope: Scope) -> Closure:
    """`x instance of type`."""
    value, typ = scope.compile(node.value), resolve(node.type, scope.types)
    return lambda frame: conforms(value(frame), typ)
