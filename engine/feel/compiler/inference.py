"""What type an expression has, as far as its text tells: for `instance of` and for passing functions to typed parameters."""

from __future__ import annotations

from collections.abc import Mapping

from engine.feel.literals import parse_literal
from engine.feel.syntax import (
    Arithmetic,
    At,
    Between,
    Comparison,
    ContextNode,
    FunctionDefinition,
    If,
    In,
    InstanceOf,
    ListNode,
    Literal,
    Logic,
    Name,
    Node,
    Quantified,
)
from engine.feel.types import ANY, UNKNOWN, AnyType, ContextType, FunctionType, ListType, Type
from engine.feel.values import kind

_BOOLEAN = (Comparison, Logic, Between, In, InstanceOf, Quantified)


def result_type(node: Node, names: Mapping[str, AnyType]) -> AnyType:
    """Return the type of an expression whose parameters have the types `names`; UNKNOWN where only evaluation can tell."""
    if isinstance(node, Literal):
        return Type(kind(node.value)) if node.value is not None else Type("Null")
    if isinstance(node, At):
        return Type(kind(parse_literal(node.text)))
    if isinstance(node, _BOOLEAN):
        return Type("boolean")
    if isinstance(node, Name):
        found = names.get(node.name, UNKNOWN)
        return UNKNOWN if found == ANY else found
    if isinstance(node, Arithmetic):
        sides = result_type(node.left, names), result_type(node.right, names)
        return sides[0] if sides[0] == sides[1] and sides[0] in (Type("number"), Type("string")) else UNKNOWN
    if isinstance(node, If):
        sides = result_type(node.yes, names), result_type(node.no, names)
        return sides[0] if sides[0] == sides[1] else UNKNOWN
    if isinstance(node, ContextNode):
        return ContextType(tuple((key, result_type(value, names)) for key, value in node.entries))
    if isinstance(node, ListNode):
        items = {result_type(item, names) for item in node.items}
        return ListType(items.pop() if len(items) == 1 else UNKNOWN)
    if isinstance(node, FunctionDefinition):
        return FunctionType(tuple(typ for _, typ in node.parameters), result_type(node.body, {**names, **dict(node.parameters)}))
    return UNKNOWN
