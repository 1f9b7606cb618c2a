"""Compiles text to expressions and evaluates them: the surface of the language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from engine.feel import limits, parser
from engine.feel.builtins import BUILTINS
from engine.feel.compiler import Closure, Scope
from engine.feel.compiler.scope import VALUE
from engine.feel.errors import SyntaxError_, Warning
from engine.feel.functions import HostFunction
from engine.feel.limits import Budget, LimitReached, active, answer
from engine.feel.names import Names
from engine.feel.properties import NAMES as PROPERTY_NAMES
from engine.feel.reading import descendants
from engine.feel.run import MISSING, Run
from engine.feel.syntax import (
    Arithmetic,
    At,
    Between,
    Comparison,
    HalfInterval,
    If,
    In,
    InstanceOf,
    Interval,
    ListNode,
    Literal,
    Logic,
    Name,
    Negation,
    Node,
    Path,
    UnaryTests,
)
from engine.feel.types import SIMPLE, AnyType
from engine.feel.values import incoming

NO_FUNCTIONS: Mapping[str, HostFunction] = MappingProxyType({})
NO_BUDGET = Budget(0)
NO_TYPES: Mapping[str, AnyType] = MappingProxyType({})
_KNOWN = Names([*BUILTINS, *PROPERTY_NAMES, *SIMPLE])


_PLAIN = (
    Literal,
    ListNode,
    At,
    Name,
    Path,
    Comparison,
    Logic,
    Negation,
    Arithmetic,
    Between,
    In,
    InstanceOf,
    If,
    Interval,
    HalfInterval,
    UnaryTests,
)


class _Program:
    """The compiled text, shared by all expressions with the same text and names.

    `plain` ones have no loop, call, filter or context: they end by themselves and need no budget.
    """

    __slots__ = ("closure", "constant", "empty", "plain", "text", "tree", "variables")

    def __init__(self, text: str, tree: Node, types: Mapping[str, AnyType]) -> None:
        scope = Scope(types)
        self.text = text
        self.tree = tree
        self.closure: Closure = scope.compile(tree)
        self.empty = [None] * (scope.size - 2)
        self.variables = frozenset(scope.free)
        self.plain = all(isinstance(node, _PLAIN) for node in descendants(tree))
        self.constant = tree.value if isinstance(tree, Literal) else MISSING

    def start(self, frame: list[Any], run: Run) -> Any:
        """Evaluate under a budget: that of the evaluation around this one, if there is one."""
        if self.plain:
            return self.guarded(frame, run)
        before = active.budget
        run.budget = Budget() if before is None else before
        active.budget = run.budget
        try:
            return self.guarded(frame, run)
        finally:
            active.budget = before

    def guarded(self, frame: list[Any], run: Run) -> Any:
        """Evaluate; what breaks a bound is null and a warning."""
        try:
            value = self.closure(frame)
            return answer(value) if type(value) is list or type(value) is dict else value
        except LimitReached as reached:
            run.warn("limit", reached.zh, reached.en)
        except RecursionError:
            run.warn("limit", "表达式递归过深。", "The expression recurses too deep.")
        return None


class _Compiled:
    """What an expression and a table cell have in common."""

    __slots__ = ("_functions", "_program")

    def __init__(self, program: _Program, functions: Mapping[str, HostFunction]) -> None:
        self._program = program
        self._functions = functions

    @property
    def text(self) -> str:
        """The FEEL text."""
        return self._program.text

    @property
    def tree(self) -> Node:
        """The syntax tree."""
        return self._program.tree

    @property
    def variables(self) -> frozenset[str]:
        """The free names read from outside, host functions included."""
        return self._program.variables

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.text!r})"


class Expression(_Compiled):
    """A compiled expression."""

    __slots__ = ()

    def evaluate(
        self,
        variables: Mapping[str, Any],
        functions: Mapping[str, HostFunction] | None = None,
        warnings: list[Warning] | None = None,
    ) -> Any:
        """Return the value. Whatever goes wrong makes null, and a warning in `warnings`."""
        program = self._program
        if program.constant is not MISSING:
            return program.constant
        run = Run(self._functions if functions is None else functions, warnings, NO_BUDGET)
        return program.start([variables, run, *program.empty], run)


class UnaryTest(_Compiled):
    """A compiled table cell; `variables` are the names read besides the tested value."""

    __slots__ = ()

    def evaluate(
        self,
        value: Any,
        variables: Mapping[str, Any],
        functions: Mapping[str, HostFunction] | None = None,
        warnings: list[Warning] | None = None,
    ) -> bool | None:
        """Return whether the value passes; null, with a warning, where FEEL cannot tell."""
        program = self._program
        run = Run(self._functions if functions is None else functions, warnings, NO_BUDGET)
        frame: list[Any] = [variables, run, *program.empty]
        try:
            frame[VALUE] = value if type(value) is str or type(value) is Decimal else incoming(value)
        except LimitReached as reached:
            run.warn("limit", reached.zh, reached.en)
            return None
        result = program.start(frame, run)
        return result if isinstance(result, bool) else None


def compile(
    text: str,
    names: Iterable[str] = frozenset(),
    functions: Mapping[str, HostFunction] = NO_FUNCTIONS,
    types: Mapping[str, AnyType] = NO_TYPES,
) -> Expression:
    """Compile FEEL text (without a leading `=`).

    `names` are variables whose names contain blanks or signs; `functions` the host functions by name; `types` item definitions by name.
    Raises SyntaxError_.
    """
    return Expression(_program(text, names, functions, types, False), functions)


def compile_unary(
    text: str,
    names: Iterable[str] = frozenset(),
    functions: Mapping[str, HostFunction] = NO_FUNCTIONS,
    types: Mapping[str, AnyType] = NO_TYPES,
) -> UnaryTest:
    """Compile the text of a table cell. Raises SyntaxError_."""
    return UnaryTest(_program(text, names, functions, types, True), functions)


def evaluate(text: str, variables: Mapping[str, Any] = MappingProxyType({}), warnings: list[Warning] | None = None) -> Any:
    """Compile and evaluate in one go; the names of the variables are known to the parser."""
    return compile(text, frozenset(variables)).evaluate(variables, warnings=warnings)


def unary(
    text: str,
    value: Any,
    variables: Mapping[str, Any] = MappingProxyType({}),
    functions: Mapping[str, HostFunction] | None = None,
    warnings: list[Warning] | None = None,
) -> bool | None:
    """Compile and evaluate a table cell in one go; `-` is true."""
    known = NO_FUNCTIONS if functions is None else functions
    return compile_unary(text, frozenset(variables), known).evaluate(value, variables, warnings=warnings)


def _program(text: str, names: Iterable[str], functions: Mapping[str, HostFunction], types: Mapping[str, AnyType], unary: bool) -> _Program:
    known = frozenset(names) | frozenset(functions)
    if types:
        return _compiled(text, known, types, unary)
    return _cached(text, known, unary)


@lru_cache(maxsize=8192)
def _cached(text: str, names: frozenset[str], unary: bool) -> _Program:
    return _compiled(text, names, NO_TYPES, unary)


def _compiled(text: str, names: frozenset[str], types: Mapping[str, AnyType], unary: bool) -> _Program:
    read = parser.unary_tree if unary else parser.expression_tree
    tree = read(text, names | frozenset(types), _KNOWN)
    try:
        return _Program(text, tree, types)
    except RecursionError:
        zh, en = f"嵌套超过 {limits.NESTING} 层", f"nested deeper than {limits.NESTING} levels"
        raise SyntaxError_(text, 0, zh, en) from None
