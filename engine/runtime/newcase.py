"""The row of a new case, with its number."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, insert

from engine import audit, clock
from engine.runtime.package import Package
from engine.store import tables
from engine.store.counters import raise_counter
from engine.store.keys import next_key


def blank_case(pack: Package, unit_key: int) -> Any:
    """Return the row of a case that nobody has registered yet."""
    at = clock.now()
    values = {"key": 0, "number": "", "release_key": pack.release_key, "unit_key": unit_key, "variables": "{}", "revision": 0}
    return SimpleNamespace(**values, audit_seq=0, audit_hash=audit.GENESIS, registered_at=at, handling_since=at)


def new_case(db: Connection, pack: Package, unit_key: int, registered_by: int | None) -> Any:
    """Write a case with the next number of its month and return its row; None: no person registered it."""
    row = blank_case(pack, unit_key)
    row.key, row.number = next_key(db), _number(db, pack, row.registered_at)
    row.variables = '{"caseNumber":"' + row.number + '"}'
    values = {"procedure": pack.slug, "status": "open", "subject": "", "registered_by": registered_by}
    db.execute(insert(tables.case).values(**vars(row), **values))
    return row


def _number(db: Connection, pack: Package, at: datetime) -> str:
    month = at.astimezone(clock.ZONE).strftime("%Y%m")
    count = raise_counter(db, f"case {pack.settings.prefix} {month}")
    return pack.settings.case_number.format(prefix=pack.settings.prefix, yyyymm=month, n=count)
