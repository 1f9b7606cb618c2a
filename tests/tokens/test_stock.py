"""Random diagrams and random people: our engine, stored and restored after every act, beside SpiffWorkflow that never is."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.tokens.case import Case
from tests.tokens.stock import Stock, shared_diagrams

MOST = 3_000  # tasks until a case must have ended


class SideBySide(RuleBasedStateMachine):
    """People complete open tasks in any order; after each one both stand at the same tasks."""

    def __init__(self) -> None:
        super().__init__()
        self.ours: Case | None = None

    @initialize(drawn=shared_diagrams())
    def begins(self, drawn: tuple[bytes, dict[str, object]]) -> None:
        file, variables = drawn
        self.stock, self.ours = Stock(file, variables), Case(file, variables=variables)

    @precondition(lambda self: self.ours is not None and not self.ours.completed)
    @rule(which=st.integers(0, 9))
    def somebody_completes_a_task(self, which: int) -> None:
        element_id = self.stock.marking[which % len(self.stock.marking)]
        self.stock.complete(element_id)
        self.ours.complete(element_id)

    @rule()
    def ours_is_stored_and_restored(self) -> None:
        if self.ours is not None:
            self.ours.reload()

    @invariant()
    def both_stand_at_the_same_tasks(self) -> None:
        if self.ours is not None:
            assert (self.ours.names, self.ours.completed) == (self.stock.marking, self.stock.completed)

    def teardown(self) -> None:
        for _ in range(MOST):
            if self.ours is None or self.ours.completed:
                return
            self.somebody_completes_a_task(0)
            self.both_stand_at_the_same_tasks()
        raise AssertionError("the case never ends")


usual = settings(
    max_examples=60,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to make a diagram smaller takes minutes: the long one does
)
SideBySide.TestCase.settings = usual
TestSideBySide = SideBySide.TestCase


@pytest.mark.long
class TestSideBySideLong(SideBySide.TestCase):
    """The same with new seeds and thousands of diagrams."""

    settings = settings(usual, max_examples=1_000, derandomize=False, phases=list(Phase))
