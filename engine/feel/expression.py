"""Compiles text to expressions and evaluates them: the surface of the language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from engine.feel import limits, parser
from engine.feel.builtins import BUILTINS
from engine.feel.compiler import Closure, Scope
from engine.feel.errors import SyntaxError_, Warning
from engine.feel.functions import HostFunction
from engine.feel.limits import Budget, LimitReached, active, answer
from engine.feel.names import Names
from engine.feel.properties import NAMES as PROPERTY_NAMES
from engine.feel.run import Run
from engine.feel.syntax import Node
from engine.feel.types import SIMPLE, AnyType
from engine.feel.values import incoming

NO_FUNCTIONS: Mapping[str, HostFunction] = MappingProxyType({})
NO_TYPES: Mapping[str, AnyType] = MappingProxyType({})
_KNOWN = Names([*BUILTINS, *PROPERTY_NAMES, *SIMPLE])


class _Program:
    """The compiled text, shared by all expressions with the same text and names."""

    __slots__ = ("closure", "empty", "text", "tree", "variables")

    def __init__(self, text: str, tree: Node, types: Mapping[str, AnyType]) -> None:
        scope = Scope(types)
        self.text = text
        self.tree = tree
        self.closure: Closure = scope.compile(tree)
        self.empty = [None] * (scope.size - 2)
        self.variables = frozenset(scope.free)


class Expression:
    """A compiled expression. `variables` are the names it reads from outside, host functions included."""

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
        """The free names read."""
        return self._program.variables

    def evaluate(
        self,
        variables: Mapping[str, Any],
        functions: Mapping[str, HostFunction] | None = None,
        warnings: list[Warning] | None = None,
    ) -> Any:
        """Return the value. Whatever goes wrong makes null, and a warning in `warnings`."""
        program = self._program
        before = active.budget
        budget = Budget() if before is None else before
        active.budget = budget
        run = Run(self._functions if functions is None else functions, warnings, budget)
        try:
            value = program.closure([variables, run, *program.empty])
            return answer(value) if type(value) is list or type(value) is dict else value
        except LimitReached as reached:
            run.warn("limit", reached.zh, reached.en)
        except RecursionError:
            run.warn("limit", "表达式递归过深。", "The expression recurses too deep.")
        finally:
            active.budget = before
        return None

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"


class UnaryTest:
    """A compiled table cell."""

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
        """The free names read besides the tested value."""
        return self._program.variables

    def evaluate(
        self,
        value: Any,
        variables: Mapping[str, Any],
        functions: Mapping[str, HostFunction] | None = None,
        warnings: list[Warning] | None = None,
    ) -> bool | None:
        """Return whether the value passes; null, with a warning, where FEEL cannot tell."""
        program = self._program
        before = active.budget
        budget = Budget() if before is None else before
        active.budget = budget
        run = Run(self._functions if functions is None else functions, warnings, budget)
        frame = [variables, run, *program.empty]
        try:
            frame[2] = incoming(value)
            result = program.closure(frame)
            return result if isinstance(result, bool) else None
        except LimitReached as reached:
            run.warn("limit", reached.zh, reached.en)
        except RecursionError:
            run.warn("limit", "表达式递归过深。", "The expression recurses too deep.")
        finally:
            active.budget = before
        return None


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
