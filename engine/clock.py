"""The only reader of time. All datetimes inside jiesu are aware; what is stored is UTC."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")  # requirements Q39

_fixed: datetime | None = None


def now() -> datetime:
    """Return the present as an aware UTC datetime, or the pinned one."""
    return _fixed if _fixed is not None else datetime.now(UTC)


def pin(moment: datetime | None) -> None:
    """Pin the clock of this process to `moment` (aware), or let it run again with None."""
    global _fixed
    if moment is not None and moment.tzinfo is None:
        raise ValueError("clock.pin wants an aware datetime")
    _fixed = None if moment is None else moment.astimezone(UTC)


@contextmanager
def pinned(moment: datetime) -> Iterator[None]:
    """Pin the clock inside a `with` block (tests, replay)."""
    before = _fixed
    pin(moment)
    try:
        yield
    finally:
        pin(before)
