"""Inclusive gateway: takes every way whose condition holds; joins when no other token of the scope can still arrive."""

from __future__ import annotations

from engine.bpmn.nodes.node import Node
from engine.bpmn.nodes.token import Token


class Inclusive(Node):
    """Asked again by the machine whenever nothing else can move."""

    has_scope = False
    is_join = True

    def arrive(self, token: Token) -> bool:
        if len(self.sources) < 2:
            return True
        token.wait()
        return False

    def join(self, token: Token) -> bool:
        """Fire if nobody is left to wait for."""
        if token.machine.crowded(token, self.leads_here):
            return False
        token.machine.merge(token, [other for other in token.machine.gathered(token) if other is not token])
        return True
