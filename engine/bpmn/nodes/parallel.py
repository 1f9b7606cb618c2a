"""Parallel gateway: waits for one token from each incoming flow, then takes every way.

Tokens are counted, so no history of the tree is needed and everything finished can be forgotten.
"""

from __future__ import annotations

from engine.bpmn.nodes.node import Node, Way
from engine.bpmn.nodes.token import Token


class Parallel(Node):
    """Surplus tokens of one flow stay for the next round."""

    has_scope = False
    is_join = True

    def arrive(self, token: Token) -> bool:
        if len(self.sources) < 2:
            return True
        token.wait()
        first: dict[str, Token] = {}
        for other in token.machine.gathered(token):
            first.setdefault(other.internal_data["from"], other)
        if len(first) < len(self.sources):
            return False
        token.machine.merge(token, [other for other in first.values() if other is not token])
        return True

    def choose(self, token: Token) -> list[Way]:
        return list(self.ways)
