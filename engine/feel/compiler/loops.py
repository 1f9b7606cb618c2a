"""Closures for `for`, `some` and `every`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from engine.feel import limits, moments
from engine.feel.compiler.scope import Closure, Frame, Scope, compiles
from engine.feel.reading import descendants
from engine.feel.syntax import For, Iterator, Name, Quantified
from engine.feel.values import Range, kind

Source = tuple[int, Closure, Closure | None]
Turns = Callable[[Frame, int, list[Any]], None]
_ITEM = 4  # what an item of a result costs beyond its evaluation


@compiles(For)
def loop(node: For, scope: Scope) -> Closure:
    """`for a in x, b in y return body`; `partial` holds the results so far. Null when a source cannot be iterated."""
    depth, before = len(scope.layers), scope.nodes
    sources = _sources(node.iterators, scope)
    partial = scope.slot()
    scope.layers.append({"partial": partial})
    body = scope.compile(node.body)
    del scope.layers[depth:]
    weight = scope.nodes - before + _ITEM
    copied = any(isinstance(found, Name) and found.name == "partial" for found in descendants(node.body))
    run_through = _partial_turns(sources, partial, body, weight) if copied else _plain_turns(sources, body, weight)

    def evaluate(frame: Frame) -> Any:
        results: list[Any] = []
        try:
            run_through(frame, 0, results)
        except _NoTurns as reason:
            return frame[1].wrong_type("for", reason.args[0], silent=reason.args[0] == "null")
        return results

    return evaluate


def _plain_turns(sources: list[Source], body: Closure, weight: int) -> Turns:
    last = len(sources) - 1

    def run_through(frame: Frame, level: int, results: list[Any]) -> None:
        slot, items = _items(sources[level], frame)
        if level < last:
            frame[1].budget.spend(len(items))
            for frame[slot] in items:
                run_through(frame, level + 1, results)
            return
        frame[1].budget.spend(weight * len(items))
        if len(results) + len(items) > limits.LIST:
            raise limits.LimitReached(f"列表超过 {limits.LIST} 项。", f"A list grew beyond {limits.LIST} items.")
        append = results.append
        for frame[slot] in items:
            append(body(frame))

    return run_through


def _partial_turns(sources: list[Source], partial: int, body: Closure, weight: int) -> Turns:
    """Like the plain turns, but each sees a copy of the results so far, since the body may keep it."""
    last = len(sources) - 1

    def run_through(frame: Frame, level: int, results: list[Any]) -> None:
        slot, items = _items(sources[level], frame)
        for frame[slot] in items:
            frame[1].budget.spend(weight + len(results) // 4)
            if level < last:
                run_through(frame, level + 1, results)
            else:
                frame[partial] = results[:]
                results.append(body(frame))

    return run_through


@compiles(Quantified)
def quantified(node: Quantified, scope: Scope) -> Closure:
    """`some … satisfies …` (or) and `every … satisfies …` (and) with FEEL's three values."""
    depth, before = len(scope.layers), scope.nodes
    sources = _sources(node.iterators, scope)
    body = scope.compile(node.body)
    del scope.layers[depth:]
    weight = scope.nodes - before
    decisive, neutral, last = not node.every, node.every, len(sources) - 1

    def decide(frame: Frame, level: int) -> bool | None:
        slot, items = _items(sources[level], frame)
        frame[1].budget.spend(weight * len(items))
        answer: bool | None = neutral
        for frame[slot] in items:
            found = body(frame) if level == last else decide(frame, level + 1)
            if found is decisive:
                return decisive
            if found is not neutral:
                answer = None
        return answer

    def evaluate(frame: Frame) -> Any:
        try:
            return decide(frame, 0)
        except _NoTurns as reason:
            return frame[1].wrong_type("every" if node.every else "some", reason.args[0], silent=reason.args[0] == "null")

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


def _items(source: Source, frame: Frame) -> tuple[int, Sequence[Any]]:
    """The slot to set and the items to run through."""
    slot, start, end = source
    value = start(frame)
    return slot, items_of(value) if end is None else between(value, end(frame))


def items_of(value: Any) -> Sequence[Any]:
    """Return what a loop over the value runs through: list items, the members of a range of whole numbers or dates, a single value."""
    if type(value) is list:
        return value
    if type(value) is Range:
        return between(value.start, value.end, value.start_included, value.end_included)
    if value is None:
        raise _NoTurns("null")
    return [value]


def between(low: Any, high: Any, low_included: bool = True, high_included: bool = True) -> Sequence[Any]:
    """Return the whole numbers or dates from `low` to `high`, downwards if need be. Raises _NoTurns for anything else."""
    if kind(low) == kind(high) == "date":
        numbers = _steps(moments.day_number(low), moments.day_number(high), low_included, high_included)
        return [moments.from_day_number(number) for number in numbers]
    whole = all(type(end) is Decimal and end == end.to_integral_value() and end.adjusted() < 18 for end in (low, high))
    if not whole:
        raise _NoTurns(f"{kind(low)}, {kind(high)}")
    return list(map(Decimal, _steps(int(low), int(high), low_included, high_included)))


def _steps(low: int, high: int, low_included: bool, high_included: bool) -> range:
    step = 1 if low <= high else -1
    found = range(low if low_included else low + step, high + step if high_included else high, step)
    limits.spend(min(len(found), limits.LIST))
    if len(found) > limits.LIST:
        raise limits.LimitReached(f"区间超过 {limits.LIST} 项。", f"A range has more than {limits.LIST} members.")
    return found
