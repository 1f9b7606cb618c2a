"""Keyset paging: a page goes on after the last row shown, so that page 500 costs what page 1 costs.

A cursor travels in the address as opaque text. One that was tampered with means the first page; it can only move
along rows the query shows anyway.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, literal, tuple_

from engine.store.columns import Instant, Key

PAGE = 20
FAR = datetime(9999, 1, 1, tzinfo=UTC)  # what has no due time comes last
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows of one page; `after` is the cursor of the next one, or None at the end."""

    rows: tuple[T, ...]
    after: str | None = None


def cursor(*values: datetime | int) -> str:
    """Return the place of a row in its order (moments and keys) as text for an address."""
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def beyond(order: Sequence[ColumnElement[datetime] | ColumnElement[int]], after: str, *, down: bool = False) -> ColumnElement[bool] | None:
    """Return the condition "later in this order than the cursor", or None when the cursor is not one of this order."""
    try:
        plain = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        values = [_moment(item) if isinstance(item, str) else _key(item) for item in plain]
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error):
        return None
    if [type(value.type) for value in values] != [Instant if isinstance(column.type, Instant) else type(Key) for column in order]:
        return None
    here = tuple_(*order)
    return here < tuple_(*values) if down else here > tuple_(*values)


def _moment(text: str) -> ColumnElement[datetime]:
    return literal(datetime.fromisoformat(text).astimezone(UTC), Instant)


def _key(number: int) -> ColumnElement[int]:
    if not isinstance(number, int) or not 0 <= number < 2**63:
        raise ValueError("no key of ours")
    return literal(number, Key)
