"""The tree of an expression. Nodes are plain frozen data; compiler/ turns them into closures, printer.py into text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from engine.feel.types import AnyType


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, string, boolean or null."""

    value: Any


@dataclass(frozen=True, slots=True)
class At:
    """`@"2026-11-22"`."""

    text: str


@dataclass(frozen=True, slots=True)
class Name:
    """A variable or function by its name; `?` is the tested value of a unary test."""

    name: str
    offset: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Path:
    """`source.name`."""

    source: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter:
    """`source[condition]`."""

    source: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call:
    """`callee(arguments)`; `names` holds the parameter names of a call by name and is empty for a call by position."""

    callee: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Negation:
    """`-operand`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`left operator right` with one of `+ - * / **`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left operator right` with one of `= != < <= > >=`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Logic:
    """All operands joined by `and` or by `or`."""

    operator: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """`value between low and high`."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In:
    """`value in test` and `value in (test, …)`."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class InstanceOf:
    """`value instance of type`."""

    value: Node
    type: AnyType


@dataclass(frozen=True, slots=True)
class If:
    """`if condition then yes else no`."""

    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True, slots=True)
class Iterator:
    """`name in source`, or `name in source..end`."""

    name: str
    source: Node
    end: Node | None = None


@dataclass(frozen=True, slots=True)
class For:
    """`for iterators return body`."""

    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified:
    """`some|every iterators satisfies body`."""

    every: bool
    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class FunctionDefinition:
    """`function(name: type, …) body`; `external` ones (Java, PMML) have a body but cannot be called here."""

    parameters: tuple[tuple[str, AnyType], ...]
    body: Node
    external: bool = False


@dataclass(frozen=True, slots=True)
class ListNode:
    """`[item, …]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextNode:
    """`{key: value, …}`."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Interval:
    """`[low..high]` with round or turned brackets for excluded ends."""

    low: Node
    high: Node
    low_included: bool
    high_included: bool


@dataclass(frozen=True, slots=True)
class HalfInterval:
    """`< end`, `>= end`, `= end` … standing alone: a range, and a test in a table cell."""

    operator: str
    end: Node


@dataclass(frozen=True, slots=True)
class UnaryTests:
    """The text of a table cell: `-` (anything), tests, or `not(tests)`."""

    tests: tuple[Node, ...]
    negated: bool = False


Node = (
    Literal
    | At
    | Name
    | Path
    | Filter
    | Call
    | Negation
    | Arithmetic
    | Comparison
    | Logic
    | Between
    | In
    | InstanceOf
    | If
    | For
    | Quantified
    | FunctionDefinition
    | ListNode
    | ContextNode
    | Interval
    | HalfInterval
    | UnaryTests
)
