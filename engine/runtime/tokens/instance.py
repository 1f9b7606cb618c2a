"""SpiffWorkflow's containers, kept to what a token mover needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.building import Scope
from engine.bpmn.nodes.token import ROOT, Token

if TYPE_CHECKING:
    from engine.bpmn.nodes.mover import Mover

BEGINNING = datetime.min


class _Tree:
    """A scope that runs: a root and the open tokens below it."""

    tasks: dict[int, Token]
    task_tree: Token
    spec: Scope

    def plant(self, machine: Mover) -> None:
        """Give the tree its root, which is no token and is never stored."""
        self.task_tree = Token(machine, self, self.spec.start, None, ROOT, BEGINNING)
        self.task_tree._set_state(TaskState.COMPLETED)

    def tokens(self) -> Iterator[Token]:
        """Yield the open tokens (a copy, so that they may be ended meanwhile)."""
        return iter([token for key, token in self.tasks.items() if key != ROOT])

    def update_waiting_tasks(self) -> None:
        """Joins and events are woken by our machine only."""


class Instance(_Tree, BpmnWorkflow):
    """The process itself. Its script engine is the machine, so that the library never makes a Python one."""

    def __init__(self, spec: Scope, scopes: Mapping[str, Scope], machine: Mover) -> None:
        super().__init__(spec, scopes, script_engine=machine, deserializing=True)
        self.plant(machine)


class Part(_Tree, BpmnSubWorkflow):
    """The inside of a subprocess or call activity; `owner` is the token that waits for it."""

    def __init__(self, spec: Scope, owner: Token, top: Instance) -> None:
        self.owner = owner
        super().__init__(spec, owner.id, top, deserializing=True)
        self.plant(owner.machine)

    def _calculate_depth(self) -> int:
        around: Any = self.owner.workflow
        return int(around.depth) + 1
