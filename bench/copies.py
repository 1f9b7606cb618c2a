"""Many open cases in little time: copies of one, with keys of their own."""

from __future__ import annotations

import re
from itertools import count
from typing import Any

from sqlalchemy import insert, select

from engine.store import tables
from tests.support.town import Complaint, Town

COPIED = (tables.case, tables.instance, tables.task, tables.task_candidate, tables.timer, tables.subscription)
KEYS = re.compile(r"\b2251799813\d{6}\b")
BATCH = 2000


def copy(found: Town, complaint: Complaint, times: int) -> None:
    """Write `times` copies of an open case: its row, instance, tasks, candidates, timers and subscriptions."""
    with found.store.reading() as db:
        owned = {table: list(db.execute(select(table).where(_of(table, complaint.key))).mappings()) for table in COPIED}
    fresh = count(2**52)
    for first in range(0, times, BATCH):
        rows: dict[Any, list[dict[str, Any]]] = {table: [] for table in COPIED}
        for number in range(first, min(first + BATCH, times)):
            _one(owned, rows, number, fresh)
        with found.store.engine.begin() as db:
            for table, values in rows.items():
                if values:
                    db.execute(insert(table), values)


def _of(table: Any, case_key: int) -> Any:
    if table is tables.task_candidate:
        return table.c.task_key.in_(select(tables.task.c.key).where(tables.task.c.case_key == case_key, tables.task.c.status == "open"))
    return (table.c.key if table is tables.case else table.c.case_key) == case_key


def _one(owned: dict[Any, list[Any]], rows: dict[Any, list[dict[str, Any]]], number: int, fresh: Any) -> None:
    new: dict[str, str] = {}
    shared = ("release_key", "unit_key", "registered_by")
    keep = {str(row[name]) for values in owned.values() for row in values for name in shared if row.get(name)}

    def swap(text: str) -> str:
        return KEYS.sub(lambda hit: hit[0] if hit[0] in keep else new.setdefault(hit[0], str(next(fresh))), text)

    for table, values in owned.items():
        for row in values:
            copied = {name: _swapped(value, swap) for name, value in row.items()}
            if table is tables.case:
                copied["number"] = f"COPY-{number}"
            rows[table].append(copied)


def _swapped(value: Any, swap: Any) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(swap(str(value)))
    return swap(value) if isinstance(value, str) else value
