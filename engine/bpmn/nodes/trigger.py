"""The start event of an event subprocess, seen from the scope around it: armed as long as that scope lives."""

from __future__ import annotations

from typing import Any

from engine.bpmn.data import Element
from engine.bpmn.nodes.node import Node
from engine.bpmn.nodes.token import Token


class Trigger(Node):
    """`starts` is the event subprocess that its event starts."""

    has_scope = False
    is_armed = True

    def __init__(self, scope: Any, name: str, element: Element, starts: Node) -> None:
        super().__init__(scope, name, element)
        self.starts = starts

    def arrive(self, token: Token) -> bool:
        token.wait()
        token.machine.subscribe(token, (self,))
        return False
