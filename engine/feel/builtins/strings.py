"""Functions on strings (10.3.4.3). Positions and lengths count Unicode code points."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.feel.builtins import patterns
from engine.feel.builtins.whole import whole
from engine.feel.functions import builtin
from engine.feel.limits import list_of, spend, text_of


@builtin("substring", "string: string", "start position: number", "length?: number")
def substring(text: str, start: Decimal, length: Decimal | None = None) -> str | None:
    """Return the part from `start` (1-based, negative from the end)."""
    first = whole(start)
    if first is None or first == 0:
        return None
    begin = max(first - 1 if first > 0 else len(text) + first, 0)
    if length is None:
        return text[begin:]
    count = whole(length)
    return None if count is None or count < 1 else text[begin : begin + count]


@builtin("string length", "string: string")
def string_length(text: str) -> Decimal:
    """Return the number of characters."""
    return Decimal(len(text))


@builtin("upper case", "string: string")
def upper_case(text: str) -> str:
    """Return the text in capitals."""
    return text_of(text.upper())


@builtin("lower case", "string: string")
def lower_case(text: str) -> str:
    """Return the text in small letters."""
    return text_of(text.lower())


@builtin("substring before", "string: string", "match: string")
def substring_before(text: str, match: str) -> str:
    """Return what stands before the first `match`, nothing when there is none."""
    return text.partition(match)[0] if match and match in text else ""


@builtin("substring after", "string: string", "match: string")
def substring_after(text: str, match: str) -> str:
    """Return what stands after the first `match`, nothing when there is none."""
    return text if not match else text.partition(match)[2]


@builtin("contains", "string: string", "match: string")
def contains(text: str, match: str) -> bool:
    """Return whether the text contains `match`."""
    return match in text


@builtin("starts with", "string: string", "match: string")
def starts_with(text: str, match: str) -> bool:
    """Return whether the text starts with `match`."""
    return text.startswith(match)


@builtin("ends with", "string: string", "match: string")
def ends_with(text: str, match: str) -> bool:
    """Return whether the text ends with `match`."""
    return text.endswith(match)


@builtin("matches", "input: string", "pattern: string", "flags?: string")
def matches(text: str, pattern: str, flags: str | None = None) -> bool | None:
    """Return whether some part of the text matches the XPath pattern."""
    return patterns.matches(text, pattern, flags or "")


@builtin("replace", "input: string", "pattern: string", "replacement: string", "flags?: string")
def replace(text: str, pattern: str, replacement: str, flags: str | None = None) -> str | None:
    """Return the text with every match replaced; `$1` is the first group."""
    return patterns.replace(text, pattern, replacement, flags or "")


@builtin("split", "string: string", "delimiter: string")
def split(text: str, delimiter: str) -> list[str] | None:
    """Return the parts between the matches of the pattern `delimiter`."""
    parts = patterns.split(text, delimiter)
    return None if parts is None else list_of(parts)


@builtin("string join", "list: list", "delimiter?: string")
def string_join(items: list[Any], delimiter: str | None = None) -> str | None:
    """Return the texts of the list with `delimiter` between them; nulls are left out."""
    texts = [item for item in items if item is not None]
    if not all(type(item) is str for item in texts):
        return None
    return _joined(texts, delimiter or "", "", "")


@builtin("string join", "list: list", "delimiter?: string", "prefix?: string", "suffix?: string")
def string_join_between(items: list[Any], delimiter: str | None, prefix: str | None = None, suffix: str | None = None) -> str | None:
    """Like `string join(list, delimiter)`, between a prefix and a suffix."""
    joined = string_join(items, delimiter)
    return None if joined is None else text_of((prefix or "") + joined + (suffix or ""))


def _joined(texts: list[str], delimiter: str, prefix: str, suffix: str) -> str:
    spend(len(texts) + (sum(map(len, texts)) + len(delimiter) * len(texts)) // 4)
    return text_of(prefix + delimiter.join(texts) + suffix)
