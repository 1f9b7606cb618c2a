"""Intermediate catch event and receive task: wait for a message, timer, signal or condition."""

from __future__ import annotations

from engine.bpmn.nodes.node import Node
from engine.bpmn.nodes.token import Token


class Catch(Node):
    """Passes at once when an event-based gateway already received its event, or when it is the target of a link."""

    def arrive(self, token: Token) -> bool:
        event = self.element.event
        if event is None or event.kind == "link" or token.internal_data.get("hit"):
            return True
        token.wait()
        token.machine.subscribe(token, (self,))
        return False
