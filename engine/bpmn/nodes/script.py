"""Script task: one FEEL expression, one result variable."""

from __future__ import annotations

from engine.bpmn.nodes.node import Node
from engine.bpmn.nodes.token import Token


class Script(Node):
    """Evaluates its expression at once."""

    def run(self, token: Token) -> bool:
        token.machine.compute(token)
        return True
