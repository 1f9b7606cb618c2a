"""What must be shown about the engine as a whole: repeated events, wide cases, shared releases, calls without end."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from engine import bpmn
from engine.runtime import tokens
from tests.tokens.case import Case
from tests.tokens.drawing import (
    ESCALATION,
    SIGNAL,
    boundary,
    call,
    chain,
    cycle,
    date,
    diagram,
    due,
    duration,
    each,
    end,
    event_subprocess,
    exclusive,
    flow,
    mapping,
    message,
    on_condition,
    on_escalation,
    on_message,
    on_signal,
    parallel,
    process,
    start,
    throw,
    user,
)

REPEATED = {
    "message": on_message("m"),
    "timer": cycle("R3/P1D"),
    "signal": on_signal("Signal_1"),
    "condition": on_condition("=hot"),
    "escalation": on_escalation("Escalation_1"),
}
CALLED = process(
    "q",
    start("qs"),
    exclusive("m"),
    user("work"),
    throw("t", on_escalation("Escalation_1")),
    exclusive("g", default="out"),
    end("qe"),
    chain("qs", "m", "work", "t", "g"),
    flow("g", "m", "=more"),
    flow("g", "qe", flow_id="out"),
)


def happen(case: Case, kind: str) -> None:
    """Let the event happen once while the called process goes on."""
    if kind == "message":
        assert case.send("again")
    elif kind == "timer":
        assert case.wait(days=1) == 1
    elif kind == "signal":
        assert case.signal("alarm") == 1
    elif kind == "condition":
        case.complete("other", hot=True).complete("other", hot=False)
    else:
        case.complete("work", more=True)


@pytest.mark.parametrize("place", ["boundary event", "event subprocess"])
@pytest.mark.parametrize("kind", REPEATED)
def test_an_event_happens_three_times_with_its_host_open_and_its_handlers_outlive_the_host(kind, place):
    others = (
        parallel("f") + user("other", body=each("=[1,2,3,4,5,6]", "i", one_by_one=True)) + chain("f", "other", "e3") + end("e3")
    )
    main = (start(), others, call("c", "q"), end(), chain("s", "f", "c", "e"))
    if place == "boundary event":
        handled = (boundary("b", "c", REPEATED[kind]), user("h"), end("e2"), chain("b", "h", "e2"))
    else:
        handled = (event_subprocess("v", REPEATED[kind], user("h"), steps=("h",)),)
    known = message("m", "again") + SIGNAL + ESCALATION
    case = Case(diagram(known, process("p", *main, *handled), CALLED), variables={"hot": False})
    for times in range(1, 4):
        happen(case, kind)
        assert case.names.count("h") == times and case.names.count("work") == 1
    if kind == "escalation":
        case.complete("h")  # the last way out of the host escalates once more
    case.complete("work", more=False)
    while "other" in case.names:
        case.complete("other", hot=False)
    assert case.names == ["h"] * 3 and not case.completed
    for _ in range(3):
        case.complete("h")
    assert case.completed


def test_fifty_tasks_at_once():
    names = [f"u{i}" for i in range(50)]
    drawn = process(
        "p",
        start(),
        parallel("f"),
        *map(user, names),
        parallel("j"),
        user("z"),
        end(),
        chain("s", "f"),
        *(chain("f", n, "j") for n in names),
        chain("j", "z", "e"),
    )
    case = Case(diagram(drawn))
    assert len(case.machine.dump()) < 2_500
    for name in names:
        case.complete(name)
    assert case.names == ["z"]


def test_fifty_items_at_once():
    drawn = process("p", start(), user("u", body=each("=list", "k", "all", "=k * 2")), user("z"), end(), chain("s", "u", "z", "e"))
    case = Case(diagram(drawn), variables={"list": list(range(50))})
    while "u" in case.names:
        case.complete("u")
    assert case.data["all"] == [2 * k for k in range(50)]


def test_a_process_that_calls_itself_by_expression_stops_at_twenty():
    case_file = diagram(process("p", start(), call("c", '="p"'), end(), chain("s", "c", "e")))
    with pytest.raises(tokens.Stopped, match="嵌套超过 20 层") as stop:
        Case(case_file)
    assert stop.value.element_id == "c"


def test_a_process_named_by_expression_must_exist():
    with pytest.raises(tokens.Stopped, match="要调用的流程“nobody”不存在"):
        Case(diagram(process("p", start(), call("c", '="nobody"'), end(), chain("s", "c", "e"))))


def test_what_goes_wrong_outside_names_the_element_and_both_languages():
    def fail(_scope: object) -> None:
        raise OSError("no line")

    drawn = diagram(
        process("p", start(), '<bpmn:serviceTask id="j" name="通知">' + JOB + "</bpmn:serviceTask>", end(), chain("s", "j", "e"))
    )
    with pytest.raises(tokens.Stopped) as stop:
        Case(drawn, services={"mail": fail})
    assert stop.value.text("zh") == "节点“通知”（j）：发生未预料的错误（OSError）。"
    assert stop.value.text("en") == "Element “通知” (j): an unexpected error (OSError)."


JOB = '<bpmn:extensionElements><zeebe:taskDefinition type="mail" /></bpmn:extensionElements>'


def test_one_release_serves_many_threads():
    processes = bpmn.read({"p.bpmn": diagram(message("m", "again") + SIGNAL + ESCALATION, LADDER, CALLED)})

    def live(number: int) -> tuple[list[str], dict[str, object]]:
        case = Case(processes, variables={"mine": number})
        for round_ in range(5):
            case.complete("work", more=round_ < 4, count=number)
        for _ in range(5):
            case.complete("h")
        assert case.completed
        return case.left(), case.data

    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(live, range(80)))
    assert len({tuple(left) for left, _ in results}) == 1
    assert [data["count"] for _, data in results] == list(range(80))


LADDER = process(
    "p",
    start(),
    call("c", "q"),
    boundary("b", "c", on_escalation("Escalation_1")),
    user("h"),
    end(),
    chain("s", "c", "e"),
    chain("b", "h"),
)


def test_classified_again_the_case_is_upgraded_and_being_late_never_cancels_work():
    case = Case(
        diagram(
            message("mu", "upgraded"),
            process(
                "p",
                start(),
                user("classify", mapping({}, {"level": "=level"})),
                exclusive("g", default="otherwise"),
                call("gen", "general"),
                boundary("up", "gen", on_message("mu"), interrupting=True),
                call("maj", "major"),
                exclusive("m"),
                user("archive"),
                end(),
                chain("s", "classify", "g"),
                flow("g", "maj", '=level = "major"'),
                flow("g", "gen", flow_id="otherwise"),
                chain("gen", "m", "archive", "e"),
                chain("up", "maj", "m"),
            ),
            process(
                "general",
                start("qs"),
                user("propose", due('=date and time(registeredAt) + duration("P3D")')),
                boundary("late", "propose", date("=taskDue")),
                user("urge"),
                boundary("sooner", "propose", duration("P1D")),
                end("qe2"),
                end("qe"),
                chain("qs", "propose", "qe"),
                chain("late", "urge", "qe2"),
                chain("sooner", "urge"),
            ),
            process("major", start("ms"), user("m1"), end("me"), chain("ms", "m1", "me")),
        ),
        variables={"registeredAt": "2026-11-20T09:00:00+08:00"},
    )
    case.complete("classify", level="general")
    case.wait(days=3)
    assert case.names == ["propose", "urge", "urge"]
    assert case.send("upgraded") and case.names == ["m1"]
    case.complete("m1").complete("archive")
    assert case.completed
