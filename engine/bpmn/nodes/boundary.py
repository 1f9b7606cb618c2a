"""Boundary event. Armed, it is a subscription below its activity; when it happens, a token of its own walks on.

So a non-interrupting one may happen any number of times, and its handlers outlive the activity.
"""

from __future__ import annotations

from engine.bpmn.nodes.node import Node
from engine.bpmn.nodes.token import Token


class Boundary(Node):
    """`hit` marks the token of an event that has happened."""

    has_scope = False
    is_armed = True

    def arrive(self, token: Token) -> bool:
        if token.internal_data.get("hit"):
            return True
        token.wait()
        token.machine.subscribe(token, (self,))
        return False
