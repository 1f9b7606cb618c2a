"""Closures for `for`, `some` and `every`."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator as Turns
from decimal import Decimal
from typing import Any

from engine.feel import limits, moments
from engine.feel.compiler.scope import Closure, Frame, Scope, compiles
from engine.feel.syntax import For, Iterator, Quantified
from engine.feel.values import Range, kind

Source = tuple[int, Closure, Closure | None]


@compiles(For)
def loop(node: For, scope: Scope) -> Closure:
    """`for a in x, b in y return body`; `partial` holds the results so far. Null when a source cannot be iterated."""
    depth, before = len(scope.layers), scope.nodes
    sources = _sources(node.iterators, scope)
    partial = scope.slot()
    scope.layers.append({"partial": partial})
    body = scope.compile(node.body)
    del scope.layers[depth:]
    weight = scope.nodes - before

    def evaluate(frame: Frame) -> Any:
        results: list[Any] = []
        budget = frame[1].budget
        for _ in _turns(sources, frame, 0):
            budget.spend(weight)
            if len(results) >= limits.LIST:
                raise limits.LimitReached(f"列表超过 {limits.LIST} 项。", f"A list grew beyond {limits.LIST} items.")
            frame[partial] = results
            results.append(body(frame))
        return results

    def safe(frame: Frame) -> Any:
        try:
            return evaluate(frame)
        except _NoTurns as reason:
            return frame[1].wrong_type("for", reason.args[0], silent=reason.args[0] == "null")

    uses_partial = _mentions_partial(node)
    return _copying(safe, sources, partial, body, weight) if uses_partial else safe


def _copying(fallback: Closure, sources: list[Source], partial: int, body: Closure, weight: int) -> Closure:
    """Like the plain loop, but `partial` is a copy, since the body may keep it."""

    def evaluate(frame: Frame) -> Any:
        results: list[Any] = []
        budget = frame[1].budget
        try:
            for _ in _turns(sources, frame, 0):
                budget.spend(weight + len(results) // 8)
                frame[partial] = limits.list_of(results[:]) if len(results) > limits.LIST else results[:]
                results.append(body(frame))
        except _NoTurns as reason:
            return frame[1].wrong_type("for", reason.args[0], silent=reason.args[0] == "null")
        return results

    return evaluate


def _mentions_partial(node: For) -> bool:
    from engine.feel.reading import children
    from engine.feel.syntax import Name

    stack: list[Any] = [node.body]
    while stack:
        found = stack.pop()
        if isinstance(found, Name) and found.name == "partial":
            return True
        stack.extend(children(found))
    return False


@compiles(Quantified)
def quantified(node: Quantified, scope: Scope) -> Closure:
    """`some … satisfies …` (or) and `every … satisfies …` (and) with FEEL's three values."""
    depth, before = len(scope.layers), scope.nodes
    sources = _sources(node.iterators, scope)
    body = scope.compile(node.body)
    del scope.layers[depth:]
    weight = scope.nodes - before
    decisive = not node.every

    def evaluate(frame: Frame) -> Any:
        known = True
        budget = frame[1].budget
        try:
            for _ in _turns(sources, frame, 0):
                budget.spend(weight)
                found = body(frame)
                if found is decisive:
                    return decisive
                if found is not (not decisive):
                    known = False
        except _NoTurns as reason:
            return frame[1].wrong_type("every" if node.every else "some", reason.args[0], silent=reason.args[0] == "null")
        return (not decisive) if known else None

    return evaluate


class _NoTurns(Exception):
    """A source cannot be iterated; carries its kind."""


def _sources(iterators: tuple[Iterator, ...], scope: Scope) -> list[Source]:
    found: list[Source] = []
    for iterator in iterators:
        source = scope.compile(iterator.source)
        end = None if iterator.end is None else scope.compile(iterator.end)
        slot = scope.slot()
        scope.layers.append({iterator.name: slot})
        found.append((slot, source, end))
    return found


def _turns(sources: list[Source], frame: Frame, level: int) -> Turns[None]:
    """Set the slots for each combination, the last source turning fastest."""
    slot, source, end = sources[level]
    value = source(frame)
    items = items_of(value) if end is None else between(value, end(frame))
    last = level + 1 == len(sources)
    for item in items:
        frame[slot] = item
        if last:
            yield
        else:
            frame[1].budget.spend(1)
            yield from _turns(sources, frame, level + 1)


def items_of(value: Any) -> Iterable[Any]:
    """Return what a loop over the value runs through: list items, the members of a range of whole numbers or dates, a single value."""
    if type(value) is list:
        return value
    if type(value) is Range:
        return between(value.start, value.end, value.start_included, value.end_included)
    if value is None:
        raise _NoTurns("null")
    return [value]


def between(low: Any, high: Any, low_included: bool = True, high_included: bool = True) -> Iterable[Any]:
    """Return the whole numbers or dates from `low` to `high`, downwards if need be. Raises _NoTurns for anything else."""
    if kind(low) == kind(high) == "date":
        numbers = _steps(moments.day_number(low), moments.day_number(high), low_included, high_included)
        return (moments.from_day_number(number) for number in numbers)
    whole = all(type(end) is Decimal and end == end.to_integral_value() and end.adjusted() < 18 for end in (low, high))
    if not whole:
        raise _NoTurns(f"{kind(low)}, {kind(high)}")
    return map(Decimal, _steps(int(low), int(high), low_included, high_included))


def _steps(low: int, high: int, low_included: bool, high_included: bool) -> range:
    step = 1 if low <= high else -1
    found = range(low if low_included else low + step, high + step if high_included else high, step)
    if len(found) > limits.LIST:
        raise limits.LimitReached(f"区间超过 {limits.LIST} 项。", f"A range has more than {limits.LIST} members.")
    return found
