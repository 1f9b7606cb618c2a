"""Several people, several times: multi-instance on tasks, calls and subprocesses, restored in the middle."""

from __future__ import annotations

import pytest

from engine.runtime import tokens
from tests.tokens.case import Case
from tests.tokens.drawing import (
    ERROR,
    ESCALATION,
    boundary,
    call,
    chain,
    date,
    diagram,
    due,
    each,
    end,
    exclusive,
    flow,
    mapping,
    message,
    on_error,
    on_escalation,
    on_message,
    parallel,
    process,
    script,
    start,
    subprocess,
    throw,
    user,
)

PEOPLE = [{"name": name} for name in ("李梅", "王强", "赵敏")]


def asked(marker: str, *extensions: str) -> bytes:
    return diagram(process("p", start(), user("u", *extensions, body=marker), user("z"), end(), chain("s", "u", "z", "e")))


def test_parallel_items_have_their_own_variables_and_answers_come_in_order():
    case = Case(
        asked(each("=people", "person", "votes", "=ok"), mapping({"label": "=person.name"})), variables={"people": PEOPLE, "ok": "outer"}
    )
    assert case.names == ["u"] * 3
    for name in ("王强", "赵敏", "李梅"):
        key = next(key for key in case.keys("u") if case.scope(key)["label"] == name)
        assert case.scope(key)["loopCounter"] == [p["name"] for p in PEOPLE].index(name) + 1
        case.complete(key, ok=f"{name}同意", note=name)
    assert case.names == ["z"]
    assert case.data["votes"] == ["李梅同意", "王强同意", "赵敏同意"]
    assert case.data["ok"] == "outer" and case.data["note"] == "李梅"
    assert not {"person", "label", "loopCounter", " items"} & set(case.data) and case.local == {}


def test_items_one_by_one_with_a_context_as_result():
    case = Case(asked(each("=people", "person", "votes", "={by: person.name, ok: ok}", one_by_one=True)), variables={"people": PEOPLE})
    for person in PEOPLE:
        assert case.names == ["u"]
        assert case.scope("u")["person"] == person
        case.complete("u", ok=person["name"] == "王强")
    assert case.names == ["z"]
    assert case.data["votes"] == [{"by": p["name"], "ok": p["name"] == "王强"} for p in PEOPLE]


def test_two_of_three_suffice():
    marker = each("=people", "person", "votes", "=ok", "=numberOfCompletedInstances >= 2")
    case = Case(asked(marker), variables={"people": PEOPLE})
    case.complete(case.keys("u")[1], ok=1)
    assert len(case.keys("u")) == 2
    case.complete(case.keys("u")[1], ok=2)
    assert case.names == ["z"] and case.data["votes"] == [None, 1, 2] and case.local == {}
    assert case.left("cancelled") == ["u"]


def test_one_by_one_stops_at_the_first_no():
    marker = each("=people", "person", "votes", "=ok", "=ok = false", one_by_one=True)
    case = Case(asked(marker), variables={"people": PEOPLE})
    case.complete("u", ok=True)
    case.complete("u", ok=False)
    assert case.names == ["z"] and case.data["votes"] == [True, False, None]


def test_nobody_to_ask_is_no_task_and_an_empty_answer():
    case = Case(asked(each("=people", "person", "votes", "=ok")), variables={"people": []})
    assert case.names == ["z"] and case.data["votes"] == [] and case.local == {}


def test_something_that_is_no_list_stops_the_case():
    with pytest.raises(tokens.Stopped, match="不是列表"):
        Case(asked(each("=people", "person")), variables={"people": "李梅"})


def called(one_by_one: bool) -> bytes:
    marker = each("=people", "person", "res", "=answer", one_by_one=one_by_one)
    return diagram(
        process("p", start(), call("ca", "q", propagate=False, body=marker), user("z"), end(), chain("s", "ca", "z", "e")),
        process(
            "q",
            start("qs"),
            user("q1"),
            parallel("f"),
            user("q2"),
            user("q3"),
            parallel("j"),
            script("sc", '="answer of " + person.name + ":" + memo', "answer"),
            end("qe"),
            chain("qs", "q1", "f", "q2", "j", "sc", "qe"),
            chain("f", "q3", "j"),
        ),
    )


def test_each_called_process_has_its_own_variables():
    case = Case(called(one_by_one=False), variables={"people": PEOPLE})
    assert case.names == ["q1"] * 3
    turn = 0
    while "z" not in case.names:
        keys = list(case.tasks)
        key = keys[turn % len(keys)]
        case.complete(key, memo=f"m{case.scope(key)['person']['name']}")
        turn += 1
    assert case.data["res"] == [f"answer of {p['name']}:m{p['name']}" for p in PEOPLE]
    assert "memo" not in case.data and case.local == {} and case.machine.instance.subprocesses == {}
    case.complete("z")
    assert case.completed


def test_called_processes_one_by_one():
    case, acts = Case(called(one_by_one=True), variables={"people": PEOPLE}), 0
    while "z" not in case.names:
        case.complete(next(iter(case.tasks)), memo="m")
        acts += 1
    assert acts == 9 and case.data["res"] == [f"answer of {p['name']}:m" for p in PEOPLE]


def test_a_message_interrupts_all_items_with_everything_inside():
    case = Case(
        diagram(
            message("m", "stop"),
            process(
                "p",
                start(),
                call("ca", "q", propagate=False, body=each("=people", "person")),
                boundary("b", "ca", on_message("m"), interrupting=True),
                user("h"),
                user("z"),
                end(),
                chain("s", "ca", "z", "e"),
                chain("b", "h", "e"),
            ),
            process("q", start("qs"), call("c2", "r"), end("qe"), chain("qs", "c2", "qe")),
            process("r", start("rs"), user("ru"), user("ru2"), end("re"), chain("rs", "ru", "ru2", "re")),
        ),
        variables={"people": PEOPLE},
    )
    case.complete(case.keys("ru")[1])
    assert case.send("stop")
    assert case.names == ["h"] and case.machine.instance.subprocesses == {} and case.local == {}
    case.complete("h")
    assert case.completed
    assert sorted(case.left("cancelled")) == ["c2"] * 3 + ["ca"] * 4 + ["ru"] * 2 + ["ru2"]


def test_a_multi_instance_inside_a_multi_instance():
    inside = user("u", body=each("=[1,2]", "k", "votes2", "=k * 10 + loopCounter"))
    outer = subprocess("sp", each("=people", "person", "all", "=votes2"), start("ss"), inside, end("se"), chain("ss", "u", "se"))
    case = Case(diagram(process("p", start(), outer, user("z"), end(), chain("s", "sp", "z", "e"))), variables={"people": PEOPLE})
    while "z" not in case.names:
        case.complete(list(case.tasks)[-1])
    assert case.data["all"] == [[11, 22]] * 3 and "votes2" not in case.data


def test_the_items_hang_below_the_multi_instance():
    case = Case(asked(each("=people", "person")), variables={"people": PEOPLE})
    body, *items = case.machine.open
    assert body.parent_key is None and {item.parent_key for item in items} == {body.key} and len(items) == 3
    for key in case.keys("u"):
        case.complete(key)
    left = [(e.key, e.parent_key) for e in case.effects if isinstance(e, tokens.Left) and e.element_id == "u"]
    assert left == [(item.key, body.key) for item in items] + [(body.key, None)]
    assert case.flows() == ["s_u", "u_z"]


def test_a_boundary_timer_on_the_whole_may_use_the_due_time():
    drawn = process(
        "p",
        start(),
        user("u", due("=by"), body=each("=people", "person")),
        boundary("b", "u", date("=taskDue")),
        user("late"),
        end(),
        chain("s", "u", "e"),
        chain("b", "late", "e"),
    )
    case = Case(diagram(drawn), variables={"people": PEOPLE, "by": "2026-11-21T09:00:00+08:00"})
    assert case.wait(days=1) == 1 and case.names == ["late", "u", "u", "u"]


def test_every_item_may_escalate_and_one_error_ends_all():
    case = Case(
        diagram(
            ESCALATION,
            ERROR,
            process(
                "p",
                start(),
                call("c", "q", propagate=False, body=each("=[1,2,3]", "k")),
                boundary("b", "c", on_escalation("Escalation_1")),
                user("h"),
                boundary("be", "c", on_error("Error_1"), interrupting=True),
                user("x"),
                user("z"),
                end(),
                chain("s", "c", "z", "e"),
                chain("b", "h", "e"),
                chain("be", "x", "e"),
            ),
            process(
                "q",
                start("qs"),
                user("a"),
                throw("t", on_escalation("Escalation_1")),
                user("b2"),
                exclusive("g", default="good"),
                end("er", on_error("Error_1")),
                end("qe"),
                chain("qs", "a", "t", "b2", "g"),
                flow("g", "er", "=bad"),
                flow("g", "qe", flow_id="good"),
            ),
        )
    )
    for _ in range(3):
        case.complete("a")
    assert case.names == ["b2"] * 3 + ["h"] * 3
    case.complete("b2", bad=False)
    case.complete("b2", bad=True)
    assert case.names == ["h", "h", "h", "x"] and case.local == {}
