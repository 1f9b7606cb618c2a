"""Moves the tokens of one process instance in memory. `Machine` is the door; effects tell what happened."""

from engine.bpmn.timers import add as next_due
from engine.runtime.tokens.codec import UnknownState
from engine.runtime.tokens.effects import (
    Completed,
    Effect,
    EventGone,
    JobClosed,
    JobOpened,
    Left,
    MessageThrown,
    SignalAwaited,
    SignalThrown,
    Subscribed,
    TaskClosed,
    TaskOpened,
    TimerSet,
)
from engine.runtime.tokens.errors import NotWaiting, Stopped
from engine.runtime.tokens.host import PENDING, Host, Pending
from engine.runtime.tokens.machine import Machine, OpenToken
from engine.runtime.tokens.migration import migrated

__all__ = [
    "PENDING",
    "Completed",
    "Effect",
    "EventGone",
    "Host",
    "JobClosed",
    "JobOpened",
    "Left",
    "Machine",
    "MessageThrown",
    "NotWaiting",
    "OpenToken",
    "Pending",
    "SignalAwaited",
    "SignalThrown",
    "Stopped",
    "Subscribed",
    "TaskClosed",
    "TaskOpened",
    "TimerSet",
    "UnknownState",
    "migrated",
    "next_due",
]
