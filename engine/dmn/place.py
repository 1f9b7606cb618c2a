"""Where a boxed expression stands while it is compiled: the names it may use, the types it may name, and whom to tell of faults."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from engine import feel
from engine.dmn.items import Items
from engine.dmn.xml import Element, attribute, text
from engine.feel.types import AnyType
from engine.model import Finding

if TYPE_CHECKING:
    from engine.dmn.evaluation import Evaluation

Variables = dict[str, Any]
Logic = Callable[[Variables, "Evaluation"], Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Compiles what stands in one decision or knowledge model."""

    owner: str
    name: str
    items: Items
    names: frozenset[str]
    functions: Mapping[str, feel.HostFunction]
    findings: list[Finding]
    free: set[str]
    local: frozenset[str] = field(default=frozenset())

    def with_names(self, names: Iterable[str]) -> Place:
        """Return the place inside a context, function or loop that declares these names."""
        found = frozenset(names)
        return replace(self, names=self.names | found, local=self.local | found)

    def expression(self, written: str, element: Element) -> Logic:
        """Compile FEEL text; a fault is noted and makes the expression null."""
        try:
            compiled = feel.compile(written, self.names, self.functions, self.items.types)
        except feel.SyntaxError_ as error:
            self.wrong(element, error)
            return nothing
        self.free.update(compiled.variables - self.local)
        return lambda variables, evaluation: compiled.evaluate(variables, evaluation.functions, evaluation.warnings)

    def unary(self, written: str, element: Element) -> feel.UnaryTest | None:
        """Compile a table cell; None for one that is faulty."""
        try:
            compiled = feel.compile_unary(written or "-", self.names, self.functions, self.items.types)
        except feel.SyntaxError_ as error:
            self.wrong(element, error)
            return None
        self.free.update(compiled.variables - self.local)
        return compiled

    def wrong(self, element: Element, error: feel.SyntaxError_) -> None:
        """Note a fault in FEEL text."""
        zh, en = error.text("zh"), error.text("en")
        self.note(element, "feel", f"{zh}\n{error.caret()}", f"{en}\n{error.caret()}")

    def note(self, element: Element, rule: str, zh: str, en: str) -> None:
        """Note a fault of an element."""
        shown = text(element)[:60]
        where_zh, where_en = (f"（{shown}）", f" ({shown})") if shown else ("", "")
        told = f"决策“{self.name}”{where_zh}：{zh}", f"Decision {self.name!r}{where_en}: {en}"
        at = attribute(element, "id") or self.owner
        self.findings.append(Finding(f"dmn-{rule}", *told, element=at, name=self.name, line=element.sourceline))

    def fitted(self, logic: Logic, typ: AnyType, name: str) -> Logic:
        """Return the logic with its value fitted to a declared type; a value that does not fit is null with a warning."""
        if typ == feel.ANY_TYPE:
            return logic
        return lambda variables, evaluation: evaluation.fit(logic(variables, evaluation), typ, name)


def nothing(variables: Variables, evaluation: Evaluation) -> None:
    """The logic of what is missing or faulty."""
    evaluation.warn("invalid-argument", "此处没有可用的表达式。", "There is no usable expression here.")
