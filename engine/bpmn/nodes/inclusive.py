"""Inclusive gateway: takes every way whose condition holds; joins when no other token of the scope can still arrive.

The rule is BPMN 2.0.2's (13.4.3): a token elsewhere is waited for if it has a way to an incoming flow that has no token
yet, but none to one that has. So two joins in one loop do not wait for each other.
"""

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
        """Fire if nobody is left to wait for, with one token of each incoming flow that has some."""
        first: dict[str, Token] = {}
        for other in token.machine.gathered(token):
            first.setdefault(other.internal_data["from"], other)
        served = frozenset().union(*(self.leads_here[source] for source in first))
        missing = frozenset().union(*(ways for source, ways in self.leads_here.items() if source not in first))
        if token.machine.crowded(token, missing - served):
            return False
        first[token.internal_data["from"]] = token
        token.machine.merge(token, [other for other in first.values() if other is not token])
        return True
