"""Tokens appear, pass, merge and are ended: the second layer of a machine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.bpmn.nodes.boundary import Boundary
from engine.bpmn.nodes.catch import Catch
from engine.bpmn.nodes.eventgateway import EventGateway
from engine.bpmn.nodes.multi import Multi
from engine.bpmn.nodes.node import Node, NoWay
from engine.bpmn.nodes.subprocess import Call, Subprocess
from engine.bpmn.nodes.token import Token
from engine.bpmn.nodes.trigger import Trigger
from engine.runtime.tokens.effects import Completed, EventGone, How, JobClosed, Left, TaskClosed, TaskOpened
from engine.runtime.tokens.errors import Stopped
from engine.runtime.tokens.instance import Instance, Part
from engine.runtime.tokens.values import Values

DEPTH = 20  # nested calls before a process is taken to call itself for ever
ROWS = frozenset(("message", "signal", "timer"))  # event kinds that are rows outside the machine


class Moves(Values):
    """Finished tokens leave the tree at once, so a live instance never grows."""

    def begin(self, workflow: Instance | Part, start_event: str | None = None) -> None:
        """Start a scope: arm its event subprocesses, then put a token on its start event."""
        start = workflow.spec.begin(start_event)
        if start is None:
            element = workflow.owner.node.element if isinstance(workflow, Part) else workflow.spec.start.element
            raise Stopped(element, "no_start", value=start_event or workflow.spec.process.id)
        for trigger in workflow.spec.triggers:
            self.spawn(trigger, workflow)
        self.spawn(start, workflow)

    def spawn(
        self,
        node: Node,
        workflow: Instance | Part,
        parent: Token | None = None,
        data: Mapping[str, Any] | None = None,
        variables: Mapping[str, Any] | None = None,
    ) -> Token:
        """Put a new token on a node; `data` goes to its memory, `variables` to its own scope."""
        token = Token(self.mover, workflow, node, parent or workflow.task_tree, self.host.next_key(), self.host.now())
        self.tokens[token.id] = token
        if data:
            token.internal_data.update(data)
        if node.has_scope:
            self.open_scope(token, variables or {})
        for boundary in node.boundaries:
            self.spawn(boundary, workflow, parent=token)
        node._update(token)
        return token

    def ready(self, token: Token) -> None:
        if token.node.manual:
            self.emit(TaskOpened(token.id, token.node.element, token.due))
        else:
            self.queue.append(token)

    def passed(self, token: Token) -> None:
        if token.id not in self.tokens:  # ended meanwhile by the event it threw
            return
        node, workflow = token.node, token.workflow
        if token.is_item:
            token.machine.item_done(token)
        elif not isinstance(node, (Boundary, Catch, Multi)):
            self.map_outputs(token)
        self.scopes.close(token.id)
        try:
            ways = node.choose(token)
        except NoWay:
            raise Stopped(node.element, "no_way") from None
        self._leave(token, "completed", tuple(way.flow.id for way in ways if way.flow is not None))
        for way in ways:
            data = {"hit": 1} if isinstance(node, EventGateway) else {"from": node.name} if _is_joined(way.node) else None
            self.spawn(way.node, workflow, data=data)
        if not ways and not token.is_item:
            self.settle(workflow)

    def settle(self, workflow: Instance | Part) -> None:
        """End a scope in which nobody is left."""
        rest = list(workflow.tokens())
        if workflow.completed or not all(isinstance(token.node, Trigger) for token in rest):
            return
        for token in rest:
            self.drop(token)
        workflow.completed = True
        if isinstance(workflow, Part):
            self.instance.subprocesses.pop(workflow.owner.id)
            workflow.owner._ready()
        else:
            self.completed = True
            self.emit(Completed())

    # ending

    def kill(self, token: Token) -> None:
        """End a token and everything inside it."""
        for child in token.children:
            self.kill(child)
        part = self.instance.subprocesses.pop(token.id, None)
        if part is not None:
            part.completed = True
            self.kill_all(part.tokens())
        self.scopes.close(token.id)
        how: How = "completed" if token.thrown else "cancelled"
        if token.is_armed:
            self.drop(token)
        else:
            self._leave(token, how, ())

    def kill_all(self, tokens: Iterable[Token]) -> None:
        """End several tokens, some of which may end with others."""
        for token in tokens:
            if token.id in self.tokens:
                self.kill(token)

    def drop(self, token: Token) -> None:
        """Forget an armed event that will not happen (any more), or a token that has merged into another."""
        self.announce_gone(token)
        self._remove(token)

    def announce_gone(self, token: Token) -> None:
        """Say that the timers and subscriptions of a waiting token are over."""
        if token.is_waiting and token.node.event_kinds & ROWS:
            self.emit(EventGone(token.id))

    def _leave(self, token: Token, how: How, flows: tuple[str, ...]) -> None:
        self.announce_gone(token)
        for child in token.children:  # boundary events that did not happen
            self.drop(child)
        node, element = token.node, token.node.element
        if node.manual:
            self.emit(TaskClosed(token.id, how))
        if "job" in token.internal_data:
            self.emit(JobClosed(token.id, how))
        self.emit(Left(token.id, element.process_id, element.id, token.entered_at, self.host.now(), how, flows, self.parent_key(token)))
        self._remove(token)

    def _remove(self, token: Token) -> None:
        if token.is_open:
            token.cancel()
        parent, workflow = token.parent, token.workflow
        parent._children.remove(token.id)
        del workflow.tasks[token.id]
        del self.tokens[token.id]

    def terminate(self, token: Token) -> None:
        token.thrown = True
        self.kill_all(other for other in token.workflow.tokens() if other is not token)

    # joins

    def gathered(self, token: Token) -> list[Token]:
        return [other for other in token.workflow.tokens() if other.node is token.node and other.is_waiting]

    def merge(self, token: Token, others: list[Token]) -> None:
        for other in others:
            token.entered_at = min(token.entered_at, other.entered_at)
            self.drop(other)

    def crowded(self, token: Token, ways: frozenset[str]) -> bool:
        return any(other.node.name in ways and other.node is not token.node and not other.is_armed for other in token.workflow.tokens())

    # subprocesses

    def descend(self, token: Token) -> None:
        node = token.node
        assert isinstance(node, Subprocess)
        name = self.feel(token, node.inside) if isinstance(node, Call) else node.inside
        spec = self.processes.scopes.get(name) if isinstance(name, str) else None
        if spec is None:
            raise Stopped(node.element, "no_process", node.inside, value=name)
        part = Part(spec, token, self.instance)
        if part.depth > DEPTH:
            raise Stopped(node.element, "depth", limit=DEPTH)
        self.instance.subprocesses[token.id] = part
        self.begin(part)


def _is_joined(node: Node) -> bool:
    return node.is_join and len(node.sources) > 1
