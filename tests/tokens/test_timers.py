"""Timer values and boundary timers: which moment, how often, and that handlers outlive the task."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.clock import ZONE
from engine.runtime import tokens
from tests.tokens.case import MORNING, Case
from tests.tokens.drawing import (
    boundary,
    catch,
    chain,
    cycle,
    date,
    diagram,
    due,
    duration,
    end,
    event_gateway,
    mapping,
    process,
    start,
    user,
)

VALUES = {"wait": "PT2H", "vip": True, "due": "2026-12-02T08:00:00+08:00", "day": "2026-12-24"}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("event", "moment"),
    [
        (duration("PT5M"), MORNING + timedelta(minutes=5)),
        (duration('=duration("PT5M")'), MORNING + timedelta(minutes=5)),
        (duration("=wait"), MORNING + timedelta(hours=2)),
        (duration('=if vip then duration("PT1H") else duration("P1D")'), MORNING + timedelta(hours=1)),
        (duration("P1W"), MORNING + timedelta(days=7)),
        (duration("P1M"), at("2026-12-20T09:00:00+08:00")),
        (duration('=duration("P1Y")'), at("2027-11-20T09:00:00+08:00")),
        (date('=date and time("2026-12-01T10:00:00+08:00")'), at("2026-12-01T10:00:00+08:00")),
        (date("=date and time(due)"), at("2026-12-02T08:00:00+08:00")),
        (date("=due"), at("2026-12-02T08:00:00+08:00")),
        (date("2026-12-01T10:00:00Z"), at("2026-12-01T10:00:00+00:00")),
        (date("2026-12-01T10:00:00"), at("2026-12-01T10:00:00+08:00")),
        (date("=date(day)"), at("2026-12-24T00:00:00+08:00")),
        (date('=date and time(due) + duration("PT1S")'), at("2026-12-02T08:00:01+08:00")),
    ],
)
def test_a_timer_happens_at_its_moment_and_not_a_second_before(event, moment):
    case = Case(diagram(process("p", start(), catch("t", event), user("u"), end(), chain("s", "t", "u", "e"))), variables=VALUES)
    assert case.next_due == moment
    assert case.timers[next(iter(case.timers))].due.tzinfo is UTC
    assert case.wait(until=moment - timedelta(seconds=1)) == 0 and case.names == []
    assert case.wait(until=moment) == 1 and case.names == ["u"]


@pytest.mark.parametrize("event", [duration("=nothere"), duration("=5"), date("=vip"), duration('=duration("-PT1H")')])
def test_a_timer_without_a_valid_time_stops_the_case(event):
    with pytest.raises(tokens.Stopped, match="不是有效的时间"):
        Case(diagram(process("p", start(), catch("t", event), end(), chain("s", "t", "e"))), variables=VALUES)


def reminded(event: str) -> Case:
    return Case(
        diagram(
            process(
                "p",
                start(),
                user("a"),
                boundary("b", "a", event),
                user("remind"),
                end(),
                end("e2"),
                chain("s", "a", "e"),
                chain("b", "remind", "e2"),
            )
        )
    )


@pytest.mark.parametrize(
    ("event", "step", "times"),
    [
        (cycle("R3/PT1H"), timedelta(hours=1), 3),
        (cycle('=cycle(2, duration("P1D"))'), timedelta(days=1), 2),
        (cycle("R3/2026-11-20T09:00:00+08:00/P1D"), timedelta(days=1), 3),
    ],
)
def test_a_cycle_reminds_as_often_as_it_says_and_its_handlers_outlive_the_task(event, step, times):
    case = reminded(event)
    first = case.next_due
    for round_ in range(times):
        assert case.wait(until=first + step * round_) == 1
        assert case.names == ["a"] + ["remind"] * (round_ + 1)
    assert case.next_due is None
    case.complete("a")
    assert not case.completed and case.names == ["remind"] * times
    for _ in range(times):
        case.complete("remind")
    assert case.completed


def test_an_endless_cycle_catches_up_after_a_late_worker_and_ends_with_its_task():
    case = reminded(cycle("R/PT1H"))
    assert case.wait(hours=5) == 5
    assert case.next_due == MORNING + timedelta(hours=6)
    case.complete("a")
    assert case.next_due is None


def test_a_timer_told_twice_happens_once():
    case = reminded(duration("PT1H"))
    key = next(iter(case.timers))[0]
    case.wait(hours=1)
    with pytest.raises(tokens.NotWaiting):
        case.machine.fire(key)


def late(task_due: str, when: str = "=taskDue") -> bytes:
    task = user("a", due(task_due), mapping({"k": "=no + 1"}))
    return diagram(
        process(
            "p",
            start(),
            task,
            boundary("b", "a", date(when)),
            user("late"),
            end(),
            end("e2"),
            chain("s", "a", "e"),
            chain("b", "late", "e2"),
        )
    )


def test_a_boundary_timer_sees_the_due_time_of_its_task():
    case = Case(late('=date and time(registered) + duration("P2D")'), variables={"registered": "2026-11-20T09:00:00+08:00", "no": 1})
    opened = next(iter(case.tasks.values()))
    assert opened.due == at("2026-11-22T09:00:00+08:00")
    assert case.next_due == opened.due
    case.wait(days=2)
    assert case.names == ["a", "late"]
    case.complete("a").complete("late")
    assert case.completed and "taskDue" not in case.data and "k" not in case.data


@pytest.mark.parametrize("when", ["=taskDue", '=date and time(taskDue) + duration("PT1S")'])
def test_a_task_without_a_due_time_simply_has_no_timer(when):
    case = Case(late("=nothing", when), variables={"no": 1})
    assert case.next_due is None
    assert [e for e in case.effects if isinstance(e, tokens.TimerSet | tokens.EventGone)] == []
    case.complete("a")
    assert case.completed


def test_two_timers_behind_one_event_gateway_have_their_own_times():
    drawn = process(
        "p",
        start(),
        event_gateway("g"),
        catch("t1", duration("P9D")),
        catch("t2", duration("PT1H")),
        user("a"),
        user("b"),
        end(),
        chain("s", "g", "t1", "a", "e"),
        chain("g", "t2", "b", "e"),
    )
    case = Case(diagram(drawn))
    assert case.wait(days=30) == 1
    assert case.names == ["b"]
    case.complete("b")
    assert case.completed and case.left() == ["s", "g", "t2", "b", "e"]


@pytest.mark.parametrize(
    ("moment", "interval", "then"),
    [
        ("2026-01-31T08:00:00+08:00", "P1M", "2026-02-28T08:00:00+08:00"),
        ("2028-01-31T00:30:00+08:00", "P1M", "2028-02-29T00:30:00+08:00"),
        ("2026-12-31T08:00:00+08:00", "P1Y2M", "2028-02-29T08:00:00+08:00"),
        ("2026-11-20T08:00:00+08:00", "P1DT2H3M4.5S", "2026-11-21T10:03:04.500000+08:00"),
    ],
)
def test_the_next_round_of_a_cycle_keeps_the_day_of_the_month_or_takes_the_last(moment, interval, then):
    assert tokens.next_due(at(moment), interval) == at(then)
    assert tokens.next_due(at(moment).astimezone(UTC), interval) == at(then).astimezone(ZONE)
