"""Conversions between kinds (10.3.4.1), except those of dates and times."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from engine.feel import arithmetic
from engine.feel.functions import builtin
from engine.feel.text import written

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,6})?")
_LONGEST = 1_000


@builtin("string", "from: Any", nullable=True)
def string(value: Any) -> str | None:
    """Return the value as text, null for null."""
    return None if value is None else written(value)


@builtin("number", "from: string", "grouping separator?: string", "decimal separator?: string")
def number(text: str, grouping: str | None = None, point: str | None = None) -> Decimal | None:
    """Return the number a text means; the separators say how it is written."""
    if grouping not in (None, " ", ",", ".") or point not in (None, ",", ".") or (grouping is not None and grouping == point):
        return None
    plain = text if grouping is None else text.replace(grouping, "")
    plain = plain if point is None else plain.replace(point, ".")
    return arithmetic.number(plain) if len(plain) <= _LONGEST and _NUMBER.fullmatch(plain) else None
