"""Intermediate throw event and send task: throw a message, signal or escalation, or do a job, and go on."""

from __future__ import annotations

from engine.bpmn.nodes.node import Node
from engine.bpmn.nodes.token import Token

PUBLISH = "publish"  # the job type that stands for "the engine publishes the message itself"


def is_job(node: Node) -> bool:
    """A throwing element whose job type is not ours is a worker's job, as in Camunda 8."""
    return node.element.job_type is not None and node.element.job_type != PUBLISH


class Throw(Node):
    """A none event or the source of a link just passes."""

    def run(self, token: Token) -> bool | None:
        if is_job(self):
            return True if token.machine.work(token) else None
        if self.element.event is not None and self.element.event.kind != "link":
            token.machine.throw(token)
        return True
