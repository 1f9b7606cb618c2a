"""Tree → text, in one canonical form: single blanks, only the brackets that are needed. Used by diffs, and by the tests of the parser."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel.syntax import (
    Arithmetic,
    At,
    Between,
    Call,
    Comparison,
    ContextNode,
    Filter,
    For,
    FunctionDefinition,
    HalfInterval,
    If,
    In,
    InstanceOf,
    Interval,
    Iterator,
    ListNode,
    Literal,
    Logic,
    Name,
    Negation,
    Node,
    Path,
    Quantified,
    UnaryTests,
)
from engine.feel.text import key_text, quoted, to_text
from engine.feel.types import ANY, type_text

_SUM, _NEGATION, _INSTANCE, _OPERAND = 4, 7, 8, 9
_SIGNS = {"+": 4, "-": 4, "*": 5, "/": 5, "**": 6}


def print_tree(node: Node) -> str:
    """Return the text of a tree; compiling it gives an equal tree again."""
    return _show(node, 0)


def _show(node: Node, least: int) -> str:
    """The text of a node that must bind at least as strongly as `least`, in brackets if it does not."""
    text = _PRINTERS[type(node)](node)
    return text if _level(node) >= least else f"({text})"


def _level(node: Node) -> int:
    if isinstance(node, Logic):
        return 1 if node.operator == "or" else 2
    if isinstance(node, Comparison | Between | In):
        return 3
    if isinstance(node, Arithmetic):
        return _SIGNS[node.operator]
    if isinstance(node, If | For | Quantified | FunctionDefinition | HalfInterval):
        return 0
    if isinstance(node, Negation):
        return _NEGATION
    return _INSTANCE if isinstance(node, InstanceOf) else _OPERAND + 1


def _literal(node: Literal) -> str:
    if isinstance(node.value, str):
        return quoted(node.value)
    return f"{node.value:E}" if isinstance(node.value, Decimal) and abs(node.value.adjusted()) > 40 else to_text(node.value)


def _path(node: Path) -> str:
    return f"{_source(node.source)}.{node.name}"


def _source(node: Node) -> str:
    """What a path, filter or call hangs on; numbers need brackets, since a point may follow."""
    return f"({_show(node, 0)})" if isinstance(node, Literal | At) else _show(node, _OPERAND)


def _call(node: Call) -> str:
    shown = [_show(argument, 0) for argument in node.arguments]
    if node.names:
        shown = [f"{name}: {argument}" for name, argument in zip(node.names, shown, strict=True)]
    return f"{_source(node.callee)}({', '.join(shown)})"


def _negation(node: Negation) -> str:
    return f"-{_show(node.operand, _NEGATION)}"


def _arithmetic(node: Arithmetic) -> str:
    power = _SIGNS[node.operator]
    return f"{_show(node.left, power)} {node.operator} {_show(node.right, power + 1)}"


def _comparison(node: Comparison) -> str:
    return f"{_show(node.left, 3)} {node.operator} {_show(node.right, _SUM)}"


def _logic(node: Logic) -> str:
    power = 1 if node.operator == "or" else 2
    return f" {node.operator} ".join(_show(operand, power + 1) for operand in node.operands)


def _between(node: Between) -> str:
    return f"{_show(node.value, 3)} between {_show(node.low, _SUM)} and {_show(node.high, _SUM)}"


def _in(node: In) -> str:
    return f"{_show(node.value, 3)} in ({', '.join(_show(test, 0) for test in node.tests)})"


def _iterators(iterators: tuple[Iterator, ...]) -> str:
    return ", ".join(
        f"{one.name} in {_show(one.source, 0)}" + (f"..{_show(one.end, 0)}" if one.end is not None else "") for one in iterators
    )


def _definition(node: FunctionDefinition) -> str:
    shown = ", ".join(name if typ == ANY else f"{name}: {type_text(typ)}" for name, typ in node.parameters)
    return f"function({shown}) {'external ' if node.external else ''}{_show(node.body, 0)}"


def _interval(node: Interval) -> str:
    opening, closing = "[" if node.low_included else "(", "]" if node.high_included else ")"
    return f"{opening}{_show(node.low, _SUM)}..{_show(node.high, _SUM)}{closing}"


def _unary_tests(node: UnaryTests) -> str:
    if not node.tests:
        return "-"
    shown = ", ".join(_show(test, 0) for test in node.tests)
    if node.negated:
        return f"not({shown})"
    return f"({shown})" if shown.startswith("not(") and len(node.tests) == 1 else shown


_PRINTERS: dict[type, Callable[[Any], str]] = {
    Literal: _literal,
    At: lambda node: f"@{quoted(node.text)}",
    Name: lambda node: str(node.name),
    Path: _path,
    Filter: lambda node: f"{_source(node.source)}[{_show(node.condition, 0)}]",
    Call: _call,
    Negation: _negation,
    Arithmetic: _arithmetic,
    Comparison: _comparison,
    Logic: _logic,
    Between: _between,
    In: _in,
    InstanceOf: lambda node: f"{_show(node.value, _INSTANCE)} instance of {type_text(node.type)}",
    If: lambda node: f"if {_show(node.condition, 0)} then {_show(node.yes, 0)} else {_show(node.no, 0)}",
    For: lambda node: f"for {_iterators(node.iterators)} return {_show(node.body, 0)}",
    Quantified: lambda node: f"{'every' if node.every else 'some'} {_iterators(node.iterators)} satisfies {_show(node.body, 0)}",
    FunctionDefinition: _definition,
    ListNode: lambda node: f"[{', '.join(_show(item, 0) for item in node.items)}]",
    ContextNode: lambda node: "{" + ", ".join(f"{key_text(key)}: {_show(value, 0)}" for key, value in node.entries) + "}",
    Interval: _interval,
    HalfInterval: lambda node: f"{node.operator} {_show(node.end, _SUM)}",
    UnaryTests: _unary_tests,
}
