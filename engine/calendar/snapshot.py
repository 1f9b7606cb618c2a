"""The calendar as it stands at one revision, read once and kept: asking it costs no statement."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, select

from engine.calendar.days import Days, Listed
from engine.calendar.hours import Hours, OfficeRow, Span, seconds
from engine.calendar.working import WorkingTime
from engine.store.tables import counter, holiday, office_hours

REVISION = "calendar revision"


class Calendar:
    """The days and office hours of one revision."""

    def __init__(self, days: Days | None = None, hours: Hours | None = None) -> None:
        self.days, self.hours = days or Days(), hours or Hours()
        self._working: dict[tuple[int, ...], WorkingTime] = {}

    def working(self, units: Sequence[int] = ()) -> WorkingTime:
        """Return the working time of a unit: its key and the keys above it, nearest first."""
        path = tuple(units)
        found = self._working.get(path)
        if found is None:
            found = self._working[path] = WorkingTime(self.days, self.hours, path)
        return found


def read(db: Connection, more: Iterable[Listed] = ()) -> Calendar:
    """Read the calendar, with rows that are not stored yet laid over it (what would be?)."""
    return Calendar(Days([*listed(db), *more]), Hours(_office(row) for row in db.execute(select(office_hours))))


def listed(db: Connection) -> list[Listed]:
    """Return every imported day of every version."""
    return [Listed(row.day, row.kind, row.name, row.source, row.version) for row in db.execute(select(holiday))]


def _office(row: Any) -> OfficeRow:
    return OfficeRow(row.unit_key, row.weekday, Span(seconds(row.opens), seconds(row.closes)), row.valid_from, row.valid_to)


_kept: OrderedDict[tuple[str, int], Calendar] = OrderedDict()
_lock = threading.Lock()


def calendar_at(db: Connection) -> Calendar:
    """Return the calendar at its present revision. One statement; the tables are read once per revision.

    A revision is a key nobody has had before, so one that was rolled back is never taken for a later one.
    """
    revision = db.execute(select(counter.c.value).where(counter.c.name == REVISION)).scalar() or 0
    key = (str(db.engine.url), revision)
    with _lock:
        found = _kept.get(key)
    if found is None:
        found = read(db)
        with _lock:
            _kept[key] = found
            while len(_kept) > 8:
                _kept.popitem(last=False)
    return found
