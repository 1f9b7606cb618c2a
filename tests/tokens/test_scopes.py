"""Where variables are read and written: mappings, propagation, nested calls, twins."""

from __future__ import annotations

import json

import pytest

from engine.runtime.tokens import Machine
from tests.tokens.case import Case, exact
from tests.tokens.drawing import (
    boundary,
    call,
    chain,
    diagram,
    end,
    mapping,
    message,
    on_message,
    parallel,
    process,
    script,
    start,
    subprocess,
    user,
)


def one_task(*extensions: str) -> bytes:
    return diagram(process("p", start(), user("u", *extensions), user("z"), end(), chain("s", "u", "z", "e")))


def test_inputs_are_local_and_only_outputs_go_out():
    drawn = one_task(
        mapping(
            {"who": "=customer.name", "lit": "literal", "greet": '=who + "!"', "box.inner.deep": "=1", "box.flat": "=2"},
            {"result.text": "=answer", "result.by": "=who"},
        )
    )
    case = Case(drawn, variables={"customer": {"name": "王强"}, "result": {"old": 1}, "who": "outer"})
    seen = case.scope("u")
    assert (seen["who"], seen["lit"], seen["greet"]) == ("王强", "literal", "王强!")
    assert seen["box"] == {"inner": {"deep": 1}, "flat": 2}
    case.complete("u", answer="yes", secret=1)
    assert case.data["result"] == {"old": 1, "text": "yes", "by": "王强"}
    assert "secret" not in case.data and "answer" not in case.data and case.data["who"] == "outer"


def test_without_outputs_a_variable_goes_where_it_is_known_else_to_the_case():
    case = Case(one_task(mapping({"k": "=1"})))
    case.complete("u", k=2, n=3)
    assert case.data == {"n": 3}


CALLED = (
    process(
        "q",
        start("qs"),
        user("q1"),
        call("c2", "r", mapping({"y": "=x + 1"}, {"deepOut": "=deep"}), propagate=False),
        user("q2"),
        end("qe"),
        chain("qs", "q1", "c2", "q2", "qe"),
    ),
    process("r", start("rs"), user("r1"), script("rsc", "=y * 100", "deep"), user("r2"), end("re"), chain("rs", "r1", "rsc", "r2", "re")),
)


def calling(*extensions: str, propagate: bool = True, parent: bool = True) -> bytes:
    activity = call("ca", "q", *extensions, propagate=propagate, parent=parent)
    return diagram(process("p", start(), activity, user("z"), end(), chain("s", "ca", "z", "e")), *CALLED)


def run_to_q2(drawn: bytes) -> Case:
    case = Case(drawn, variables={"x": 1, "a": "case"})
    case.complete("q1", x=5, a="child", new=1)
    case.complete("r1", hidden=1)
    return case.complete("r2", x=99)


def test_without_propagation_nothing_leaks():
    case = run_to_q2(calling(propagate=False))
    assert case.data == {"x": 1, "a": "case"}
    assert case.scope("q2") == {"x": 5, "a": "child", "new": 1, "deepOut": 600, "caseNumber": "C-1"}
    case.complete("q2")
    assert case.data == {"x": 1, "a": "case"} and case.local == {}


def test_with_propagation_everything_arrives_at_once():
    case = run_to_q2(calling())
    assert case.data == {"x": 5, "a": "child", "new": 1, "deepOut": 600}
    case.complete("q2")
    assert case.data == {"x": 5, "a": "child", "new": 1, "deepOut": 600}


def test_without_the_parents_variables_only_inputs_are_visible():
    mapped = mapping({"x": "=x * 2", "caseNumber": "=caseNumber"}, {"xOut": "=x", "obj.n": "=new"})
    drawn = calling(mapped, propagate=False, parent=False)
    assert Case(drawn, variables={"x": 1, "a": "case"}).scope("q1") == {"x": 2, "caseNumber": "C-1"}
    case = run_to_q2(drawn)
    assert set(case.scope("q2")) == {"x", "a", "caseNumber", "new", "deepOut"}
    case.complete("q2")
    assert case.data == {"x": 1, "a": "case", "xOut": 5, "obj": {"n": 1}}


def test_subprocesses_two_deep_have_scopes_of_their_own():
    inner = subprocess(
        "sp2",
        f"<bpmn:extensionElements>{mapping({'loc': '=loc + 1'}, {'sum': '=loc'})}</bpmn:extensionElements>",
        start("ts"),
        user("b"),
        end("te"),
        chain("ts", "b", "te"),
    )
    outer = subprocess(
        "sp",
        f"<bpmn:extensionElements>{mapping({'loc': '=x', 'sum': '=0'}, {'total': '=sum'})}</bpmn:extensionElements>",
        start("ss"),
        user("a"),
        inner,
        user("c"),
        end("se"),
        chain("ss", "a", "sp2", "c", "se"),
    )
    case = Case(diagram(process("p", start(), outer, user("z"), end(), chain("s", "sp", "z", "e"))), variables={"x": 1})
    case.complete("a", sum=5, other="o")
    assert case.scope("b")["loc"] == 2
    case.complete("b", loc=7)
    assert (case.scope("c")["sum"], case.scope("c")["loc"]) == (7, 1)
    case.complete("c")
    assert case.data == {"x": 1, "other": "o", "total": 7}


def test_two_calls_of_one_process_at_the_same_time_keep_apart():
    case = Case(
        diagram(
            process(
                "p",
                start(),
                parallel("f"),
                call("c1", "q", mapping({}, {"v1": "=v"}), propagate=False),
                call("c2", "q", mapping({}, {"v2": "=v"}), propagate=False),
                parallel("j"),
                user("z"),
                end(),
                chain("s", "f", "c1", "j", "z", "e"),
                chain("f", "c2", "j"),
            ),
            process("q", start("qs"), user("q1"), user("q2"), end("qe"), chain("qs", "q1", "q2", "qe")),
        )
    )
    first, second = case.keys("q1")
    case.complete(first, v=1).complete(second, v=2)
    while case.keys("q2"):
        case.complete("q2")
    assert (case.data, case.names) == ({"v1": 1, "v2": 2}, ["z"])


@pytest.mark.parametrize(("propagate", "kept"), [(True, 7), (False, None)])
def test_what_people_entered_in_an_interrupted_call_stays_in_the_case_if_it_propagates(propagate, kept):
    case = Case(
        diagram(
            message("m", "up"),
            process(
                "p",
                start(),
                call("g", "q", propagate=propagate),
                boundary("b", "g", on_message("m"), interrupting=True),
                user("h"),
                end(),
                chain("s", "g", "e"),
                chain("b", "h", "e"),
            ),
            process("q", start("qs"), user("q1"), user("q2"), end("qe"), chain("qs", "q1", "q2", "qe")),
        )
    )
    case.complete("q1", found=7)
    assert case.send("up", level="major")
    assert case.names == ["h"]
    assert (case.data.get("found"), case.data["level"]) == (kept, "major")


def test_a_called_process_may_be_named_by_an_expression():
    case = Case(
        diagram(
            process("p", start(), call("c", '="q" + string(n)'), end(), chain("s", "c", "e")),
            process("q1", start("s1"), user("a"), end("e1"), chain("s1", "a", "e1")),
            process("q2", start("s2"), user("b"), end("e2"), chain("s2", "b", "e2")),
        ),
        variables={"n": 2},
    )
    assert case.names == ["b"]
    case.complete("b")
    assert case.completed


def test_odd_values_survive_the_state():
    odd = {
        "typename": "UUID",
        "value": [1, {"typename": "x"}],
        "中": "文",
        "money": 12.10,
        "third": exact("0.3333333333333333333333333333333333"),
    }
    drawn = one_task(mapping({"local": "=odd", "day": '=date("2026-11-20") + duration("P1D")'}))
    case = Case(drawn, variables={"odd": odd})
    seen = case.scope("u")
    assert seen["local"] == {**odd, "money": exact("12.1")}
    assert isinstance(seen["local"]["money"], type(exact("0")))
    assert seen["day"] == "2026-11-21"
    case.complete("u")


def test_the_state_does_not_depend_on_the_order_of_keys():
    case = Case(one_task(mapping({"b": "=1", "a": "={y: 1, x: 2}"})))
    shuffled = json.dumps(json.loads(case.machine.dump()), sort_keys=True, indent=1)
    case.machine = Machine.load(case.processes, "p", shuffled, case)
    assert case.scope("u")["a"] == {"x": 2, "y": 1}
    case.complete("u").complete("z")
    assert case.completed


def test_an_expression_may_be_asked_at_any_open_token():
    case = Case(one_task(mapping({"k": "=21"})))
    key = case.keys("u")[0]
    assert case.machine.evaluate(key, "=k * 2") == 42
    assert case.machine.evaluate(key, "fm, gm") == "fm, gm"
