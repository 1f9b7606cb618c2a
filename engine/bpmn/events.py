"""Reads event definitions and the things they refer to (messages, signals, errors, escalations)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from engine.bpmn import extensions
from engine.bpmn.data import Event
from engine.bpmn.xml import Node, child, children, local, text_of

TIMERS = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}


@dataclass(slots=True)
class Definitions:
    """The root elements of one file that events refer to, by id."""

    messages: dict[str, tuple[str, str | None]] = field(default_factory=dict)  # name, correlation key
    signals: dict[str, str] = field(default_factory=dict)  # name
    errors: dict[str, str] = field(default_factory=dict)  # code
    escalations: dict[str, str] = field(default_factory=dict)  # code


def definitions(root: Node) -> Definitions:
    """Collect the messages, signals, errors and escalations of a file."""
    found = Definitions()
    for node in children(root, "message", "signal", "error", "escalation"):
        key, kind = node.get("id") or "", local(node)
        if kind == "message":
            subscription = extensions.find(node, "subscription")
            correlation = subscription.get("correlationKey") if subscription is not None else None
            found.messages[key] = (node.get("name") or "", correlation or None)
        elif kind == "signal":
            found.signals[key] = node.get("name") or ""
        elif kind == "error":
            found.errors[key] = node.get("errorCode") or ""
        else:
            found.escalations[key] = node.get("escalationCode") or ""
    return found


def event_nodes(node: Node) -> list[Node]:
    """Return the event definitions of an event."""
    return [c for c in children(node) if local(c).endswith("EventDefinition")]


def read(node: Node, known: Definitions) -> Event | None:
    """Return the event of a node, None for a none event. Unknown references give empty names, which the refusals find."""
    if local(node) in ("receiveTask", "sendTask"):
        return _message(node, known) if node.get("messageRef") else None
    found = event_nodes(node)
    if not found:
        return None
    kind = local(found[0]).removesuffix("EventDefinition")
    reader = READERS.get(kind)
    return reader(found[0], known) if reader else Event(kind)


def _message(node: Node, known: Definitions) -> Event:
    name, key = known.messages.get(node.get("messageRef") or "", ("", None))
    return Event("message", name=name, correlation_key=key)


def _timer(node: Node, _known: Definitions) -> Event:
    for tag, timer in TIMERS.items():
        value = child(node, tag)
        if value is not None:
            return Event("timer", timer=timer, expression=text_of(value))
    return Event("timer")


def _signal(node: Node, known: Definitions) -> Event:
    return Event("signal", name=known.signals.get(node.get("signalRef") or "", ""))


def _error(node: Node, known: Definitions) -> Event:
    return Event("error", code=known.errors.get(node.get("errorRef") or "") or None)


def _escalation(node: Node, known: Definitions) -> Event:
    return Event("escalation", code=known.escalations.get(node.get("escalationRef") or "") or None)


def _conditional(node: Node, _known: Definitions) -> Event:
    return Event("conditional", expression=text_of(child(node, "condition")))


def _link(node: Node, _known: Definitions) -> Event:
    return Event("link", name=(node.get("name") or "").strip())


READERS: dict[str, Callable[[Node, Definitions], Event]] = {
    "conditional": _conditional,
    "error": _error,
    "escalation": _escalation,
    "link": _link,
    "message": _message,
    "signal": _signal,
    "timer": _timer,
}
