"""Delivering a message inside one case: in each process, the oldest event that waits for it receives it, once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from engine.runtime.live import LiveCase
from engine.store import tables


def deliver(live: LiveCase, name: str, variables: dict[str, Any] | None = None) -> int:
    """Give the message `name` of this case to its receivers and return how many there were; nobody waiting is no error."""
    live.collect()
    live.rows.write(live.db, live.now())  # what began to wait in this very act receives it too
    column = tables.subscription.c
    waiting = select(tables.subscription).where(column.case_key == live.row.key, column.name == name, column.status == "waiting")
    served: set[str] = set()
    for row in live.db.execute(waiting.order_by(column.key)).all():
        if row.process_id in served or row.correlation_key not in (None, live.row.number):
            continue
        machine = live.machine(row.instance_key)
        if not machine.is_waiting(row.element_key, row.position):
            continue  # a receiver before it has ended this one
        served.add(row.process_id)
        live.db.execute(update(tables.subscription).where(column.key == row.key).values(status="received", ended_at=live.now()))
        element = live.package.element(row.process_id, row.element_id)
        live.note("message.received", name=name, element=element.id, element_name=element.label, element_name_en=element.name_en)
        machine.fire(row.element_key, row.position, variables or {})
        live.collect()
    return len(served)
