"""A token: SpiffWorkflow's task with our integer key, its machine and the time it entered its node."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

if TYPE_CHECKING:
    from engine.bpmn.nodes.mover import Mover
    from engine.bpmn.nodes.node import Node

ROOT = -1  # the id of the root of every task tree, which is no token


class Token(Task):
    """One token. `id` is the element instance key, `internal_data` the few words a node kind must remember."""

    id: int
    machine: Mover
    entered_at: datetime
    thrown: bool  # its event was thrown: whatever kills it now, its node was completed
    due: Any  # the FEEL value of a task's due date, until the task is announced

    def __init__(self, machine: Mover, workflow: Any, node: Node, parent: Token | None, key: int, entered_at: datetime) -> None:
        self.machine = machine
        self.entered_at = entered_at
        self.thrown = False
        self.due = None
        super().__init__(workflow, node, parent, state=TaskState.FUTURE, id=key)

    def _set_state(self, value: int) -> None:
        """Change the state without the log record of the library, which costs more than the step."""
        self._state = value

    @property
    def node(self) -> Node:
        """The node the token stands on."""
        node: Node = self.task_spec
        return node

    @property
    def is_open(self) -> bool:
        """Neither completed nor cancelled."""
        return bool(self._state & TaskState.NOT_FINISHED_MASK)

    @property
    def is_waiting(self) -> bool:
        """Waiting for an event or at a join."""
        return bool(self._state == TaskState.WAITING)

    @property
    def is_armed(self) -> bool:
        """A mere subscription (boundary event, start of an event subprocess): nobody has entered it yet."""
        return self.is_waiting and self.node.is_armed

    @property
    def is_item(self) -> bool:
        """One item of a multi-instance."""
        return "i" in self.internal_data

    def wait(self) -> None:
        """Stay until told."""
        self._set_state(TaskState.WAITING)
