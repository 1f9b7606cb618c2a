"""Event subprocesses of every start, interrupting and not, nested and called; link events."""

from __future__ import annotations

import pytest

from engine import bpmn
from tests.tokens.case import Case
from tests.tokens.drawing import (
    ERROR,
    ESCALATION,
    SIGNAL,
    TERMINATE,
    boundary,
    call,
    catch,
    chain,
    cycle,
    date,
    diagram,
    duration,
    end,
    event_subprocess,
    exclusive,
    flow,
    link,
    message,
    on_condition,
    on_error,
    on_escalation,
    on_message,
    on_signal,
    process,
    script,
    start,
    subprocess,
    throw,
    user,
)

KNOWN = SIGNAL + ESCALATION + ERROR + message("m", "ext") + message("m2", "kill") + message("ms", "startmsg", "")
TWO_TASKS = (start(), user("a"), user("b"), end(), chain("s", "a", "b", "e"))
TERMINATED = (start(), user("a"), end("e", TERMINATE), chain("s", "a", "e"))


def drawn(*events: str, body: tuple[str, ...] = TWO_TASKS) -> bytes:
    return diagram(KNOWN, process("p", *body, *events))


def test_a_message_starts_it_several_times_while_the_main_path_goes_on():
    processes = bpmn.read({"p.bpmn": drawn(event_subprocess("ev", on_message("m")))})
    case = Case(processes)
    assert case.send("ext", n=1)
    case.complete("a")
    assert case.send("ext", n=2)
    assert case.names == ["b", "ev_u", "ev_u"]
    case.complete("b")
    assert case.send("ext", n=3), "its scope lives as long as its handlers"
    for _ in range(3):
        case.complete("ev_u")
    assert case.completed and case.data["n"] == 3
    second = Case(processes)
    second.complete("a").complete("b")
    assert second.completed, "the first case has changed nothing in the shared diagrams"


def test_timers_start_it_and_never_keep_the_instance_open():
    file = drawn(event_subprocess("ev", date("=due")), event_subprocess("cy", cycle("R2/P1D")))
    case = Case(file, variables={"due": "2026-11-21T12:00:00+08:00"})
    case.wait(days=1)
    assert case.names == ["a", "cy_u"]
    case.wait(days=1)
    assert case.names == ["a", "cy_u", "cy_u", "ev_u"] and case.next_due is None
    calm = Case(file, variables={"due": "2026-11-21T12:00:00+08:00"})
    calm.complete("a").complete("b")
    assert calm.completed and calm.next_due is None


def test_the_nearest_scope_catches_an_escalation_and_a_signal():
    case = Case(
        diagram(
            KNOWN,
            process("p", start(), call("c", "q"), end(), chain("s", "c", "e"), event_subprocess("pe", on_escalation("Escalation_1"))),
            process(
                "q",
                start("qs"),
                subprocess(
                    "sp",
                    start("ss"),
                    user("a"),
                    throw("t", on_escalation("Escalation_1")),
                    user("b"),
                    end("se"),
                    chain("ss", "a", "t", "b", "se"),
                ),
                end("qe"),
                chain("qs", "sp", "qe"),
                event_subprocess("near", on_escalation("Escalation_1")),
                event_subprocess("qg", on_signal("Signal_1")),
            ),
        )
    )
    case.complete("a")
    assert case.names == ["b", "near_u"]
    assert case.signal("alarm") == 1
    assert case.names == ["b", "near_u", "qg_u"]
    for name in ("qg_u", "b", "near_u"):
        case.complete(name)
    assert case.completed


INTERRUPTING = diagram(
    KNOWN,
    process(
        "p",
        start(),
        user("a"),
        exclusive("g", default="good"),
        end("x", on_error("Error_1")),
        call("cc", "q"),
        end(),
        chain("s", "a", "g"),
        flow("g", "x", "=bad"),
        flow("g", "cc", flow_id="good"),
        chain("cc", "e"),
        event_subprocess("er", on_error("Error_1"), interrupting=True),
        event_subprocess("mk", on_message("m2"), interrupting=True),
        event_subprocess("ni", on_message("m")),
    ),
    process(
        "q",
        start("qs"),
        user("qa"),
        boundary("qb", "qa", duration("P1D")),
        end("qe2"),
        end("qe"),
        chain("qs", "qa", "qe"),
        chain("qb", "qe2"),
    ),
)


def test_an_interrupting_error_ends_the_main_path_and_running_handlers():
    case = Case(INTERRUPTING)
    case.send("ext")
    case.complete("a", bad=True)
    assert case.names == ["er_u"] and not case.send("kill") and not case.send("ext")
    case.complete("er_u")
    assert case.completed


def test_an_interrupting_message_ends_the_main_path_with_its_call():
    case = Case(INTERRUPTING)
    case.complete("a", bad=False)
    case.send("ext")
    assert case.send("kill")
    assert case.names == ["mk_u"] and case.next_due is None
    case.complete("mk_u")
    assert case.completed


def test_inside_a_subprocess_and_beside_other_start_events():
    case = Case(
        diagram(
            KNOWN,
            process(
                "p",
                start("s1", on_message("ms")),
                start("s2", cycle("R/P1M")),
                user("a0"),
                user("b0"),
                subprocess("sp", start("ss"), user("a"), end("se"), chain("ss", "a", "se"), event_subprocess("ev", on_message("m"))),
                user("z"),
                end(),
                chain("s1", "a0", "sp", "z", "e"),
                chain("s2", "b0", "e"),
                event_subprocess("top", on_message("m2")),
            ),
        ),
        start="s1",
    )
    assert [e.id for e in case.processes.process("p").starts] == ["s1", "s2"]
    case.send("kill")
    case.complete("a0")
    case.send("ext")
    assert case.names == ["a", "ev_u", "top_u"]
    case.complete("a")
    assert case.names == ["ev_u", "top_u"]
    case.complete("ev_u")
    assert case.names == ["top_u", "z"]


def test_terminate_ends_running_handlers_too():
    case = Case(drawn(event_subprocess("ev", on_message("m")), event_subprocess("i", on_message("m2"), interrupting=True), body=TERMINATED))
    case.send("ext")
    case.complete("a")
    assert case.completed and case.names == []
    outer = process("o", start("os"), call("c", "p"), user("z"), end("oe"), chain("os", "c", "z", "oe"))
    called = Case(diagram(KNOWN, outer, process("p", *TERMINATED, event_subprocess("ev", on_message("m")))), "o")
    called.send("ext")
    called.complete("a")
    assert called.names == ["z"]
    called.complete("z")
    assert called.completed


def test_the_message_and_inner_tasks_write_to_the_scope_of_the_main_path():
    inside = script("sc", "=n + base", "sum") + user("ev_u")
    case = Case(drawn(event_subprocess("ev", on_message("m"), inside, steps=("sc", "ev_u"))), variables={"base": 10})
    case.send("ext", n=5)
    assert case.data["sum"] == 15 and case.local == {}


def test_a_condition_starts_it_each_time_it_becomes_true():
    case = Case(drawn(event_subprocess("ev", on_condition("=amount > 100"))))
    case.complete("a", amount=200)
    assert case.names == ["b", "ev_u"]
    case.complete("ev_u", amount=5)
    assert case.names == ["b"]
    case.complete("b", amount=500)
    assert case.completed, "the scope had ended before its conditions were looked at"


def test_a_handler_that_escalates_does_not_start_itself_again():
    inside = throw("ev_t", on_escalation("Escalation_1")) + user("ev_u")
    again = event_subprocess("ev", on_escalation("Escalation_1"), inside, steps=("ev_t", "ev_u"))
    body = (start(), user("a"), throw("t", on_escalation("Escalation_1")), user("b"), end(), chain("s", "a", "t", "b", "e"))
    case = Case(drawn(again, body=body))
    case.complete("a")
    assert case.names == ["b", "ev_u"]


def test_an_error_in_a_handler_is_caught_by_the_interrupting_one_beside_it():
    inside = user("ev_u") + end("ev_x", on_error("Error_1"))
    begin = start("ev_s", on_message("m"), isInterrupting="false")
    failing = subprocess("ev", begin, inside, chain("ev_s", "ev_u", "ev_x"), triggeredByEvent="true")
    case = Case(drawn(failing, event_subprocess("er", on_error(), interrupting=True)))
    case.send("ext")
    case.complete("ev_u")
    assert case.names == ["er_u"]


LINKS = diagram(
    process(
        "p",
        start(),
        exclusive("g", default="later"),
        throw("l1", link("X")),
        user("a"),
        throw("l2", link("X")),
        catch("lc", link("X")),
        user("z"),
        end(),
        chain("s", "g"),
        flow("g", "l1", "=x"),
        flow("g", "a", flow_id="later"),
        chain("a", "l2"),
        chain("lc", "z", "e"),
    )
)


@pytest.mark.parametrize(("x", "left"), [(True, ["s", "g", "l1", "lc"]), (False, ["s", "g", "a", "l2", "lc"])])
def test_two_links_lead_to_one_place(x, left):
    case = Case(LINKS, variables={"x": x})
    if not x:
        case.complete("a")
    assert case.names == ["z"] and case.left() == left
    case.complete("z")
    assert case.completed
