"""What happened inside a machine since the last drain: facts for the store, in the order they happened.

`key` is the element instance key of a token. An armed event (boundary event, start of an event subprocess) has a key for
its timer or subscription; when it happens, the event itself is entered and left under a key of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

from engine.bpmn import Element

How: TypeAlias = Literal["completed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Left:
    """An element was passed or cancelled, with the sequence flows taken. `parent_key`: the subprocess, call or multi-instance around it."""

    key: int
    process_id: str
    element_id: str
    entered_at: datetime
    left_at: datetime
    how: How
    flows: tuple[str, ...]
    parent_key: int | None


@dataclass(frozen=True, slots=True)
class TaskOpened:
    """A task waits for a person. `due` is the FEEL value of its due date."""

    key: int
    element: Element
    due: Any


@dataclass(frozen=True, slots=True)
class TaskClosed:
    """A person's task is over."""

    key: int
    how: How


@dataclass(frozen=True, slots=True)
class JobOpened:
    """A job waits for a worker."""

    key: int
    element: Element


@dataclass(frozen=True, slots=True)
class JobClosed:
    """A job is over."""

    key: int
    how: How


@dataclass(frozen=True, slots=True)
class TimerSet:
    """A timer runs. `due` is aware UTC; `repeats` counts all firings of a cycle (None: endless, or no cycle); `interval` is
    the cycle's ISO duration (see `tokens.next_due`). `index` tells the events of an event-based gateway apart."""

    key: int
    index: int | None
    element: Element
    kind: Literal["date", "duration", "cycle"]
    due: datetime
    repeats: int | None
    interval: str | None


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A token waits for a message of this name and correlation key (None matches any)."""

    key: int
    index: int | None
    element: Element
    name: str
    correlation_key: str | None


@dataclass(frozen=True, slots=True)
class SignalAwaited:
    """A token waits for a signal of this name."""

    key: int
    index: int | None
    element: Element
    name: str


@dataclass(frozen=True, slots=True)
class EventGone:
    """All timers and subscriptions of this token are over."""

    key: int


@dataclass(frozen=True, slots=True)
class MessageThrown:
    """A message was thrown; `variables` are those of its input mappings."""

    name: str
    correlation_key: str | None
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SignalThrown:
    """A signal was thrown. Inside this instance it has been delivered; other instances are the caller's."""

    name: str


@dataclass(frozen=True, slots=True)
class Completed:
    """The process itself has ended."""


Awaited: TypeAlias = TimerSet | Subscribed | SignalAwaited | EventGone
Opened: TypeAlias = TaskOpened | TaskClosed | JobOpened | JobClosed
Effect: TypeAlias = Left | Opened | Awaited | MessageThrown | SignalThrown | Completed
