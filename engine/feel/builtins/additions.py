"""Functions Modeler offers beyond the standard (npm `@camunda/feel-builtins`)."""

from __future__ import annotations

from typing import Any

from engine.feel.builtins import patterns
from engine.feel.functions import builtin
from engine.feel.limits import list_of, text_of


@builtin("is defined", "value: Any")
def is_defined(value: Any) -> bool:
    """Return whether the value is not null."""
    return value is not None


@builtin("get or else", "value: Any", "default: Any", nullable=True)
def get_or_else(value: Any, default: Any) -> Any:
    """Return the value, or the default when it is null."""
    return default if value is None else value


@builtin("assert", "value: Any", "condition: Any")
@builtin("assert", "value: Any", "condition: Any", "cause: string")
def assert_(value: Any, condition: Any, cause: str = "") -> Any:
    """Return the value when the condition is true, otherwise null with a warning."""
    return value if condition is True else None


@builtin("trim", "string: string")
def trim(text: str) -> str:
    """Return the text without blanks at both ends."""
    return text.strip()


@builtin("extract", "string: string", "pattern: string")
def extract(text: str, pattern: str) -> list[str] | None:
    """Return all parts of the text that match the pattern."""
    found = patterns.found(text, pattern)
    return None if found is None else list_of(found)


@builtin("is blank", "string: string")
def is_blank(text: str) -> bool:
    """Return whether the text holds nothing but blanks."""
    return not text.strip()


@builtin("from json", "value: string")
def from_json(text: str) -> Any:
    """Return what the JSON text says."""
    import json
    from decimal import Decimal

    from engine.feel.values import incoming

    try:
        return incoming(json.loads(text, parse_float=Decimal, parse_int=Decimal))
    except (ValueError, RecursionError):
        return None


@builtin("to json", "value: Any")
def json_of(value: Any) -> str:
    """Return the value as JSON text."""
    import json
    from decimal import Decimal

    from engine.feel.text import to_json

    def number(part: Any) -> Any:
        return float(part) if isinstance(part, Decimal) else part

    return text_of(json.dumps(to_json(value), ensure_ascii=False, default=number, separators=(",", ":")))

