"""An open case moves to another release: node names change, keys and half-full joins stay."""

from __future__ import annotations

import pytest

from engine import bpmn
from engine.runtime.tokens import Machine, UnknownState, migrated
from tests.tokens.case import Case
from tests.tokens.drawing import (
    boundary,
    call,
    chain,
    diagram,
    duration,
    each,
    end,
    message,
    on_message,
    parallel,
    process,
    script,
    start,
    user,
)


def release(number: int) -> bpmn.Processes:
    """The second release renames `a`, adds a task behind the call and one in the called process."""
    first, added, way = ("a", (), ("c", "d")) if number == 1 else ("a2", (user("new"),), ("c", "new", "d"))
    inner, inner_way = ((), ("j", "qe")) if number == 1 else ((user("q3"),), ("j", "q3", "qe"))
    main = process(
        "p",
        start(),
        user(first),
        boundary("ab", first, duration("P5D")),
        user("h"),
        end("e2"),
        call("c", "q"),
        boundary("cb", "c", on_message("m"), interrupting=True),
        user("d"),
        end(),
        *added,
        chain("s", first, *way, "e"),
        chain("ab", "h", "e2"),
        chain("cb", "h"),
    )
    called = process(
        "q",
        start("qs"),
        parallel("f"),
        user("q1"),
        user("q2"),
        parallel("j"),
        *inner,
        end("qe"),
        chain("qs", "f", "q1", *inner_way),
        chain("f", "q2", "j"),
    )
    return bpmn.read({"r.bpmn": diagram(message("m", "up"), main, called)})


@pytest.fixture(scope="module")
def first() -> bpmn.Processes:
    return release(1)


@pytest.fixture(scope="module")
def second() -> bpmn.Processes:
    return release(2)


def move(case: Case, new: bpmn.Processes, names: dict[str, dict[str, str]]) -> Case:
    state = migrated(case.processes, new, case.process_id, case.machine.dump(), names)
    case.processes = new
    case.machine = Machine.load(new, case.process_id, state, case)
    return case


def test_a_renamed_task_keeps_its_key_and_its_timer(first, second):
    case = Case(first)
    key, due = case.keys("a")[0], case.next_due
    move(case, second, {"p": {"a": "a2"}})
    assert case.machine.tokens[key].node.name == "a2"
    assert case.next_due == due and case.wait(until=due) == 1 and case.names == ["a", "h"]
    case.complete(key)
    assert case.names == ["h", "q1", "q2"]


def test_a_half_full_join_in_a_called_process_goes_on(first, second):
    case = Case(first)
    case.complete("a").complete("q1")
    move(case, second, {"p": {"a": "a2"}})
    for name, then in (("q2", ["q3"]), ("q3", ["new"]), ("new", ["d"]), ("d", [])):
        case.complete(name)
        assert case.names == then
    assert case.completed


def test_a_token_without_a_match_is_refused_before_anything_changes(first, second):
    case = Case(first)
    state = case.machine.dump()
    with pytest.raises(UnknownState, match="“a”"):
        migrated(first, second, "p", state, {})
    assert case.machine.dump() == state
    with pytest.raises(UnknownState, match="没有节点“x”"):
        Machine.load(first, "p", state.replace('"a"', '"x"'), case)


def test_a_task_does_not_become_something_else():
    old = bpmn.read({"r.bpmn": diagram(process("p", start(), user("a"), end(), chain("s", "a", "e")))})
    new = bpmn.read({"r.bpmn": diagram(process("p", start(), script("a", "=1", "x"), end(), chain("s", "a", "e")))})
    with pytest.raises(UnknownState):
        migrated(old, new, "p", Case(old).machine.dump(), {})


def test_items_and_a_join_whose_source_is_renamed_move_too():
    def drawn(work: str, other: str) -> bpmn.Processes:
        marker = each("=[1,2]", "k", "all", "=k")
        nodes = (start(), parallel("f"), user(work, body=marker), user(other), parallel("j"), end())
        return bpmn.read({"r.bpmn": diagram(process("p", *nodes, chain("s", "f", work, "j", "e"), chain("f", other, "j")))})

    case = Case(drawn("u", "v"))
    case.complete("v").complete("u")
    move(case, drawn("u2", "v2"), {"p": {"u": "u2", "v": "v2"}})
    case.complete(next(iter(case.tasks)))
    assert case.completed and case.data == {"all": [1, 2]}
