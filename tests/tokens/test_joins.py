"""Inclusive gateways, parallel joins in loops, implicit splits and merges, conditional flows and conditional events."""

from __future__ import annotations

import pytest

from engine.runtime import tokens
from tests.tokens.case import Case
from tests.tokens.drawing import (
    boundary,
    call,
    catch,
    chain,
    diagram,
    end,
    exclusive,
    flow,
    inclusive,
    on_condition,
    parallel,
    process,
    start,
    user,
)

INCLUSIVE = diagram(
    process(
        "p",
        start(),
        inclusive("f"),
        user("a"),
        call("ca", "q"),
        user("n"),
        inclusive("j"),
        user("z"),
        end(),
        chain("s", "f"),
        flow("f", "a", "=true"),
        flow("f", "ca", "=x"),
        flow("f", "n", "=not(x)"),
        chain("a", "j", "z", "e"),
        chain("ca", "j"),
        chain("n", "j"),
    ),
    process("q", start("qs"), user("qa"), user("qb"), end("qe"), chain("qs", "qa", "qb", "qe")),
)


def test_an_inclusive_join_waits_for_a_running_call():
    case = Case(INCLUSIVE, variables={"x": True})
    case.complete("a")
    assert case.names == ["qa"]
    case.complete("qa")
    assert case.names == ["qb"]
    case.complete("qb")
    assert case.names == ["z"]
    case.complete("z")
    assert case.completed


def test_an_inclusive_join_waits_only_for_the_branches_taken():
    case = Case(INCLUSIVE, variables={"x": False})
    case.complete("n")
    assert case.names == ["a"]
    case.complete("a")
    assert case.names == ["z"]


def test_an_inclusive_join_waits_for_a_call_followed_by_an_exclusive_gateway():
    drawn = process(
        "p",
        start(),
        inclusive("f"),
        user("a"),
        call("c", "q"),
        exclusive("x", default="to_y"),
        user("y"),
        user("w"),
        exclusive("xm"),
        inclusive("j"),
        user("z"),
        end(),
        chain("s", "f"),
        flow("f", "a", "=true"),
        flow("f", "c", "=true"),
        chain("a", "j", "z", "e"),
        chain("c", "x"),
        flow("x", "y", flow_id="to_y"),
        flow("x", "w", "=false"),
        chain("y", "xm", "j"),
        chain("w", "xm"),
    )
    case = Case(diagram(drawn, process("q", start("qs"), user("q1"), end("qe"), chain("qs", "q1", "qe"))))
    case.complete("a")
    assert case.names == ["q1"]
    case.complete("q1")
    case.complete("y")
    assert case.names == ["z"]


def test_a_parallel_join_in_a_loop_keeps_its_size():
    drawn = process(
        "p",
        start(),
        exclusive("m"),
        parallel("f"),
        user("a"),
        user("b"),
        parallel("j"),
        exclusive("g", default="out"),
        end(),
        chain("s", "m", "f", "a", "j", "g"),
        chain("f", "b", "j"),
        flow("g", "m", "=more"),
        flow("g", "e", flow_id="out"),
    )
    case, sizes = Case(diagram(drawn)), set()
    for round_ in range(200):
        case.complete("ab"[round_ % 2])
        case.complete("ba"[round_ % 2], more=round_ < 199)
        sizes.add(len(case.machine.dump()))
    assert case.completed
    assert max(sizes - {min(sizes)}) - min(sizes - {min(sizes)}) == 0


def test_a_surplus_token_of_one_branch_waits_for_the_next_round():
    drawn = process(
        "p",
        start(),
        parallel("f"),
        user("a"),
        user("b"),
        exclusive("m"),
        user("c"),
        parallel("j"),
        user("z"),
        end(),
        chain("s", "f", "a", "m", "j", "z", "e"),
        chain("f", "b", "m"),
        chain("f", "c", "j"),
    )
    case = Case(diagram(drawn))
    case.complete("a").complete("b")
    assert case.names == ["c"]
    case.complete("c")
    assert case.names == ["z"] and [t.element.id for t in case.machine.open] == ["j", "z"]


def test_tasks_split_and_merge_and_end_without_gateways():
    drawn = process("p", start(), user("a"), user("b"), user("c"), user("d"), chain("s", "a", "b", "d"), chain("a", "c", "d"))
    case = Case(diagram(drawn))
    case.complete("a")
    assert case.names == ["b", "c"]
    case.complete("b")
    assert case.names == ["c", "d"]
    case.complete("c")
    assert case.names == ["d", "d"]
    case.complete("d").complete("d")
    assert case.completed


@pytest.mark.parametrize(("n", "names"), [(0, ["d"]), (2, ["x"]), (3, ["x", "y"])])
def test_conditional_flows_out_of_a_task(n, names):
    drawn = process(
        "p",
        start(),
        user("a", default="otherwise"),
        user("x"),
        user("y"),
        user("d"),
        end(),
        chain("s", "a"),
        flow("a", "x", "=n > 1"),
        flow("a", "y", "=n > 2"),
        flow("a", "d", flow_id="otherwise"),
        chain("x", "e"),
        chain("y", "e"),
        chain("d", "e"),
    )
    case = Case(diagram(drawn))
    case.complete("a", n=n)
    assert case.names == names


def test_the_only_conditional_flow_out_of_a_task_must_hold():
    case = Case(diagram(process("p", start(), user("a"), user("b"), chain("s", "a"), flow("a", "b", "=ok"), chain("b"))), stored=False)
    with pytest.raises(tokens.Stopped, match="没有任何出口连线的条件成立"):
        case.complete("a", ok=False)


def test_conditional_events_happen_when_another_branch_changes_the_case():
    drawn = process(
        "p",
        start(),
        parallel("f"),
        user("a"),
        user("b"),
        boundary("c", "a", on_condition('=level = "major"')),
        user("h"),
        catch("w", on_condition("=ok")),
        user("after"),
        end(),
        chain("s", "f", "a", "e"),
        chain("f", "b", "e"),
        chain("f", "w", "after", "e"),
        chain("c", "h", "e"),
    )
    case = Case(diagram(drawn), variables={"level": "general", "ok": False})
    case.complete("b", level="major")
    assert case.names == ["a", "h"]
    case.complete("h", ok=True)
    assert case.names == ["a", "after"]
    armed = next(key for key, token in case.machine.tokens.items() if token.node.name == "c")
    assert not case.machine.is_waiting(armed), "a condition is looked at, not told"
    case.variables["level"] = "general"  # from outside: the event is armed again
    case.machine.refresh()
    case.variables["level"] = "major"
    case.machine.refresh()
    case._settle()
    assert case.names == ["a", "after", "h"]


def test_two_inclusive_joins_in_one_loop_do_not_wait_for_each_other():
    def pair(number: int) -> str:
        split, join = f"f{number}", f"j{number}"
        branches = user(f"a{number}") + user(f"b{number}") + chain(f"a{number}", join) + chain(f"b{number}", join)
        return inclusive(split) + inclusive(join) + branches + flow(split, f"a{number}", "=true") + flow(split, f"b{number}", "=flip")

    gates = parallel("fork") + parallel("join") + exclusive("m") + exclusive("x", default="out")
    drawn = process(
        "p",
        start(),
        gates,
        pair(1),
        pair(2),
        end(),
        chain("s", "m", "fork", "f1"),
        chain("fork", "f2"),
        chain("j1", "join"),
        chain("j2", "join", "x"),
        flow("x", "m", "=more"),
        flow("x", "e", flow_id="out"),
    )
    case = Case(diagram(drawn), variables={"flip": False, "more": True})
    case.complete("a1").complete("a2", flip=True)
    assert case.names == ["a1", "a2", "b1", "b2"]
    for name in ("a1", "b2", "b1"):
        case.complete(name)
    case.complete("a2", more=False)
    assert case.completed
