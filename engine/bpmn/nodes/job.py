"""Service task: work with a job type, done by a function of ours or by an outside worker."""

from __future__ import annotations

from engine.bpmn.nodes.node import Node
from engine.bpmn.nodes.token import Token


class Job(Node):
    """Stays started while a worker has it."""

    def run(self, token: Token) -> bool | None:
        return True if token.machine.work(token) else None
