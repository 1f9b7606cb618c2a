"""Multi-instance around any activity: the body, which holds the items."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.data import Element
from engine.bpmn.nodes.node import Node
from engine.bpmn.nodes.token import Token


class Multi(Node):
    """`item` is the node each item stands on; boundary events sit on the body."""

    def __init__(self, scope: Any, name: str, element: Element, item: Node) -> None:
        super().__init__(scope, name, element)
        self.item = item

    def arrive(self, token: Token) -> bool:
        token._set_state(TaskState.STARTED)
        return token.machine.multiply(token)

    def _update_hook(self, token: Token) -> bool:
        return token._state < TaskState.WAITING and self.arrive(token)
