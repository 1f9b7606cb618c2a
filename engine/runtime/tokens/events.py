"""Events are awaited, happen and are thrown: the fourth layer of a machine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any, Literal, cast

from engine import feel
from engine.bpmn import timers
from engine.bpmn.data import Event
from engine.bpmn.nodes.boundary import Boundary
from engine.bpmn.nodes.eventgateway import EventGateway
from engine.bpmn.nodes.node import Node
from engine.bpmn.nodes.token import Token
from engine.bpmn.nodes.trigger import Trigger
from engine.runtime.tokens.effects import MessageThrown, SignalAwaited, SignalThrown, Subscribed, TimerSet
from engine.runtime.tokens.errors import Stopped
from engine.runtime.tokens.instance import Part
from engine.runtime.tokens.items import Items
from engine.runtime.tokens.values import DUE


class Events(Items):
    """Timers and messages are rows of the store and happen when told; signals, conditions, errors and escalations are found here."""

    # awaiting

    def subscribe(self, token: Token, nodes: tuple[Node, ...]) -> None:
        for position, node in enumerate(nodes):
            index = position if isinstance(token.node, EventGateway) else None
            event = _event(node)
            if event.kind == "timer":
                self._set_timer(token, index, node, event)
            elif event.kind == "message":
                self.emit(Subscribed(token.id, index, node.element, event.name, self._correlation(token, node, event)))
            elif event.kind == "signal":
                self.emit(SignalAwaited(token.id, index, node.element, event.name))

    def _set_timer(self, token: Token, index: int | None, node: Node, event: Event) -> None:
        value = self.feel(token, event.expression)
        if value is None and isinstance(node, Boundary) and DUE in event.expression and self.view(token).get(DUE) is None:
            self._remove(token)  # no due time, no timer
            return
        found = timers.schedule(event.timer, value, self.host.now())
        if found is None:
            raise Stopped(node.element, "timer", event.expression, value=_shown(value))
        if found.repeats is not None:
            token.internal_data["n"] = found.repeats
        kind = cast(Literal["date", "duration", "cycle"], event.timer)
        self.emit(TimerSet(token.id, index, node.element, kind, found.due.astimezone(UTC), found.repeats, found.interval))

    def _correlation(self, token: Token, node: Node, event: Event) -> str | None:
        if not event.correlation_key:
            return None
        key = feel.to_json(self.feel(token, event.correlation_key))
        if key is None:
            raise Stopped(node.element, "correlation", event.correlation_key, name=event.name)
        return str(key)

    # happening

    def happen(self, token: Token, index: int | None, variables: Mapping[str, Any]) -> None:
        """The event a token waits for has happened."""
        node = token.node
        if isinstance(node, Boundary):
            self._happen_at_boundary(token, node, variables)
        elif isinstance(node, Trigger):
            self._happen_at_trigger(token, node, variables)
        else:
            behind = node.ways[index].node if isinstance(node, EventGateway) and index is not None else node
            self.receive(token, variables, behind)
            self.announce_gone(token)
            token.internal_data.clear()
            if index is not None:
                token.internal_data["to"] = index
            token._ready()

    def _happen_at_boundary(self, token: Token, node: Boundary, variables: Mapping[str, Any]) -> None:
        self.receive(token, variables, node)
        workflow = token.workflow
        if node.element.interrupting:
            self.kill(token.parent)
        else:
            self._count(token)
        self.spawn(node, workflow, data={"hit": 1})

    def _happen_at_trigger(self, token: Token, node: Trigger, variables: Mapping[str, Any]) -> None:
        self.receive(token, variables, node)
        workflow = token.workflow
        if node.element.interrupting:
            self.kill_all(workflow.tokens())
        else:
            self._count(token)
        self.spawn(node.starts, workflow)

    def _count(self, token: Token) -> None:
        """A timer happens once, a cycle as often as it says, anything else any number of times."""
        event = _event(token.node)
        if event.kind != "timer":
            return
        if event.timer != "cycle" or token.internal_data.get("n") == 1:
            self.drop(token)
        elif "n" in token.internal_data:
            token.internal_data["n"] -= 1

    def check_conditions(self) -> bool:
        """Let the first conditional event happen whose condition has become true; say whether there was one."""
        for token in [t for t in self.tokens.values() if t.is_waiting and "conditional" in t.node.event_kinds]:
            nodes = [way.node for way in token.node.ways] if isinstance(token.node, EventGateway) else [token.node]
            for index, node in enumerate(nodes):
                event = _event(node)
                if event.kind == "conditional" and self._became_true(token, index, event):
                    self.happen(token, index if isinstance(token.node, EventGateway) else None, {})
                    return True
        return False

    def _became_true(self, token: Token, index: int, event: Event) -> bool:
        holds = self.feel(token, event.expression) is True
        held: list[int] = token.internal_data.get("held", [])
        if holds == (index in held):
            return False
        token.internal_data["held"] = [*held, index] if holds else [other for other in held if other != index]
        return holds

    # throwing

    def throw(self, token: Token) -> None:
        event, element = _event(token.node), token.node.element
        token.thrown = True
        if event.kind == "message":
            variables = dict(self.scopes.local[token.id].variables) if element.inputs else {}
            self.emit(MessageThrown(event.name, self._correlation(token, token.node, event), variables))
        elif event.kind == "signal":
            self.emit(SignalThrown(event.name))
            self.hear(event.name, {})
        elif not self.climb(token, event.kind, event.code) and event.kind == "error":
            raise Stopped(element, "uncaught", code=event.code)

    def hear(self, signal: str, variables: Mapping[str, Any]) -> int:
        """Give a signal to everyone waiting for it in this instance; return how many."""
        heard = 0
        for token in [t for t in self.tokens.values() if t.is_waiting and "signal" in t.node.event_kinds]:
            nodes = [way.node for way in token.node.ways] if isinstance(token.node, EventGateway) else [token.node]
            for index, node in enumerate(nodes):
                event = _event(node)
                if event.kind == "signal" and event.name == signal and token.id in self.tokens and token.is_waiting:
                    self.happen(token, index if isinstance(token.node, EventGateway) else None, variables)
                    heard += 1
        return heard

    def climb(self, token: Token, kind: str, code: str | None, variables: Mapping[str, Any] | None = None, own: bool = False) -> bool:
        """Bring an error or escalation to the nearest event that catches it, outwards; say whether one did.

        `own`: start with the boundary events of the token itself (the error of a job).
        """
        catcher = self._catcher(token, kind, code, own)
        if catcher is None:
            return False
        self.happen(catcher, None, variables or {})
        return True

    def _catcher(self, token: Token, kind: str, code: str | None, own: bool) -> Token | None:
        if own:
            found = _nearest(_host(token).children, kind, code)
            if found:
                return found
        workflow, handled = token.workflow, False
        while True:
            triggers = [t for t in workflow.tokens() if isinstance(t.node, Trigger) and (t.node.element.interrupting or not handled)]
            found = _nearest(triggers, kind, code)
            if found or not isinstance(workflow, Part):
                return found
            owner = workflow.owner
            found = _nearest(_host(owner).children, kind, code)
            if found:
                return found
            # what an event subprocess throws is not caught by its like beside it, or it would start itself for ever
            workflow, handled = owner.workflow, owner.node.element.triggered


def _host(token: Token) -> Token:
    """The token that boundary events hang on: the body of a multi-instance for its items."""
    host: Token = token.parent if token.is_item else token
    return host


def _nearest(tokens: Iterable[Token], kind: str, code: str | None) -> Token | None:
    """The armed event for exactly this code, else one that catches every code."""
    armed = [t for t in tokens if t.is_armed and _event(t.node).kind == kind and _event(t.node).code in (None, code)]
    return min(armed, key=lambda t: _event(t.node).code is None, default=None)


def _event(node: Node) -> Event:
    event = node.element.event
    assert event is not None
    return event


def _shown(value: Any) -> str:
    return "null" if value is None else str(feel.to_text(value))
