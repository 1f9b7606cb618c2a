"""The frozen data that crosses the border: decisions, their tables, and what a decision answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine import feel


@dataclass(frozen=True, slots=True)
class Column:
    """An input or output column: its label, and the expression (input) or name (output) below it."""

    id: str
    label: str
    name: str
    type: str = ""
    values: str = ""  # allowed input or output values, as written


@dataclass(frozen=True, slots=True)
class Row:
    """A rule as written: one text per input and output column; empty inputs read as `-`."""

    id: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    annotations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table as written, for pages and checks."""

    hit_policy: str  # UNIQUE, ANY, PRIORITY, FIRST, RULE ORDER, OUTPUT ORDER, COLLECT
    aggregation: str  # "", SUM, COUNT, MIN, MAX
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rules: tuple[Row, ...]
    annotations: tuple[str, ...] = ()  # names of the annotation columns


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision: what it is called, its table if it is one, and the variables it reads, those of required decisions included."""

    id: str
    name: str
    table: Table | None
    inputs: tuple[str, ...]
    hit_policy: str
    requires: tuple[str, ...] = ()  # ids of required decisions
    type: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """A decision service: a function of its parameters (input data, then input decisions) that answers its output decisions by name."""

    id: str
    name: str
    parameters: tuple[str, ...]
    outputs: tuple[str, ...]
    decides: tuple[str, ...]  # ids of the output decisions


@dataclass(frozen=True, slots=True)
class Question:
    """A value that a decision or service asks for. `allowed` are the values it may have, if these are listed one by one.

    `type` is FEEL's name of the type, "Any" when none is declared; `label` what an input column calls it, empty if none does.
    """

    name: str
    type: str = "Any"
    label: str = ""
    allowed: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class FiredRule:
    """A rule that fired: its id, number (from 1) and annotations, the outputs by column name, and the decision it stands in."""

    id: str
    index: int
    annotations: tuple[str, ...]
    outputs: Mapping[str, Any]
    decision: str = ""


@dataclass(frozen=True, slots=True)
class TableRun:
    """One evaluation of a table: the values of its input columns and the numbers (from 1) of the rules that fired."""

    decision: str
    inputs: tuple[Any, ...]
    fired: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What a decision answered: the value, the rules that fired (in the decision itself), warnings, and the inputs it read.

    `tables` holds every table evaluated on the way, required decisions first; `decisions` the values of the required decisions by name.
    """

    value: Any
    fired: tuple[FiredRule, ...] = ()
    warnings: tuple[feel.Warning, ...] = ()
    inputs: Mapping[str, Any] = field(default_factory=dict)
    tables: tuple[TableRun, ...] = ()
    all_fired: tuple[FiredRule, ...] = ()
    decisions: Mapping[str, Any] = field(default_factory=dict)
