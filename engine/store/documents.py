"""JSON documents in text columns. Numbers keep their exact decimal value: money never becomes a binary float on the way."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any


def _exact(value: Any) -> int | float:
    if isinstance(value, Decimal):
        if value == value.to_integral_value():
            return int(value)
        number = float(value)
        if Decimal(repr(number)) == value:
            return number
        raise ValueError(f"number has too many digits to be stored: {value}")
    raise TypeError(f"{type(value).__name__} cannot be stored in a document")


def dumps(value: Any) -> str:
    """Return compact JSON text; Decimal becomes a JSON number and is refused if that would change it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_exact, allow_nan=False)


def loads(text: str | None) -> Any:
    """Return the value of JSON text; fractions come back as Decimal. None gives None."""
    return None if text is None else json.loads(text, parse_float=Decimal)
