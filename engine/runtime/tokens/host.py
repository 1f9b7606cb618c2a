"""What a machine needs from the case around it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Protocol

from engine.bpmn import Element


class Pending:
    """The answer of a job type that no function of ours does: an outside worker will."""


PENDING: Final = Pending()


class Host(Protocol):
    """The case: its variables, clock, keys, FEEL, decisions and service functions."""

    @property
    def variables(self) -> Mapping[str, Any]:
        """The case scope: JSON values, numbers int or Decimal. Shows at once what `write` has written."""

    def write(self, name: str, value: Any) -> None:
        """Write a variable of the case scope."""

    def next_key(self) -> int:
        """Return a new 64-bit key, greater than all this instance has had."""

    def now(self) -> datetime:
        """Return the present, aware."""

    def evaluate(self, text: str, scope: Mapping[str, Any], element: Element) -> Any:
        """Return the FEEL value of a text (without "=") in a scope."""

    def decide(self, decision_id: str, scope: Mapping[str, Any], element: Element) -> Any:
        """Return the value of a decision."""

    def call(
        self, job_type: str, element: Element, headers: Mapping[str, str], scope: Mapping[str, Any]
    ) -> Mapping[str, Any] | Pending | None:
        """Run a service function and return its variables (or None), or `PENDING` when a worker does it."""
