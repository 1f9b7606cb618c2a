"""The hit policies: a table of small functions from the rules that fit to the answer (DMN 1.5, 8.2.8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine import feel
from engine.dmn.errors import HitPolicyViolation
from engine.dmn.place import Logic
from engine.feel.builtins.statistics import largest, smallest, total
from engine.feel.types import AnyType
from engine.feel.values import equal


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """A compiled output column. `order` gives its allowed values as a list, which is also their priority."""

    name: str
    type: AnyType
    written: str
    order: Logic | None
    allowed: feel.UnaryTest | None
    default: Logic | None


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that fits: its place from 0, its id, its outputs by column."""

    index: int
    id: str
    outputs: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a policy makes of the hits: the value, and the rules it took it from."""

    value: Any
    hits: list[Hit]


Policy = Callable[[list[Hit], list[OutputColumn], str, str, str], Answer]


def _value(hit: Hit, outputs: list[OutputColumn]) -> Any:
    if len(outputs) == 1:
        return hit.outputs[0]
    return {column.name: value for column, value in zip(outputs, hit.outputs, strict=False)}


def unique(hits: list[Hit], outputs: list[OutputColumn], aggregation: str, name: str, policy: str) -> Answer:
    """One rule may fit."""
    if len(hits) > 1:
        raise HitPolicyViolation(name, policy, tuple(hit.index + 1 for hit in hits))
    return Answer(_value(hits[0], outputs), hits)


def any_(hits: list[Hit], outputs: list[OutputColumn], aggregation: str, name: str, policy: str) -> Answer:
    """Several rules may fit if they all answer the same."""
    values = [_value(hit, outputs) for hit in hits]
    if not all(equal(values[0], value) is True for value in values):
        raise HitPolicyViolation(name, policy, tuple(hit.index + 1 for hit in hits))
    return Answer(values[0], hits)


def first(hits: list[Hit], outputs: list[OutputColumn], aggregation: str, name: str, policy: str) -> Answer:
    """The first rule that fits answers."""
    return Answer(_value(hits[0], outputs), hits[:1])


def priority(hits: list[Hit], outputs: list[OutputColumn], aggregation: str, name: str, policy: str) -> Answer:
    """The rule whose output stands first among the allowed values answers."""
    best = _by_priority(hits, outputs)[:1]
    return Answer(_value(best[0], outputs), best)


def rule_order(hits: list[Hit], outputs: list[OutputColumn], aggregation: str, name: str, policy: str) -> Answer:
    """All answers in the order of the rules."""
    return Answer([_value(hit, outputs) for hit in hits], hits)


def output_order(hits: list[Hit], outputs: list[OutputColumn], aggregation: str, name: str, policy: str) -> Answer:
    """All answers in the order of the allowed values."""
    ordered = _by_priority(hits, outputs)
    return Answer([_value(hit, outputs) for hit in ordered], ordered)


def collect(hits: list[Hit], outputs: list[OutputColumn], aggregation: str, name: str, policy: str) -> Answer:
    """All answers as a list, or their sum, number, least or greatest; an aggregation of several outputs is made column by column."""
    if not aggregation:
        return rule_order(hits, outputs, aggregation, name, policy)
    reckon = AGGREGATIONS[aggregation]
    if aggregation == "COUNT" or len(outputs) == 1:
        return Answer(reckon([_value(hit, outputs) for hit in hits]), hits)
    columns = {column.name: reckon([hit.outputs[place] for hit in hits]) for place, column in enumerate(outputs)}
    return Answer(columns, hits)


def _by_priority(hits: list[Hit], outputs: list[OutputColumn]) -> list[Hit]:
    ranks = [_ranked(column) for column in outputs]

    def key(hit: Hit) -> tuple[int, ...]:
        return tuple(_rank(value, order) for value, order in zip(hit.outputs, ranks, strict=False))

    return sorted(hits, key=key)


def _ranked(column: OutputColumn) -> list[Any]:
    if not column.written:
        return []
    found = feel.evaluate(f"[{column.written}]")
    return found if isinstance(found, list) else []


def _rank(value: Any, order: list[Any]) -> int:
    return next((index for index, known in enumerate(order) if equal(known, value) is True), len(order))


def _count(values: list[Any]) -> Decimal:
    return Decimal(len(values))


AGGREGATIONS: dict[str, Callable[[list[Any]], Any]] = {"SUM": total, "COUNT": _count, "MIN": smallest, "MAX": largest}
POLICIES: dict[str, Policy] = {
    "UNIQUE": unique,
    "ANY": any_,
    "PRIORITY": priority,
    "FIRST": first,
    "RULE ORDER": rule_order,
    "OUTPUT ORDER": output_order,
    "COLLECT": collect,
}
