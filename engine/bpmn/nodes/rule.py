"""Business rule task: a decision of the release, one result variable."""

from __future__ import annotations

from engine.bpmn.nodes.node import Node
from engine.bpmn.nodes.token import Token


class Rule(Node):
    """Decides at once."""

    def run(self, token: Token) -> bool:
        token.machine.decide(token)
        return True
