"""End event: none, message, signal, escalation, error, terminate."""

from __future__ import annotations

from engine.bpmn.nodes.throw import Throw
from engine.bpmn.nodes.token import Token


class End(Throw):
    """Has no way out; the machine ends the scope when no other token is left in it."""

    def run(self, token: Token) -> bool | None:
        if self.element.event is not None and self.element.event.kind == "terminate":
            token.machine.terminate(token)
            return True
        return super().run(token)
