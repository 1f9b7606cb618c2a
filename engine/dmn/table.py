"""Decision tables: compiled once, then each question runs down the rules (DMN 1.5, chapter 8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine import feel
from engine.dmn.hitpolicy import POLICIES, Hit, OutputColumn
from engine.dmn.items import allowed_values
from engine.dmn.place import Logic, Place, Variables, nothing
from engine.dmn.results import Column, FiredRule, Row, Table
from engine.dmn.xml import Element, attribute, child, children, text
from engine.feel.limits import spend
from engine.feel.types import AnyType
from engine.feel.values import incoming

_ALL_RULES = frozenset({"RULE ORDER", "OUTPUT ORDER", "COLLECT"})


@dataclass(frozen=True, slots=True)
class InputColumn:
    """A compiled input column."""

    name: str
    logic: Logic
    type: AnyType
    allowed: feel.UnaryTest | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A compiled rule. A faulty cell is None and never fits."""

    id: str
    tests: tuple[feel.UnaryTest | None, ...]
    outputs: tuple[Logic, ...]
    annotations: tuple[str, ...]


def hit_policy(element: Element) -> str:
    """Return the hit policy; UNIQUE is the default."""
    return attribute(element, "hitPolicy").upper() or "UNIQUE"


def written_table(element: Element) -> Table:
    """Return the table as written."""
    inputs = tuple(_input_column(found) for found in children(element, "input"))
    outputs = tuple(_output_column(found, element) for found in children(element, "output"))
    rules = tuple(_row(rule) for rule in children(element, "rule"))
    names = tuple(attribute(found, "name") for found in children(element, "annotation"))
    return Table(hit_policy(element), attribute(element, "aggregation").upper(), inputs, outputs, rules, names)


def _input_column(element: Element) -> Column:
    expression = child(element, "inputExpression")
    written = text(expression)
    label = attribute(element, "label") or written
    return Column(attribute(element, "id"), label, written, attribute(expression, "typeRef"), text(child(element, "inputValues")))


def _output_column(element: Element, table: Element) -> Column:
    name = attribute(element, "name")
    label = attribute(element, "label") or name or attribute(table, "outputLabel")
    return Column(attribute(element, "id"), label, name, attribute(element, "typeRef"), text(child(element, "outputValues")))


def _row(rule: Element) -> Row:
    cells = tuple(text(cell) or "-" for cell in children(rule, "inputEntry"))
    return Row(attribute(rule, "id"), cells, tuple(text(cell) for cell in children(rule, "outputEntry")), noted(rule))


def noted(rule: Element) -> tuple[str, ...]:
    """Return the texts beside a rule: DMN's annotation entries, or the description in which Modeler keeps its annotation column."""
    entries = tuple(text(entry) for entry in children(rule, "annotationEntry"))
    note = child(rule, "description")
    return entries + ((text(note),) if note is not None and text(note) else ())


def decision_table(element: Element, place: Place) -> Logic:
    """Compile a table."""
    policy = POLICIES.get(hit_policy(element))
    if policy is None:
        place.note(element, "hit-policy", f"未知的命中策略 {hit_policy(element)}。", f"Unknown hit policy {hit_policy(element)}.")
        return nothing
    inputs = [_compiled_input(found, place) for found in children(element, "input")]
    outputs = [_compiled_output(found, place) for found in children(element, "output")]
    rules = [_compiled_rule(rule, place, len(inputs), len(outputs)) for rule in children(element, "rule")]
    name, aggregation = place.name, attribute(element, "aggregation").upper()
    title = hit_policy(element)
    first, listed = title == "FIRST", title in _ALL_RULES and not aggregation

    def evaluate(variables: Variables, evaluation: Any) -> Any:
        spend(10 * len(rules))
        values = _input_values(inputs, variables, evaluation)
        if values is None:
            return None
        fitting = _fitting(rules, values, variables, evaluation, first)
        hits = [Hit(index, rules[index].id, _outputs(rules[index], outputs, variables, evaluation)) for index in fitting]
        if not hits:
            evaluation.table(name, tuple(values), [])
            found = _default(outputs, variables, evaluation)
            if found is not None:
                return [found] if listed else found
            return _unanswered(name, listed, aggregation, evaluation)
        answer = policy(hits, outputs, aggregation, name, title)
        evaluation.table(name, tuple(values), [_fired(hit, rules, outputs, name) for hit in answer.hits])
        return answer.value

    return place.fitted(evaluate, place.items.of(element), name)


def _compiled_input(element: Element, place: Place) -> InputColumn:
    expression = child(element, "inputExpression")
    written = text(expression)
    if expression is None or not written:
        place.note(element, "input", "输入列缺少表达式。", "An input column has no expression.")
        return InputColumn("", nothing, feel.ANY_TYPE, None)
    values = child(element, "inputValues")
    allowed = place.unary(text(values), values) if values is not None and text(values) else None
    return InputColumn(written, place.expression(written, expression), place.items.of(expression), allowed)


def _compiled_output(element: Element, place: Place) -> OutputColumn:
    values, default = child(element, "outputValues"), child(element, "defaultOutputEntry")
    typ = place.items.of(element)
    written = text(values) or allowed_values(typ)
    order = place.expression(f"[{written}]", values if values is not None else element) if written else None
    allowed = place.unary(written, element) if values is not None and written else None
    fallback = place.expression(text(default), default) if default is not None and text(default) else None
    return OutputColumn(attribute(element, "name"), typ, written, order, allowed, fallback)


def _compiled_rule(element: Element, place: Place, inputs: int, outputs: int) -> Rule:
    cells, results = list(children(element, "inputEntry")), list(children(element, "outputEntry"))
    if len(cells) != inputs or len(results) != outputs:
        place.note(element, "rule", "规则的单元格数与列数不一致。", "A rule does not have one cell for each column.")
    tests = tuple(place.with_names(["?"]).unary(text(cell), cell) for cell in cells)
    logic = tuple(place.expression(text(cell), cell) if text(cell) else _null for cell in results)
    return Rule(attribute(element, "id"), tests, logic, noted(element))


def _null(variables: Variables, evaluation: Any) -> None:
    """An empty output cell."""


def _input_values(inputs: list[InputColumn], variables: Variables, evaluation: Any) -> list[Any] | None:
    values = []
    for column in inputs:
        value = evaluation.fit(column.logic(variables, evaluation), column.type, column.name)
        if value is not None and column.allowed is not None and column.allowed.evaluate(value, variables) is not True:
            shown = feel.to_text(value)
            zh, en = f"输入“{column.name}”的值 {shown} 不在允许范围内。", f"The value {shown} of input {column.name!r} is not allowed."
            evaluation.warn("not-allowed", zh, en, column.name)
            return None
        values.append(value)
    return values


def _fitting(rules: list[Rule], values: list[Any], variables: Variables, evaluation: Any, first: bool) -> list[int]:
    found = []
    for index, rule in enumerate(rules):
        if all(
            test is not None and test.evaluate(value, variables, evaluation.functions, evaluation.warnings) is True
            for test, value in zip(rule.tests, values, strict=False)
        ):
            found.append(index)
            if first:
                break
    return found


def _outputs(rule: Rule, outputs: list[OutputColumn], variables: Variables, evaluation: Any) -> tuple[Any, ...]:
    values = []
    for column, logic in zip(outputs, rule.outputs, strict=False):
        value = evaluation.fit(logic(variables, evaluation), column.type, column.name)
        if value is not None and column.allowed is not None and column.allowed.evaluate(value, variables) is not True:
            zh, en = f"输出值 {feel.to_text(value)} 不在允许范围内。", f"The output {feel.to_text(value)} is not among the allowed values."
            value = evaluation.warn("not-allowed", zh, en, column.name)
        values.append(value)
    return tuple(incoming(value) for value in values)


def _fired(hit: Hit, rules: list[Rule], outputs: list[OutputColumn], name: str) -> FiredRule:
    named = {column.name or name: value for column, value in zip(outputs, hit.outputs, strict=False)}
    return FiredRule(hit.id, hit.index + 1, rules[hit.index].annotations, named, name)


def _default(outputs: list[OutputColumn], variables: Variables, evaluation: Any) -> Any:
    """The default outputs, when no rule fits and the table has some."""
    if not any(column.default is not None for column in outputs):
        return None
    values = {column.name: None if column.default is None else column.default(variables, evaluation) for column in outputs}
    return values if len(outputs) > 1 else next(iter(values.values()))


def _unanswered(name: str, listed: bool, aggregation: str, evaluation: Any) -> Any:
    """No rule fits: null, an empty list, or a count of zero."""
    evaluation.warn("no-rule", f"决策表“{name}”没有规则命中。", f"No rule of decision table {name!r} fits.", name)
    if aggregation == "COUNT":
        return incoming(0)
    return [] if listed else None
