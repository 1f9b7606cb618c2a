"""One question to a model: its inputs, the values of decisions already made, the rules that fired, and the warnings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import feel
from engine.dmn.results import FiredRule, TableRun
from engine.feel.types import AnyType, fit, type_text
from engine.feel.values import incoming


class Evaluation:
    """Shared by all logic that runs for one `decide` or `invoke`."""

    __slots__ = ("_fired", "_tables", "decisions", "functions", "inputs", "owner", "running", "values", "warnings")

    def __init__(self, inputs: Mapping[str, Any], functions: Mapping[str, feel.HostFunction] | None) -> None:
        self.inputs = inputs
        self.functions = functions
        self.warnings: list[feel.Warning] = []
        self.values: dict[tuple[str, str], Any] = {}  # (namespace, element id) → value
        self.decisions: dict[str, Any] = {}
        self.running: list[tuple[str, str]] = []
        self.owner = ""
        self._fired: list[FiredRule] = []
        self._tables: list[TableRun] = []

    @property
    def fired(self) -> tuple[FiredRule, ...]:
        """Every rule that fired so far."""
        return tuple(self._fired)

    @property
    def tables(self) -> tuple[TableRun, ...]:
        """Every table evaluated so far."""
        return tuple(self._tables)

    def table(self, decision: str, inputs: tuple[Any, ...], fired: list[FiredRule]) -> None:
        """Note that a table was evaluated."""
        self._fired.extend(fired)
        self._tables.append(TableRun(decision, inputs, tuple(rule.index for rule in fired)))

    def warn(self, kind: str, zh: str, en: str, name: str = "") -> None:
        """Note a warning once."""
        warning = feel.Warning(kind, zh, en, name)
        if warning not in self.warnings and len(self.warnings) < 200:
            self.warnings.append(warning)

    def fit(self, value: Any, typ: AnyType, name: str) -> Any:
        """Fit a value to a declared type; null and a warning when it does not fit."""
        fitted, good = fit(incoming(value), typ)
        if not good:
            shown = type_text(typ)
            self.warn("wrong-type", f"“{name}”的值不符合类型 {shown}。", f"The value of {name!r} is not of type {shown}.", name)
        return fitted

    def inside(self, inputs: Mapping[str, Any]) -> Evaluation:
        """Return the evaluation of a decision service: own inputs and values, shared warnings and rules fired."""
        inner = Evaluation(inputs, self.functions)
        inner.warnings, inner._fired, inner._tables, inner.running = self.warnings, self._fired, self._tables, self.running
        return inner

    def of_import(self, alias: str) -> Evaluation:
        """Return the evaluation of an imported model: its inputs are those given below the import's name, or the common ones."""
        below = self.inputs.get(alias)
        inner = self.inside({**self.inputs, **below} if isinstance(below, Mapping) else self.inputs)
        inner.values, inner.decisions = self.values, self.decisions
        return inner
