"""Event-based gateway: waits for the first of the events behind it."""

from __future__ import annotations

from engine.bpmn.nodes.node import Node, Way
from engine.bpmn.nodes.token import Token


class EventGateway(Node):
    """One subscription per event behind it, told apart by index."""

    has_scope = False

    def arrive(self, token: Token) -> bool:
        token.wait()
        token.machine.subscribe(token, tuple(way.node for way in self.ways))
        return False

    def choose(self, token: Token) -> list[Way]:
        return [self.ways[token.internal_data["to"]]]
