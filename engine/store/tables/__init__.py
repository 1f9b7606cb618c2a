"""All tables, by subject. What cannot be added later has been here since the first migration (architecture, decision 6)."""

from engine.store.columns import metadata
from engine.store.tables.cases import case, element_instance, instance, personal
from engine.store.tables.people import grant, holiday, membership, office_hours, person, session, substitution, throttle, unit
from engine.store.tables.procedures import activation, blob, definition, release, resource
from engine.store.tables.record import audit_head, counter, event, key_block, request_token
from engine.store.tables.work import (
    incident,
    job,
    message,
    message_delivery,
    notice,
    outbox,
    start_timer,
    subscription,
    task,
    task_candidate,
    task_exclusion,
    timer,
)

__all__ = [
    "activation",
    "audit_head",
    "blob",
    "case",
    "counter",
    "definition",
    "element_instance",
    "event",
    "grant",
    "holiday",
    "incident",
    "instance",
    "job",
    "key_block",
    "membership",
    "message",
    "message_delivery",
    "metadata",
    "notice",
    "office_hours",
    "outbox",
    "person",
    "personal",
    "release",
    "request_token",
    "resource",
    "session",
    "start_timer",
    "subscription",
    "substitution",
    "task",
    "task_candidate",
    "task_exclusion",
    "throttle",
    "timer",
    "unit",
]
