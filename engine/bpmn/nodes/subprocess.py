"""Embedded subprocess, event subprocess (once its event has happened) and call activity."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.data import Element
from engine.bpmn.nodes.node import Node
from engine.bpmn.nodes.token import Token


class Subprocess(Node):
    """Stays started while its inside has tokens. `inside` names the scope among all scopes of the release."""

    def __init__(self, scope: Any, name: str, element: Element, inside: str) -> None:
        super().__init__(scope, name, element)
        self.inside = inside

    def arrive(self, token: Token) -> bool:
        token._set_state(TaskState.STARTED)
        token.machine.descend(token)
        return False

    def _update_hook(self, token: Token) -> bool:
        return token._state < TaskState.WAITING and self.arrive(token)


class Call(Subprocess):
    """`inside` is the called process id, or FEEL that gives it."""
