"""Start event: passes at once. Which one starts a case is the caller's choice, and its event has then happened."""

from __future__ import annotations

from engine.bpmn.nodes.node import Node


class Start(Node):
    """Where the tokens of a scope begin."""

    has_scope = False
