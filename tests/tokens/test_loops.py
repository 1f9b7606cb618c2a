"""Loops of 1,100 rounds leave the state as small as it was, alone and wherever they stand."""

from __future__ import annotations

import pytest

from tests.tokens.case import Case
from tests.tokens.drawing import (
    boundary,
    call,
    chain,
    cycle,
    diagram,
    duration,
    end,
    exclusive,
    flow,
    parallel,
    process,
    script,
    start,
    user,
)

ROUNDS = 1_100


def loop(process_id: str = "p", *extra: str, more: str = "=n < 1100") -> str:
    """Start, a task `u` and back again until `n` has reached the number of rounds."""
    again = (flow("g", "m", more), flow("g", "e", flow_id="out"))
    return process(
        process_id, start(), exclusive("m"), user("u"), exclusive("g", default="out"), end(), chain("s", "m", "u", "g"), *again, *extra
    )


BESIDE = process(
    "p",
    start(),
    parallel("f"),
    user("other"),
    exclusive("m"),
    user("u"),
    exclusive("g", default="out"),
    parallel("j"),
    end(),
    chain("s", "f", "m", "u", "g"),
    chain("f", "other", "j", "e"),
    flow("g", "m", "=n < 1100"),
    flow("g", "j", flow_id="out"),
)
TIMED = loop(
    "p", boundary("b", "u", duration("P1D"), interrupting=True), boundary("c", "u", cycle("R/PT1H")), user("late"), chain("b", "late")
)
PLACES = {
    "alone": (loop(),),
    "beside an open branch": (BESIDE,),
    "in a called process": (process("p", start("ps"), call("c", "q"), end("pe"), chain("ps", "c", "pe")), loop("q")),
    "with boundary timers": (TIMED,),
}


@pytest.mark.parametrize("stored", [True, False], ids=["stored", "in memory"])
@pytest.mark.parametrize("place", PLACES)
def test_1100_rounds_leave_the_state_flat(place, stored):
    case = Case(diagram(*PLACES[place]), variables={"n": 0}, stored=stored)
    sizes, tokens = set(), set()
    for round_ in range(1, ROUNDS + 1):
        case.complete("u", n=round_)
        case.effects.clear()
        if 1 < round_ < ROUNDS:
            sizes.add(len(case.machine.dump()))
            tokens.add(len(case.machine.tokens))
    assert max(sizes) - min(sizes) <= 12 and len(tokens) == 1, "only the keys grow by a digit"
    assert case.machine.instance.tasks.keys() - {-1} <= case.machine.tokens.keys(), "nothing finished is kept"
    if place == "beside an open branch":
        case.complete("other")
    assert case.completed


def test_1100_rounds_with_a_reminder_in_each_keep_only_the_open_reminders():
    drawn = loop("p", boundary("b", "u", duration("P1D")), user("remind"), chain("b", "remind"))
    case = Case(diagram(drawn), variables={"n": 0})
    for round_ in range(1, ROUNDS + 1):
        assert case.wait(days=1) == 1
        case.complete("remind")
        case.complete("u", n=round_)
        case.effects.clear()
    assert case.completed


def test_a_loop_of_scripts_may_turn_a_thousand_times_between_two_tasks():
    drawn = process(
        "p",
        start(),
        exclusive("m"),
        script("count", "=n + 1", "n"),
        exclusive("g", default="out"),
        user("u"),
        chain("s", "m", "count", "g"),
        flow("g", "m", "=n < 1000"),
        flow("g", "u", flow_id="out"),
    )
    case = Case(diagram(drawn), variables={"n": 0})
    assert case.names == ["u"] and case.data["n"] == 1000 and len(case.machine.tokens) == 1
