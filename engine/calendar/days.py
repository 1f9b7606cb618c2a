"""What kind of day a day is: statutory holidays, make-up workdays, weekends, as versioned data.

Version 1 is the data that come with the program (the dictionaries of `chinesecalendar`, read as data: its functions raise
outside its years). Each list an administrator imports is a further version, and its days win. A year is *known* when New
Year's Day, Labour Day and National Day are all listed as holidays: every arrangement of the State Council names these three.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from chinese_calendar import constants  # type: ignore[import-untyped]

BUILT_IN = 1
SATURDAY = 6
FIXED = ((1, 1), (5, 1), (10, 1))
NAMES = {
    "元旦": "New Year's Day",
    "春节": "Spring Festival",
    "清明节": "Tomb-sweeping Day",
    "劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "中秋节": "Mid-autumn Festival",
    "国庆节": "National Day",
}
SHORT = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节", "国庆": "国庆节", "五一": "劳动节"}


class Kind(StrEnum):
    """Why a day counts or does not. `closed` is a weekday on which the unit's own office hours have nothing."""

    WORKDAY = "workday"
    MAKEUP = "makeup"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    CLOSED = "closed"


WORKING = frozenset({Kind.WORKDAY, Kind.MAKEUP})


@dataclass(frozen=True, slots=True)
class Listed:
    """One day of an imported list. `kind` is holiday or workday; `version` the import it came with."""

    day: date
    kind: str
    name: str
    source: str = ""
    version: int = BUILT_IN


@dataclass(frozen=True, slots=True)
class Day:
    """A day and why it is one of work or not. `known` is False in a year without data: then it is provisional (暂定)."""

    on: date
    kind: Kind
    name: str = ""
    name_en: str = ""
    version: int = BUILT_IN
    known: bool = True

    @property
    def works(self) -> bool:
        """Say whether people work on it."""
        return self.kind in WORKING


class Days:
    """The day table of one revision of the calendar."""

    def __init__(self, rows: Iterable[Listed] = ()) -> None:
        listed, replaced = _in_force(rows)
        built_in = {day: row for day, row in _built_in().items() if day.year not in replaced}
        self.listed = MappingProxyType(built_in | listed)
        self.known = frozenset(row.day.year for row in built_in.values()) | replaced
        self.versions: dict[int, int] = dict.fromkeys(self.known, BUILT_IN)
        for row in listed.values():
            self.versions[row.day.year] = max(row.version, self.versions.get(row.day.year, BUILT_IN))

    def day(self, day: date) -> Day:
        """Return what the calendar says of a day, office hours aside."""
        row = self.listed.get(day)
        weekend = day.isoweekday() >= SATURDAY
        version, known = self.versions.get(day.year, BUILT_IN), day.year in self.known
        if row is None:
            return Day(day, Kind.WEEKEND if weekend else Kind.WORKDAY, version=version, known=known)
        kind = Kind.HOLIDAY if row.kind == "holiday" else Kind.MAKEUP if weekend else Kind.WORKDAY
        return Day(day, kind, row.name, NAMES.get(row.name, row.name), row.version, known)


def full_name(name: str) -> str:
    """Return a festival's usual name, e.g. 中秋节 for 中秋."""
    return SHORT.get(name, name)


def complete_years(rows: Iterable[Listed]) -> frozenset[int]:
    """Return the years of which these rows name the three fixed holidays."""
    holidays = {row.day for row in rows if row.kind == "holiday"}
    return frozenset(year for year in {day.year for day in holidays} if all(date(year, *fixed) in holidays for fixed in FIXED))


def _in_force(rows: Iterable[Listed]) -> tuple[dict[date, Listed], frozenset[int]]:
    """Return the imported days that hold now, and the years whose built-in data a complete list has replaced.

    A complete list of a year also replaces what its own source said of that year before; any other is laid over.
    """
    imports: dict[int, list[Listed]] = {}
    for row in rows:
        imports.setdefault(row.version, []).append(row)
    found: dict[date, Listed] = {}
    replaced: frozenset[int] = frozenset()
    for _, added in sorted(imports.items()):
        complete = complete_years(added)
        source = added[0].source
        found = {day: row for day, row in found.items() if day.year not in complete or row.source != source}
        found |= {row.day: row for row in added}
        replaced |= complete
    return found, replaced


@cache
def _built_in() -> dict[date, Listed]:
    zh = {holiday.value: full_name(holiday.chinese) for holiday in constants.Holiday}
    holidays = [Listed(day, "holiday", zh[name]) for day, name in constants.holidays.items()]
    workdays = [Listed(day, "workday", zh[name]) for day, name in constants.workdays.items()]
    return {row.day: row for row in [*holidays, *workdays]}
