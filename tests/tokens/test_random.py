"""Random diagrams and acts: an instance stored and restored after every act behaves exactly like one never stored."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings

from engine import bpmn
from engine.runtime import tokens
from tests.tokens.case import Case
from tests.tokens.random_diagrams import CALM, VARIABLES, acts, diagrams

CALMLY = 600  # calm acts after which every diagram must have ended


def do(case: Case, act: tuple[str, object, dict[str, object]]) -> object:
    kind, what, variables = act
    if kind == "send":
        return case.send(what)
    if kind == "wait":
        return case.wait(days=what)
    if kind == "signal":
        return case.signal(what)
    keys = list(case.tasks)
    return case.complete(keys[what % len(keys)], **variables) and None if keys else None


def compare(live: Case, stored: Case) -> None:
    assert live.effects == stored.effects, "the same happened, with the same keys, times and flows"
    assert live.variables == stored.variables
    assert live.machine.open == stored.machine.open
    assert live.completed == stored.completed
    assert live.machine.dump() == stored.machine.dump()


def calmly(case: Case) -> None:
    """Do whatever is open next, so that the case comes to its end."""
    if case.tasks:
        case.complete(next(iter(case.tasks)), **CALM)
    elif not (case.send("answer") or case.send("withdraw")):
        case.wait(days=40)


def check_history(case: Case) -> None:
    """Every key is left once; every task opened is closed once; nothing is left behind."""
    left = Counter(e.key for e in case.effects if isinstance(e, tokens.Left))
    assert set(left.values()) == {1}
    opened = Counter(e.key for e in case.effects if isinstance(e, tokens.TaskOpened))
    closed = Counter(e.key for e in case.effects if isinstance(e, tokens.TaskClosed))
    assert opened == closed
    assert set(opened) <= set(left)
    assert case.machine.tokens == {} and case.local == {} and case.machine.instance.subprocesses == {}


def play(file: bytes, some_acts: list[tuple[str, object, dict[str, object]]]) -> None:
    processes = bpmn.read({"random.bpmn": file})
    live, stored = Case(processes, variables=VARIABLES, stored=False), Case(processes, variables=VARIABLES, stored=True)
    compare(live, stored)
    for act in some_acts:
        if live.completed:
            break
        assert do(live, act) == do(stored, act)
        compare(live, stored)
    for _ in range(CALMLY):
        if live.completed:
            break
        calmly(live)
        calmly(stored)
        compare(live, stored)
    assert live.completed, f"the case hangs: {live.machine.dump()}"
    check_history(stored)


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(diagrams(), acts)
def test_a_case_stored_after_every_act_behaves_like_one_never_stored(file, some_acts):
    play(file, some_acts)


@pytest.mark.long
@settings(max_examples=3_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(diagrams(), acts)
def test_many_random_cases(file, some_acts):
    play(file, some_acts)
