"""What a reckoning answers: the moment or number, and everything that explains it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from engine.calendar.days import Day, Kind
from engine.calendar.hours import Span


@dataclass(frozen=True, slots=True)
class Skipped:
    """Days in a row that did not count, for one reason. `name` is the holiday's."""

    first: date
    last: date
    kind: Kind
    name: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a result rests on: days left out, (year, version) of the data used, and years without data (then it is provisional)."""

    skipped: tuple[Skipped, ...]
    versions: tuple[tuple[int, int], ...]
    unknown: tuple[int, ...]

    @property
    def provisional(self) -> bool:
        """Say whether the result may change when the holidays of a year are announced (暂定)."""
        return bool(self.unknown)


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A moment in working time: `due` (aware UTC, whole seconds), where it was counted from, and the day it falls on.

    `counted` differs from `began` when that lay outside office hours. `office` are the hours of that first day, `unit` whose
    they are (None: the default ones).
    """

    due: datetime
    began: datetime
    counted: datetime
    landed: Day
    office: tuple[Span, ...]
    unit: int | None
    basis: Basis


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of working days, and what it rests on."""

    days: int
    basis: Basis
