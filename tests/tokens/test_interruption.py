"""Messages, timers, escalations and errors that reach into running work, at every position, stored and not."""

from __future__ import annotations

import pytest

from engine import bpmn
from engine.runtime import tokens
from tests.tokens.case import Case
from tests.tokens.drawing import (
    ERROR,
    ESCALATION,
    OTHER_ESCALATION,
    TERMINATE,
    boundary,
    call,
    catch,
    chain,
    cycle,
    date,
    diagram,
    duration,
    each,
    end,
    event_gateway,
    exclusive,
    flow,
    mapping,
    message,
    on_error,
    on_escalation,
    on_message,
    parallel,
    process,
    start,
    subprocess,
    throw,
    user,
)

MESSAGES = message("mu", "upgraded") + message("ma", "answer") + message("mx", "external")
GENERAL = process(
    "general",
    start("gs"),
    user("g1"),
    call("gi", "inner", mapping({"cid": "=caseNumber"})),
    subprocess(
        "gsub",
        start("ks"),
        user("k1"),
        boundary("kb", "k1", cycle("R/P1D")),
        user("kr"),
        end("ke"),
        end("ke2"),
        chain("ks", "k1", "ke"),
        chain("kb", "kr", "ke2"),
    ),
    event_gateway("geg"),
    catch("gm", on_message("ma")),
    catch("gt", duration("P30D")),
    user("g2"),
    call("gmi", "inner", propagate=False, body=each("=[1,2]", "k")),
    end("ge"),
    chain("gs", "g1", "gi", "gsub", "geg", "gm", "g2", "gmi", "ge"),
    chain("geg", "gt", "g2"),
)
INNER = process(
    "inner",
    start("is"),
    user("i1"),
    boundary("ib", "i1", duration("P2D")),
    user("late"),
    end("ie2"),
    parallel("if"),
    user("i2"),
    catch("iw", duration("P3D")),
    parallel("ij"),
    end("ie"),
    chain("is", "i1", "if", "i2", "ij", "ie"),
    chain("if", "iw", "ij"),
    chain("ib", "late", "ie2"),
)
MAJOR = process("major", start("ms"), user("m1"), user("m2"), end("me"), chain("ms", "m1", "m2", "me"))
MAIN = process(
    "main",
    start(),
    user("register"),
    call("general_", "general"),
    boundary("up", "general_", on_message("mu"), interrupting=True),
    boundary("xx", "general_", on_message("mx")),
    user("explain"),
    end("ex"),
    call("major_", "major"),
    user("close"),
    end(),
    chain("s", "register", "general_", "close", "e"),
    chain("up", "major_", "close"),
    chain("xx", "explain", "ex"),
)
ACTS = ["g1", "i1", "i2", 3, "k1", "answer!", "g2", "i1", "i1", "i2", 3, "i2"]  # the whole of general: tasks, days, messages


@pytest.fixture(scope="module")
def upgrade() -> bpmn.Processes:
    return bpmn.read({"upgrade.bpmn": diagram(MESSAGES, MAIN, GENERAL, INNER, MAJOR)})


def act(case: Case, what: str | int) -> None:
    if isinstance(what, int):
        case.wait(days=what)
    elif what.endswith("!"):
        assert case.send(what[:-1])
    else:
        case.complete(what)


def test_the_whole_way_without_interruption(upgrade):
    case = Case(upgrade, "main")
    case.complete("register")
    for what in ACTS:
        act(case, what)
    assert case.names == ["close"]
    case.complete("close")
    assert case.completed


@pytest.mark.parametrize("stored", [True, False])
@pytest.mark.parametrize("late", [True, False])
@pytest.mark.parametrize("position", range(len(ACTS)))
def test_general_becomes_major_at_any_position_and_leaves_nothing_behind(upgrade, position, late, stored):
    case = Case(upgrade, "main", stored=stored)
    case.complete("register")
    for what in ACTS[:position]:
        act(case, what)
    if late:  # the timers inside have fired, their handlers are open
        case.wait(days=2)
    assert not case.send("upgraded", "C-2")
    assert case.send("upgraded")
    assert case.names == ["m1"] and case.next_due is None and case.local == {}
    assert [part.spec.name for part in case.machine.instance.subprocesses.values()] == ["major"]
    assert not case.send("answer") and case.wait(days=99) == 0
    case.complete("m1").complete("m2").complete("close")
    assert case.completed


def test_a_non_interrupting_message_comes_three_times_and_its_handlers_outlive_the_call(upgrade):
    case = Case(upgrade, "main")
    case.complete("register")
    for position, what in enumerate(ACTS):
        act(case, what)
        if position in (1, 4, 6):
            assert case.send("external", ext=position)
    assert case.names == ["close"] + ["explain"] * 3 and case.data["ext"] == 6
    assert not case.send("external")
    case.complete("close")
    assert not case.completed
    for _ in range(3):
        case.complete("explain")
    assert case.completed
    fired = [e.key for e in case.effects if isinstance(e, tokens.Left) and e.element_id == "xx"]
    assert len(fired) == len(set(fired)) == 3


def test_handlers_stay_when_their_call_is_interrupted(upgrade):
    case = Case(upgrade, "main")
    case.complete("register").complete("g1")
    case.send("external")
    case.send("upgraded")
    assert case.names == ["explain", "m1"]


def test_a_due_time_and_a_message_may_both_end_a_call():
    drawn = process(
        "p",
        start(),
        call("g", "general"),
        boundary("bt", "g", date("=due"), interrupting=True),
        boundary("bm", "g", on_message("mu"), interrupting=True),
        user("t"),
        user("m"),
        end(),
        chain("s", "g", "e"),
        chain("bt", "t", "e"),
        chain("bm", "m", "e"),
    )
    case = Case(diagram(MESSAGES, drawn, GENERAL, INNER), variables={"due": "2026-11-21T09:00:00+08:00"})
    case.complete("g1")
    case.wait(days=1)
    assert case.names == ["t"] and not case.send("upgraded")


TWINS = diagram(
    ESCALATION,
    OTHER_ESCALATION,
    ERROR,
    process(
        "p",
        start(),
        parallel("f"),
        call("c1", "q", propagate=False),
        boundary("b1", "c1", on_escalation("Escalation_1")),
        boundary("b1e", "c1", on_error("Error_1"), interrupting=True),
        call("l1", "ladder"),
        user("h1"),
        parallel("j"),
        call("c2", "q", propagate=False),
        boundary("b2", "c2", on_escalation("Escalation_1")),
        boundary("b2e", "c2", on_error(), interrupting=True),
        call("l2", "ladder"),
        user("h2"),
        user("z"),
        end(),
        end("el"),
        exclusive("m1"),
        exclusive("m2"),
        chain("s", "f", "c1", "m1", "j", "z", "e"),
        chain("f", "c2", "m2", "j"),
        chain("b1", "l1", "el"),
        chain("b2", "l2", "el"),
        chain("b1e", "h1", "m1"),
        chain("b2e", "h2", "m2"),
    ),
    process("q", start("qs"), user("q1"), call("q2", "r"), user("q3"), end("qe"), chain("qs", "q1", "q2", "q3", "qe")),
    process(
        "r",
        start("rs"),
        user("r1"),
        throw("rt", on_escalation("Escalation_1")),
        throw("rt2", on_escalation("Escalation_2")),
        user("r2"),
        exclusive("rg", default="good"),
        end("re1", on_error("Error_1")),
        end("re"),
        chain("rs", "r1", "rt", "rt2", "r2", "rg"),
        flow("rg", "re1", "=bad"),
        flow("rg", "re", flow_id="good"),
    ),
    process("ladder", start("ls"), user("lu"), end("le"), chain("ls", "lu", "le")),
)


def test_an_escalation_two_calls_deep_is_caught_on_its_own_branch_and_the_work_goes_on():
    case = Case(TWINS)
    case.complete(case.keys("q1")[0]).complete("r1")
    assert case.names == ["lu", "q1", "r2"]
    ladder = next(t for t in case.machine.open if t.element.id == "lu")
    assert next(t.element.id for t in case.machine.open if t.key == ladder.parent_key) == "l1"
    case.complete("r2", bad=False).complete("q3")
    assert case.names == ["lu", "q1"]
    case.complete("q1").complete("r1")
    assert case.names == ["lu", "lu", "r2"]
    case.complete("r2", bad=False).complete("q3")
    for name in ("lu", "z", "lu"):
        case.complete(name)
    assert case.completed


def test_an_error_two_calls_deep_ends_only_its_own_branch():
    case = Case(TWINS)
    case.complete(case.keys("q1")[0]).complete("r1").complete("r2", bad=True)
    assert case.names == ["h1", "lu", "q1"]
    case.complete("q1").complete("r1").complete("r2", bad=True)
    assert case.names == ["h1", "h2", "lu", "lu"]
    case.complete("h1")
    assert "z" not in case.names
    case.complete("h2")
    assert "z" in case.names
    assert case.left("completed").count("re1") == 2 and case.left("cancelled") == ["q2", "c1", "q2", "c2"]


def test_an_uncaught_error_stops_the_case_and_the_stored_state_can_be_used_again():
    drawn = process(
        "p",
        start(),
        user("a"),
        exclusive("g", default="good"),
        end("x", on_error("Error_1")),
        throw("t", on_escalation("Escalation_1")),
        user("b"),
        end(),
        chain("s", "a", "g"),
        flow("g", "x", "=bad"),
        flow("g", "t", flow_id="good"),
        chain("t", "b", "e"),
    )
    case = Case(diagram(ERROR, ESCALATION, drawn))
    state = case.machine.dump()
    with pytest.raises(tokens.Stopped, match="错误“BAD”没有任何边界事件"):
        case.machine.complete(case.keys("a")[0], {"bad": True})
    case.machine = tokens.Machine.load(case.processes, "p", state, case)
    case.complete("a", bad=False)
    assert case.names == ["b"]


def test_an_error_ends_a_subprocess_with_its_open_tasks_and_reminders():
    inside = subprocess(
        "sp",
        start("ss"),
        parallel("f"),
        user("a"),
        boundary("ab", "a", duration("P1D")),
        user("ar"),
        user("b"),
        end("x", on_error("Error_1")),
        end("se"),
        chain("ss", "f", "a", "se"),
        chain("f", "b", "x"),
        chain("ab", "ar", "se"),
    )
    caught = boundary("be", "sp", on_error("Error_1"), interrupting=True)
    case = Case(diagram(ERROR, process("p", start(), inside, caught, user("h"), end(), chain("s", "sp", "e"), chain("be", "h", "e"))))
    case.wait(days=1)
    assert case.names == ["a", "ar", "b"]
    case.complete("b")
    assert case.names == ["h"]
    case.complete("h")
    assert case.completed


def test_terminate_ends_everything_in_its_process_and_no_more():
    case = Case(
        diagram(
            process(
                "p",
                start(),
                call("c", "q"),
                user("z"),
                end("e", TERMINATE),
                user("side"),
                parallel("f"),
                chain("s", "f", "c", "z", "e"),
                chain("f", "side"),
            ),
            process(
                "q",
                start("qs"),
                parallel("qf"),
                call("gi", "inner"),
                user("q1"),
                end("qe", TERMINATE),
                chain("qs", "qf", "gi", "qe"),
                chain("qf", "q1", "qe"),
            ),
            INNER,
        )
    )
    case.complete("i1").complete("q1")
    assert case.names == ["side", "z"] and case.next_due is None
    case.complete("z")
    assert case.completed and case.names == []
    assert case.left("completed")[-1] == "e" and case.left("cancelled")[-1] == "side"
