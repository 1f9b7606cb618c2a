"""Tasks, exclusive and parallel gateways, scripts, decisions and jobs, each restored from its state after every act."""

from __future__ import annotations

import pytest

from engine.runtime import tokens
from tests.tokens.case import Case, exact
from tests.tokens.drawing import (
    chain,
    diagram,
    end,
    exclusive,
    flow,
    mapping,
    parallel,
    process,
    rule,
    script,
    service,
    start,
    user,
)

BY_AMOUNT = diagram(
    process(
        "p",
        start(),
        exclusive("g", default="otherwise"),
        user("director"),
        user("manager"),
        user("clerk"),
        end(),
        chain("s", "g"),
        flow("g", "director", "= amount > 1000"),
        flow("g", "manager", '=list contains(tags, "vip")'),
        flow("g", "clerk", flow_id="otherwise"),
        chain("director", "e"),
        chain("manager", "e"),
        chain("clerk", "e"),
    )
)


@pytest.mark.parametrize(
    ("variables", "who"),
    [({"amount": 2000, "tags": []}, "director"), ({"amount": 5, "tags": ["vip"]}, "manager"), ({"amount": 5, "tags": []}, "clerk")],
)
def test_the_first_true_condition_decides_and_the_default_is_taken_otherwise(variables, who):
    case = Case(BY_AMOUNT, variables=variables)
    assert case.names == [who]
    case.complete(who)
    assert case.completed


def test_a_condition_that_is_null_stops_the_case_with_its_element_and_expression():
    with pytest.raises(tokens.Stopped) as stop:
        Case(BY_AMOUNT, variables={})
    assert (stop.value.element_id, stop.value.expression) == ("g", "= amount > 1000")
    assert "既不是 true 也不是 false" in stop.value.text("zh") and "neither true nor false" in stop.value.text("en")


def test_no_true_condition_and_no_default_stops_the_case():
    drawn = process("p", start(), exclusive("g"), user("a"), user("b"), chain("s", "g"), flow("g", "a", "=x = 1"), flow("g", "b", "=x = 2"))
    with pytest.raises(tokens.Stopped, match="默认连线"):
        Case(diagram(drawn), variables={"x": 3})


def test_a_script_writes_its_result_and_mappings_keep_the_rest_local():
    case = Case(
        diagram(
            process(
                "p",
                start(),
                script("total", "= {total: sum(items.price), n: count(items)}", "r"),
                script("double", "= loc * 2", "x", mapping({"loc": "=r.total"}, {"doubled": "=x"})),
                user("u"),
                end(),
                chain("s", "total", "double", "u", "e"),
            )
        ),
        variables={"items": [{"price": 10}, {"price": 5.5}]},
    )
    assert case.data["r"] == {"total": exact("15.5"), "n": 2}
    assert case.data["doubled"] == 31
    assert "x" not in case.data and "loc" not in case.data


def test_a_business_rule_task_asks_the_decision_of_the_release():
    asked = []

    def classify(decision: str, scope: object) -> str:
        asked.append(decision)
        return "major" if scope["households"] > 10 else "general"

    drawn = process("p", start(), rule("b", "classify", "level"), user("u"), end(), chain("s", "b", "u", "e"))
    case = Case(diagram(drawn), variables={"households": 12}, decide=classify)
    assert (case.data["level"], asked) == ("major", ["classify"])


def test_parallel_branches_lose_nothing_at_the_join():
    drawn = process(
        "p",
        start(),
        parallel("f"),
        user("a"),
        user("b"),
        user("c"),
        parallel("j"),
        user("z"),
        end(),
        chain("s", "f", "a", "j", "z", "e"),
        chain("f", "b", "j"),
        chain("f", "c", "j"),
    )
    case = Case(diagram(drawn), variables={"list": [1], "o": {"x": 1}})
    for name in "bac":
        case.complete(name, **{f"by_{name}": name, "list": [*case.data["list"], name], "o": {**case.data["o"], name: 1}})
    assert case.names == ["z"]
    assert case.data["list"] == [1, "b", "a", "c"]
    assert case.data["o"] == {"x": 1, "a": 1, "b": 1, "c": 1}
    assert {name for name in case.data if name.startswith("by_")} == {"by_a", "by_b", "by_c"}
    case.complete("z")
    assert case.left() == ["s", "f", "b", "a", "c", "j", "z", "e"]
    assert case.flows() == ["s_f", "f_a", "f_b", "f_c", "b_j", "a_j", "c_j", "j_z", "z_e"]


def test_our_own_service_function_runs_at_once_and_an_unknown_job_waits_for_a_worker():
    drawn = diagram(
        process(
            "p",
            start(),
            service("sv", "mail", mapping({"to": "=caseNumber"}, {"mailId": "=mid"})),
            user("u"),
            end(),
            chain("s", "sv", "u", "e"),
        )
    )
    at_once = Case(drawn, services={"mail": lambda scope: {"mid": f"{scope['to']}/1", "noise": 1}})
    assert (at_once.names, at_once.data) == (["u"], {"mailId": "C-1/1"})
    waiting = Case(drawn)
    assert waiting.names == [] and [job.element.id for job in waiting.jobs.values()] == ["sv"]
    waiting.finish_job("sv", mid=5, noise=1)
    assert (waiting.names, waiting.data) == (["u"], {"mailId": 5})


def test_a_task_can_be_completed_once():
    case = Case(BY_AMOUNT, variables={"amount": 2000, "tags": []})
    key = case.keys("director")[0]
    case.complete(key)
    with pytest.raises(tokens.NotWaiting):
        case.machine.complete(key, {})


def test_every_element_is_left_once_with_the_times_the_host_gave():
    case = Case(diagram(process("p", start(), user("u"), end(), chain("s", "u", "e"))))
    opened_at = case.clock
    case.wait(hours=3)
    case.complete("u")
    task = next(e for e in case.effects if isinstance(e, tokens.Left) and e.element_id == "u")
    assert (task.entered_at, task.left_at, task.how, task.flows, task.parent_key) == (opened_at, case.clock, "completed", ("u_e",), None)
    assert isinstance(case.effects[-1], tokens.Completed)
