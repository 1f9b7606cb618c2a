"""Functions Modeler offers beyond the standard (npm `@camunda/feel-builtins`); those on lists and dates stand with their family."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine import clock
from engine.feel.builtins import patterns
from engine.feel.functions import builtin
from engine.feel.limits import answer, list_of, text_of
from engine.feel.text import to_json
from engine.feel.values import incoming

if TYPE_CHECKING:
    from engine.feel.run import Run

REFUSED = {"fromAi": ("AI 任务的函数 fromAi 不受支持", "fromAi belongs to AI tasks, which are not supported")}
QUIET = frozenset({"is defined", "get or else"})  # asking whether a name is there is no fault


@builtin("is defined", "value: Any")
def is_defined(value: Any) -> bool:
    """Return whether the value is not null."""
    return value is not None


@builtin("get or else", "value: Any", "default: Any", nullable=True)
def get_or_else(value: Any, default: Any) -> Any:
    """Return the value, or the default when it is null."""
    return default if value is None else value


@builtin("assert", "value: Any", "condition: Any", "cause?: string", nullable=True, run=True)
def assert_(run: Run, value: Any, condition: Any, cause: str | None = None) -> Any:
    """Return the value when the condition is true, otherwise null and a warning with the cause."""
    if condition is True:
        return value
    zh, en = f"断言不成立：{cause or '条件不为真'}", f"Assertion failed: {cause or 'the condition is not true'}"
    run.warn("invalid-argument", zh, en, "assert")
    return None


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


@builtin("from json", "value: string", nullable=True)
def from_json(text: str) -> Any:
    """Return what the JSON text says."""
    try:
        return incoming(json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=_no_number))
    except (ValueError, RecursionError, ArithmeticError):
        return None


def _no_number(text: str) -> None:
    raise ValueError(text)


@builtin("to json", "value: Any")
def json_of(value: Any) -> str:
    """Return the value as JSON text."""
    return text_of(json.dumps(to_json(answer(value)), ensure_ascii=False, default=float, separators=(",", ":")))


@builtin("to base64", "value: string")
def to_base64(text: str) -> str:
    """Return the text, as UTF-8, in Base64."""
    return text_of(base64.b64encode(text.encode("utf-8", "replace")).decode("ascii"))


@builtin("from base64", "value: string")
def from_base64(text: str) -> str | None:
    """Return the text that Base64 encodes; null when it is none."""
    try:
        return base64.b64decode(text, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None


@builtin("random number", run=True)
def random_number(run: Run) -> Decimal:
    """Return a number from 0 to below 1, drawn from the present moment: a replay under the same clock draws the same."""
    return Decimal(int.from_bytes(_drawn(run)[:6], "big")) / Decimal(2**48)


@builtin("uuid", run=True)
def uuid(run: Run) -> str:
    """Return a text of 36 characters in the form of a UUID, drawn like `random number`; no key to rely on."""
    text = _drawn(run)[:16].hex()
    return "-".join((text[:8], text[8:12], "4" + text[13:16], "8" + text[17:20], text[20:]))


def _drawn(run: Run) -> bytes:
    return hashlib.sha256(f"{clock.now().isoformat()} {run.draw()}".encode()).digest()
