"""What must hold of working time whatever the moment, amount and office hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine import clock
from engine.calendar import Calendar, Days, Hours, OfficeRow, Span, read_list
from tests.calendar.lists import COUNCIL, OF_2027

SINCE = datetime(2000, 1, 1, tzinfo=UTC)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31), timezones=st.just(clock.ZONE)).map(
    lambda moment: moment.replace(microsecond=0)
)
amounts = st.integers(0, 60)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """The default hours or a week of one's own, the same on each of its days; 2027 announced or not."""
    days = Days(read_list(OF_2027, COUNCIL) if draw(st.booleans()) else ())
    if draw(st.booleans()):
        return Calendar(days)
    ends = sorted(draw(st.sets(st.integers(0, 1440), min_size=4, max_size=4)))
    spans = [Span(ends[0] * 60, ends[1] * 60), Span(ends[2] * 60, min(ends[3] * 60, 86_399))]
    week = draw(st.sets(st.integers(1, 7), min_size=1))
    return Calendar(days, Hours(OfficeRow(1, day, span, SINCE) for day in week for span in spans))


@given(calendars(), moments, st.timedeltas(timedelta(0), timedelta(days=20)), amounts)
def test_what_begins_later_is_not_due_earlier(calendar: Calendar, start: datetime, later: timedelta, amount: int) -> None:
    unit = calendar.working([1])
    assert unit.add_days(start, amount).due <= unit.add_days(start + later, amount).due
    hours = timedelta(hours=amount)
    assert unit.add_time(start, hours).due <= unit.add_time(start + later, hours).due


@given(calendars(), moments, amounts, amounts)
def test_more_days_are_never_earlier_and_add_up(calendar: Calendar, start: datetime, a: int, b: int) -> None:
    unit = calendar.working([1])
    inside = unit.add_days(start, 0).due  # the next moment in office hours
    both = unit.add_days(inside, a + b).due
    assert unit.add_days(unit.add_days(inside, a).due, b).due == both
    assert unit.add_days(start, a + b).due == both
    assert unit.add_days(inside, a).due <= both


@given(calendars(), moments, st.integers(0, 100_000), st.integers(0, 100_000))
def test_office_time_adds_up(calendar: Calendar, start: datetime, a: int, b: int) -> None:
    unit = calendar.working([1])
    first, second = timedelta(seconds=a), timedelta(seconds=b)
    assert unit.add_time(unit.add_time(start, first).due, second).due == unit.add_time(start, first + second).due


@given(calendars(), moments, amounts)
def test_a_deadline_never_falls_on_a_day_without_work_or_outside_office_hours(calendar: Calendar, start: datetime, amount: int) -> None:
    unit = calendar.working([1])
    for found in (unit.add_days(start, amount), unit.add_time(start, timedelta(hours=amount))):
        local = found.due.astimezone(clock.ZONE)
        assert unit.day(local.date()).works
        assert found.due >= start
        assert unit.add_days(found.due, 0).due == found.due


@given(calendars(), moments, amounts)
def test_counting_is_the_inverse_of_adding(calendar: Calendar, start: datetime, amount: int) -> None:
    unit = calendar.working([1])
    found = unit.add_days(start, amount)
    first, last = found.counted.astimezone(clock.ZONE).date(), found.due.astimezone(clock.ZONE).date()
    assert unit.between(first, last).days == amount
    assert unit.between(last, first).days == -amount


@given(calendars(), moments, amounts)
def test_every_day_left_out_is_told_and_no_other(calendar: Calendar, start: datetime, amount: int) -> None:
    unit = calendar.working([1])
    found = unit.add_days(start, amount)
    told = {span.first + timedelta(days=n) for span in found.basis.skipped for n in range((span.last - span.first).days + 1)}
    first, last = start.astimezone(clock.ZONE).date(), found.due.astimezone(clock.ZONE).date()
    days = {first + timedelta(days=n) for n in range((last - first).days + 1)}
    assert told == {day for day in days if not unit.day(day).works}
    years = set(range(first.year, last.year + 1))
    assert set(found.basis.unknown) == years - calendar.days.known
