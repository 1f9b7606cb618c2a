"""Frozen data that crosses the borders between parts of the engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

Json: TypeAlias = bool | int | float | str | list[Any] | dict[str, Any] | None


class Severity(StrEnum):
    """How bad a finding is: an error refuses a release, a warning goes to compliance."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check found in a resource: where, what is wrong, how to mend it (both languages)."""

    rule: str
    zh: str
    en: str
    file: str = ""
    element: str = ""
    name: str = ""
    line: int | None = None
    severity: Severity = Severity.ERROR

    def text(self, locale: str = "zh") -> str:
        """Return the sentence in `zh` or `en`."""
        return self.en if locale.startswith("en") else self.zh


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `id` is `person:<key>`, `system:<name>` or `customer:<key>`; `substitute_for` likewise."""

    id: str
    name: str
    person_key: int | None = None
    substitute_for: str | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A due time (aware UTC) with the facts that explain it; sentences are made when shown."""

    due: Any
    facts: dict[str, Any] = field(default_factory=dict)


def system(name: str) -> Actor:
    """Return the actor for an act no person did, e.g. `system("seed")`."""
    return Actor(id=f"system:{name}", name=name)
