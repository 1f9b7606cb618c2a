"""Why a decision answered as it did: every table on the way with the values of its columns and the rules that fired."""

from __future__ import annotations

from dataclasses import dataclass

from engine import feel
from engine.dmn.model import Model
from engine.dmn.results import Result, Row


@dataclass(frozen=True, slots=True)
class ExplainedColumn:
    """An input column with the value it had, as FEEL text."""

    label: str
    expression: str
    value: str


@dataclass(frozen=True, slots=True)
class ExplainedRule:
    """A rule as written, its number from 1, and whether it fired."""

    index: int
    row: Row
    fired: bool


@dataclass(frozen=True, slots=True)
class ExplainedTable:
    """A table with what happened in it."""

    decision: str
    hit_policy: str
    inputs: tuple[ExplainedColumn, ...]
    outputs: tuple[str, ...]
    rules: tuple[ExplainedRule, ...]


def explain(model: Model, result: Result) -> tuple[ExplainedTable, ...]:
    """Return the tables evaluated for a result, required decisions first."""
    found: list[ExplainedTable] = []
    for run in result.tables:
        table = model.table(run.decision)
        if table is None:
            continue
        columns = tuple(
            ExplainedColumn(column.label, column.name, feel.to_text(value)) for column, value in zip(table.inputs, run.inputs, strict=False)
        )
        rules = tuple(ExplainedRule(index, row, index in run.fired) for index, row in enumerate(table.rules, 1))
        policy = f"{table.hit_policy} {table.aggregation}".strip()
        found.append(ExplainedTable(run.decision, policy, columns, tuple(column.label for column in table.outputs), rules))
    return tuple(found)
