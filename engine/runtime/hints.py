"""What FEEL could not make sense of during one act, kept for the author of the procedure: where, what kind, which name; no values."""

from __future__ import annotations

from collections.abc import Iterable

from engine import feel
from engine.bpmn import Element
from engine.runtime.package import Package

MOST = 20  # in one act
LONGEST = 80  # characters of a name
TOLD_ELSEWHERE = frozenset({"no-rule"})  # the record of the decision says that no rule fired


class Hints:
    """Collects warnings of evaluations with the element they belong to."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, feel.Warning], None] = {}

    def note(self, element: Element | None, warnings: Iterable[feel.Warning]) -> None:
        """Remember warnings that came up for an element."""
        for warning in warnings:
            self._found.setdefault((element.id if element else "", warning))

    @property
    def warnings(self) -> list[feel.Warning]:
        """All warnings, in the order in which they came up."""
        return [warning for _, warning in self._found]

    def facts(self, package: Package) -> list[dict[str, str]]:
        """Return what goes into the event; a variable that is known and merely has no value yet is nobody's mistake."""
        known = set(package.variables) | {part.key for form in package.forms.values() for part in form.walk()} if self._found else set()
        told = {
            (element, warning.kind, warning.name[:LONGEST]): None
            for element, warning in self._found
            if warning.kind not in TOLD_ELSEWHERE and not (warning.kind == "unknown-name" and warning.name in known)
        }
        return [{"element": element, "kind": kind, "name": name} for element, kind, name in told][:MOST]
