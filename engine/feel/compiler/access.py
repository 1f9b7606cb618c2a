"""Closures for names, paths, filters, lists and contexts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.feel.builtins import BUILTINS
from engine.feel.compiler.scope import VALUE, Closure, Frame, Scope, compiles
from engine.feel.limits import list_of
from engine.feel.properties import property_of
from engine.feel.run import MISSING
from engine.feel.syntax import ContextNode, Filter, ListNode, Literal, Name, Negation, Node, Path


@compiles(Name)
def name(node: Name, scope: Scope) -> Closure:
    """A local name, an entry of a filtered item, a variable, or a built-in taken as a value."""
    maybe, slot = scope.lookup(node.name)
    if node.name == "?" and slot is None:
        return lambda frame: frame[VALUE]
    certain = _global(node.name, scope) if slot is None else _local(slot)
    return _possible(node.name, maybe, certain) if maybe else certain


def _local(slot: int) -> Closure:
    return lambda frame: frame[slot]


def _global(key: str, scope: Scope) -> Closure:
    found = BUILTINS.get(key)
    if found is None or key.isidentifier():  # a variable may be called `count`; those with blanks are the built-ins as values
        scope.free.add(key)

    def evaluate(frame: Frame) -> Any:
        value = frame[0].get(key, MISSING)
        typ = type(value)
        if typ is Decimal or typ is str or typ is bool or value is None:
            return value
        if typ is int:
            return Decimal(value)
        return frame[1].resolve(key, value, found)

    return evaluate


def _possible(key: str, maybe: tuple[int, ...], certain: Closure) -> Closure:
    def evaluate(frame: Frame) -> Any:
        for slot in maybe:
            item = frame[slot]
            if type(item) is dict and key in item:
                return item[key]
        return certain(frame)

    return evaluate


@compiles(Path)
def path(node: Path, scope: Scope) -> Closure:
    """`a.b`: an entry of a context, a property of a value, or for a list the list of its items' entries."""
    key = node.name
    if isinstance(node.source, Name):
        maybe, slot = scope.lookup(node.source.name)
        if slot is not None and not maybe:
            return _local_path(slot, key)
    source = scope.compile(node.source)

    def evaluate(frame: Frame) -> Any:
        value = source(frame)
        if type(value) is dict and key in value:
            return value[key]
        return property_of(value, key, frame[1])

    return evaluate


def _local_path(slot: int, key: str) -> Closure:
    """A path from a local name, as in the body of every loop: a short cut."""

    def evaluate(frame: Frame) -> Any:
        value = frame[slot]
        if type(value) is dict and key in value:
            return value[key]
        return property_of(value, key, frame[1])

    return evaluate


@compiles(Filter)
def filtered(node: Filter, scope: Scope) -> Closure:
    """`list[condition]` keeps items, `list[n]` picks the n-th from 1, or from the end for negative n."""
    source = scope.compile(node.source)
    if _is_number(node.condition):
        index = scope.compile(node.condition)([])
        return lambda frame: _picked(_listed(source(frame)), index)
    slot, before = scope.slot(), scope.nodes
    scope.layers.append(slot)
    condition = scope.compile(node.condition)
    scope.layers.pop()
    weight = scope.nodes - before

    def evaluate(frame: Frame) -> Any:
        items = _listed(source(frame))
        frame[1].budget.spend(weight * (len(items) + 1))
        kept: list[Any] = []
        for item in items:
            frame[slot] = item
            found = condition(frame)
            if found is True:
                kept.append(item)
            elif found is False:
                continue
            elif type(found) is Decimal:
                return _picked(items, found)
        if not items:
            frame[slot] = None
            return None if type(condition(frame)) is Decimal else []
        return kept

    return evaluate


def _is_number(node: Node) -> bool:
    plain = node.operand if isinstance(node, Negation) else node
    return isinstance(plain, Literal) and isinstance(plain.value, Decimal)


def _listed(value: Any) -> list[Any]:
    if type(value) is list:
        return value
    return [] if value is None else [value]


def _picked(items: list[Any], index: Decimal) -> Any:
    if index != index.to_integral_value() or index.adjusted() > 9:
        return None
    place = int(index)
    if 0 < place <= len(items):
        return items[place - 1]
    return items[place] if -len(items) <= place < 0 else None


@compiles(ListNode)
def list_of_items(node: ListNode, scope: Scope) -> Closure:
    """`[a, b]`."""
    items = tuple(scope.compile(item) for item in node.items)
    return lambda frame: list_of([item(frame) for item in items])


@compiles(ContextNode)
def context(node: ContextNode, scope: Scope) -> Closure:
    """`{a: 1, b: a}`: later entries see earlier ones; null when a key stands twice."""
    layer: dict[str, int] = {}
    scope.layers.append(layer)
    entries: list[tuple[str, int, Closure]] = []
    for key, value in node.entries:
        closure = scope.compile(value)
        slot = scope.slot()
        layer[key] = slot
        entries.append((key, slot, closure))
    scope.layers.pop()
    if len(layer) != len(entries):
        return _twice(node)

    def evaluate(frame: Frame) -> Any:
        made: dict[str, Any] = {}
        for key, slot, closure in entries:
            made[key] = frame[slot] = closure(frame)
        frame[1].budget.spend(len(made))
        return made

    return evaluate


def _twice(node: ContextNode) -> Closure:
    keys = [key for key, _ in node.entries]
    twice = next(key for key in keys if keys.count(key) > 1)

    def evaluate(frame: Frame) -> Any:
        frame[1].warn("invalid-argument", f"上下文中“{twice}”出现了两次。", f"The context has {twice!r} twice.", twice)

    return evaluate
