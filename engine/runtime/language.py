"""What FEEL in a diagram, form or table may call besides its built-ins: the host functions of jiesu."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from engine import feel


def _outside(*_: Any) -> None:
    """Stand in for a host function where no case is at hand (reading a file, trying a table)."""


# Known to the parser wherever FEEL is compiled; a case supplies the functions themselves.
SIGNATURES = {"due": feel.HostFunction("due", ("stage",), _outside)}


def functions(due: Callable[[str], datetime | None]) -> dict[str, feel.HostFunction]:
    """Return the host functions of one case."""
    return {"due": feel.HostFunction("due", ("stage",), due)}
