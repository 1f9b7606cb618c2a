"""What a decision or service asks for: the names it reads from outside, each with what the file says about its values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine import feel
from engine.dmn.errors import UnknownDecision
from engine.dmn.items import allowed_values, named_type
from engine.dmn.model import Model
from engine.dmn.nodes import DecisionNode, InputNode, Ref, ServiceNode
from engine.dmn.results import Column, Question, Service
from engine.feel.types import ANY, Constrained, type_text


def decision_services(model: Model) -> dict[str, Service]:
    """Return the decision services of a model by id."""
    return {node.id: _service(model, node) for node in model.nodes.values() if isinstance(node, ServiceNode)}


def expression_of(model: Model, identifier: str) -> tuple[str, str]:
    """Return the kind of a decision's expression (decisionTable, literalExpression, context, …), and the text of a literal one."""
    node = model.nodes.get(identifier)
    return (node.kind, node.text) if isinstance(node, DecisionNode) else ("", "")


def decision_of(model: Model, variable: str) -> str:
    """Return the id of the decision whose value has this name (imported ones included), empty if there is none."""
    return next((node.id for node in _nodes(model) if isinstance(node, DecisionNode) and variable in (node.name, node.label)), "")


def questions(model: Model, identifier: str) -> tuple[Question, ...]:
    """Return the questions of the decision or service of this id, in the order of its columns or parameters.

    Raises UnknownDecision.
    """
    node = model.nodes.get(identifier)
    if isinstance(node, ServiceNode):
        found = _service(model, node)
        return tuple(_question(model, name, found.decides) for name in found.parameters)
    if identifier not in model.decisions:
        raise UnknownDecision(name=identifier)
    asked = model.decisions[identifier].inputs
    order = [column.name for column in _columns(model, (identifier,))]
    ranked = sorted(asked, key=lambda name: (order.index(name) if name in order else len(order), name))
    return tuple(_question(model, name, (identifier,)) for name in ranked)


def _service(model: Model, node: ServiceNode) -> Service:
    def named(refs: tuple[Ref, ...]) -> tuple[str, ...]:
        return tuple(ref.id if (found := model.follow(ref)[1]) is None else found.name for ref in refs)

    parameters = named((*node.input_data, *node.input_decisions))
    return Service(node.id, node.label or node.name, parameters, named(node.outputs), tuple(ref.id for ref in node.outputs))


def _question(model: Model, name: str, decisions: tuple[str, ...]) -> Question:
    columns = [column for column in _columns(model, decisions) if column.name == name]
    label = next((column.label for column in columns if column.label != name), "")
    declared = next((node.type for node in _nodes(model) if isinstance(node, InputNode | DecisionNode) and node.name == name), ANY)
    if declared == ANY:
        declared = next((typ for column in columns if (typ := named_type(column.type)) != ANY), ANY)
    written = allowed_values(declared) or next((column.values for column in columns if column.values), "")
    plain = declared.base if isinstance(declared, Constrained) else declared
    return Question(name, type_text(plain), label, _listed(written))


def _columns(model: Model, decisions: tuple[str, ...]) -> Iterator[Column]:
    """Give the input columns of the tables of these decisions, then of those they require, each once."""
    seen: set[tuple[str, str]] = set()
    waiting = [(model, identifier) for identifier in decisions]
    while waiting:
        owner, identifier = waiting.pop(0)
        node = owner.nodes.get(identifier)
        if node is None or isinstance(node, InputNode) or (owner.namespace, identifier) in seen:
            continue
        seen.add((owner.namespace, identifier))
        table = getattr(node, "table", None)
        if table is not None:
            yield from table.inputs
        for ref in getattr(node, "requires", ()):
            found, required = owner.follow(ref)
            if required is not None:
                waiting.append((found, required.id))


def _nodes(model: Model) -> Iterator[Any]:
    yield from model.nodes.values()
    for imported in model.imports.values():
        yield from _nodes(imported)


def _listed(written: str) -> tuple[Any, ...]:
    """Return allowed values that are written one by one; nothing for ranges and tests."""
    if not written:
        return ()
    try:
        found = feel.evaluate(f"[{written}]")
    except feel.SyntaxError_:
        return ()
    plain = isinstance(found, list) and all(item is not None and not isinstance(item, feel.Range | list | dict) for item in found)
    return tuple(found) if plain else ()
