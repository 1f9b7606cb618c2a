"""The base of all node kinds: moves a token without look-ahead and without task data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin

from engine.bpmn.data import Element, Flow
from engine.bpmn.nodes.token import Token


@dataclass(frozen=True, slots=True)
class Way:
    """One way out of a node. `flow` is None where no sequence flow is drawn (link events)."""

    node: Node
    flow: Flow | None = None
    is_default: bool = False

    @property
    def condition(self) -> str | None:
        """The raw FEEL condition of a way that is not the default."""
        return None if self.flow is None or self.is_default else self.flow.condition


class NoWay(Exception):
    """No condition of the outgoing flows is true and there is no default flow."""


class Node(BpmnSpecMixin):
    """A node kind. Subclasses say what happens on `arrive` and `run`, and which `ways` are taken."""

    has_scope: ClassVar[bool] = True  # may have variables of its own (input and output mappings)
    is_armed: ClassVar[bool] = False  # waits without having been entered
    is_join: ClassVar[bool] = False

    def __init__(self, scope: Any, name: str, element: Element) -> None:
        super().__init__(scope, name, bpmn_name=element.name, lane=element.lane)
        self.element = element
        self.ways: tuple[Way, ...] = ()
        self.sources: frozenset[str] = frozenset()  # ids of the nodes whose flows enter here
        self.leads_here: dict[str, frozenset[str]] = {}  # inclusive joins: per source the nodes with a way to it
        self.boundaries: tuple[Node, ...] = ()
        self.event_kinds: frozenset[str] = frozenset()  # what a token waiting here waits for

    def arrive(self, token: Token) -> bool:
        """A token has arrived: True to run, False to wait."""
        return True

    def run(self, token: Token) -> bool | None:
        """Do the node's work: True when done, None to stay started (a job)."""
        return True

    def choose(self, token: Token) -> list[Way]:
        """Return the ways taken: all without condition; of the conditional ones those that hold, else the default."""
        conditional = [way for way in self.ways if way.condition is not None]
        if not conditional:
            return list(self.ways)
        taken = [w for w in self.ways if not w.is_default and (w.condition is None or token.machine.condition(token, w.condition))]
        taken = taken or [way for way in self.ways if way.is_default]
        if not taken:
            raise NoWay
        return taken

    # SpiffWorkflow's hooks

    def test(self) -> None:
        """The library checks the wiring at each step; ours is checked when the file is read."""

    def _predict(self, *_args: Any, **_options: Any) -> None:
        """No look-ahead: the tree holds only what has happened, so nothing predicted need be stored."""

    def _update(self, token: Token) -> None:
        if token.is_open and self._update_hook(token):
            token._ready()

    def _update_hook(self, token: Token) -> bool:
        return not token.is_waiting and self.arrive(token)

    def _on_ready_hook(self, token: Token) -> None:
        token.machine.ready(token)

    def _run_hook(self, token: Token) -> bool | None:
        return self.run(token)

    def _on_complete_hook(self, token: Token) -> None:
        token.machine.passed(token)

    def _on_cancel(self, token: Token) -> None:
        """Whatever is inside was ended before."""
