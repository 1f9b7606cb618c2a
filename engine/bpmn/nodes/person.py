"""User and manual tasks (and tasks without a kind): wait for a person."""

from __future__ import annotations

from typing import Any

from engine.bpmn.data import Element
from engine.bpmn.nodes.node import Node


class PersonTask(Node):
    """Stays ready until somebody completes it."""

    def __init__(self, scope: Any, name: str, element: Element) -> None:
        super().__init__(scope, name, element)
        self.manual = True  # the library's word for "not run by the engine"
