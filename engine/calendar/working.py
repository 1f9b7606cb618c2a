"""Working time of one unit: working days and office hours counted from a moment (reading Q8 of DL-4-G3).

`n` working days later means the same clock time on the n-th working day after. Whatever begins outside office hours counts
from the next opening. Both ends of office hours belong to them, to the second; fractions of a second are dropped.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from engine import clock
from engine.calendar.days import Day, Days, Kind
from engine.calendar.hours import DAY, Hours, Span, Week
from engine.calendar.results import Basis, Counted, Reckoned, Skipped
from engine.errors import Broken

MOST = 3_660  # days counted at most; more is a slip in a table


class TooFar(Broken):
    """More than ten years of working time, or a negative amount."""

    zh = "工作时间的数值“{amount}”无法计算；应为 0 至 3660 个工作日。"
    en = "The amount of working time {amount!r} cannot be counted; it must lie between 0 and 3660 working days."


class NeverOpen(Broken):
    """The calendar has no working day for more than a year."""

    zh = "自 {day} 起一年内没有任何办公时间；请检查办公时间和放假安排。"
    en = "There are no office hours for a year from {day}; check office hours and holidays."


Place = tuple[int, int]  # ordinal of the day, second of the day


class WorkingTime:
    """The working time of a unit, given the keys of the unit and those above it, nearest first."""

    def __init__(self, days: Days, hours: Hours, units: tuple[int, ...]) -> None:
        self._days, self._hours, self._units = days, hours, units
        self._seen: dict[int, tuple[Day, tuple[Span, ...]]] = {}  # by the ordinal of the day

    def day(self, day: date) -> Day:
        """Return whether it is a working day here, and why."""
        return self._look(day.toordinal())[0]

    def add_days(self, start: datetime, amount: int) -> Reckoned:
        """Return the same clock time `amount` working days later (Q8). Raises `TooFar`, `NeverOpen`."""
        if not 0 <= amount <= MOST:
            raise TooFar(amount=amount)
        began = _place(start)
        counted = self._opening(began)
        ordinal = counted[0]
        for _ in range(amount):
            ordinal = self._next(ordinal)
        return self._reckoned(began, counted, (ordinal, counted[1]))

    def add_time(self, start: datetime, duration: timedelta) -> Reckoned:
        """Return the moment when so much office time has passed; a closing time, not the next opening. Raises `TooFar`, `NeverOpen`."""
        left = int(duration.total_seconds())
        if not 0 <= left <= MOST * DAY:
            raise TooFar(amount=str(duration))
        began = _place(start)
        counted = ordinal, second = self._opening(began)
        while True:
            for span in self._open(ordinal):
                opens = max(second, span.opens)
                if span.closes - opens >= left:
                    return self._reckoned(began, counted, (ordinal, opens + left))
                left -= max(0, span.closes - opens)
            ordinal, second = self._next(ordinal), 0
            if ordinal - counted[0] > 2 * MOST:
                raise TooFar(amount=str(duration))

    def between(self, after: date, until: date) -> Counted:
        """Return how many working days lie after one day up to and including another; negative backwards. Raises `TooFar`.

        So `between(start, due)` is n for what `add_days(start, n)` gives within office hours.
        """
        first, last = sorted((after.toordinal(), until.toordinal()))
        if last - first > 2 * MOST:
            raise TooFar(amount=last - first)
        count = sum(1 for ordinal in range(first + 1, last + 1) if self._open(ordinal))
        return Counted(count if after <= until else -count, self._basis(first + 1, last))

    # counting

    def _opening(self, place: Place) -> Place:
        ordinal, second = place
        for span in self._open(ordinal):
            if second <= span.closes:
                return ordinal, max(second, span.opens)
        ordinal = self._next(ordinal)
        return ordinal, self._open(ordinal)[0].opens

    def _next(self, ordinal: int) -> int:
        for later in range(ordinal + 1, ordinal + 400):
            if self._open(later):
                return later
        raise NeverOpen(day=date.fromordinal(ordinal).isoformat())

    def _open(self, ordinal: int) -> tuple[Span, ...]:
        return self._look(ordinal)[1]

    def _look(self, ordinal: int) -> tuple[Day, tuple[Span, ...]]:
        found = self._seen.get(ordinal)
        if found is None:
            day = self._days.day(date.fromordinal(ordinal))
            week, _ = self._hours.week(self._units, day.on)
            spans = _spans(day, week)
            if bool(spans) != day.works:
                day = replace(day, kind=Kind.WORKDAY if spans else Kind.CLOSED)
            found = self._seen[ordinal] = day, spans
        return found

    # explaining

    def _reckoned(self, began: Place, counted: Place, due: Place) -> Reckoned:
        first = date.fromordinal(counted[0])
        return Reckoned(
            due=_moment(due),
            began=_moment(began),
            counted=_moment(counted),
            landed=self._look(due[0])[0],
            office=self._open(counted[0]),
            unit=self._hours.week(self._units, first)[1],
            basis=self._basis(began[0], due[0]),
        )

    def _basis(self, first: int, last: int) -> Basis:
        years = range(date.fromordinal(first).year, date.fromordinal(last).year + 1) if first <= last else ()
        known = [year for year in years if year in self._days.known]
        versions = tuple((year, self._days.versions[year]) for year in known)
        return Basis(self._skipped(first, last), versions, tuple(year for year in years if year not in self._days.known))

    def _skipped(self, first: int, last: int) -> tuple[Skipped, ...]:
        runs: list[list[Day]] = []
        for ordinal in range(first, last + 1):
            day, spans = self._look(ordinal)
            if spans:
                continue
            before = runs[-1][-1] if runs else None
            if before and before.on.toordinal() == ordinal - 1 and (before.kind, before.name) == (day.kind, day.name):
                runs[-1].append(day)
            else:
                runs.append([day])
        return tuple(Skipped(run[0].on, run[-1].on, run[0].kind, run[0].name, run[0].name_en) for run in runs)


def _spans(day: Day, week: Week) -> tuple[Span, ...]:
    """Return the office hours of a day; on a make-up day without hours of its own weekday, those of the first day of the week."""
    if day.kind is Kind.HOLIDAY:
        return ()
    spans = week.get(day.on.isoweekday(), ())
    return week[min(week)] if not spans and day.kind is Kind.MAKEUP else spans


def _place(moment: datetime) -> Place:
    local = moment.astimezone(clock.ZONE)
    return local.toordinal(), local.hour * 3600 + local.minute * 60 + local.second


def _moment(place: Place) -> datetime:
    ordinal, second = place[0], min(place[1], DAY - 1)
    clock_time = time(second // 3600, second // 60 % 60, second % 60)
    return datetime.combine(date.fromordinal(ordinal), clock_time, clock.ZONE).astimezone(UTC)
