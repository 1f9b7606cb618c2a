"""Office hours: which parts of a day are working time, per unit and per day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from engine import clock

DAY = 86_400
LAST = time(23, 59, 59)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of office hours, in seconds of the day; both ends belong to it."""

    opens: int
    closes: int

    def __str__(self) -> str:
        return f"{_clock(self.opens)}–{_clock(self.closes)}"


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """A row of the table: hours of one weekday (ISO: 1 Monday) of a unit, from when to when they hold."""

    unit_key: int
    weekday: int
    span: Span
    valid_from: datetime
    valid_to: datetime | None = None


Week = Mapping[int, tuple[Span, ...]]


def seconds(text: str) -> int:
    """Return the second of the day of `HH:MM`. Raises ValueError; 24:00 is the end of the day."""
    hours, _, minutes = text.partition(":")
    if not (len(hours) == len(minutes) == 2 and hours.isdecimal() and minutes.isdecimal() and int(minutes) < 60):
        raise ValueError(text)
    found = int(hours) * 3600 + int(minutes) * 60
    if found > DAY:
        raise ValueError(text)
    return found


# Ours, not from any written rule (非原文): what holds where no unit upward has hours of its own.
MORNING, AFTERNOON = Span(seconds("09:00"), seconds("12:00")), Span(seconds("13:30"), seconds("18:00"))
DEFAULT: Week = dict.fromkeys(range(1, 6), (MORNING, AFTERNOON))


class Hours:
    """The office hours of one revision."""

    def __init__(self, rows: Iterable[OfficeRow] = ()) -> None:
        self._rows: dict[int, list[OfficeRow]] = {}
        for row in rows:
            self._rows.setdefault(row.unit_key, []).append(row)

    def week(self, units: tuple[int, ...], day: date) -> tuple[Week, int | None]:
        """Return the week that holds on a day and the unit that set it: the nearest of `units` with hours then, else the default.

        Hours changed during a day hold for the whole of that day.
        """
        for unit in units:
            if unit in self._rows:
                week = self._of(unit, datetime.combine(day, LAST, clock.ZONE))
                if week:
                    return week, unit
        return DEFAULT, None

    def _of(self, unit: int, at: datetime) -> Week:
        found: dict[int, list[Span]] = {}
        for row in self._rows[unit]:
            if row.valid_from <= at and (row.valid_to is None or at < row.valid_to):
                found.setdefault(row.weekday, []).append(row.span)
        return {weekday: tuple(sorted(spans, key=lambda span: span.opens)) for weekday, spans in found.items()}


def _clock(second: int) -> str:
    return f"{second // 3600:02d}:{second // 60 % 60:02d}"
