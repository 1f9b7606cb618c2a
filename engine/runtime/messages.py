"""Delivering messages: in each process of the case, the oldest event that waits for it receives it, once.

A message goes to one case: the one with the oldest waiting event. `publish` keeps it for its time-to-live when nobody
waits yet; `correlate` refuses then. Inside a case, `deliver` tells what the engine itself has to say (`upgraded`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from engine import audit, clock
from engine.errors import Conflict, NotFound
from engine.model import Actor
from engine.runtime.live import LiveCase
from engine.runtime.locking import lock_case
from engine.store import tables
from engine.store.documents import dumps, loads
from engine.store.keys import next_key


class NobodyWaits(NotFound):
    """A message was to be correlated, and no case waits for it."""

    zh = "没有案件在等待消息“{name}”（关联键 {key}）。"
    en = "No case waits for the message {name!r} with the correlation key {key!r}."


class PublishedBefore(Conflict):
    """A message with the same id is still alive."""

    zh = "消息“{name}”（{message_id}）已经发布过。"
    en = "The message {name!r} with the id {message_id!r} was published before."


@dataclass(frozen=True, slots=True)
class Publication:
    """A message from outside. `message_id` makes it once while it lives; it is kept for `time_to_live`."""

    name: str
    correlation_key: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    time_to_live: timedelta = timedelta(0)
    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """The message's key, and the case that received it (None: kept, or gone)."""

    message_key: int
    case_key: int | None
    receivers: int = 0


def deliver(live: LiveCase, name: str, variables: Mapping[str, Any] | None = None, key: str | None = None) -> set[str]:
    """Give the message to its receivers in this case and return the processes served; nobody waiting is no error."""
    return _deliver(live, name, variables or {}, key or live.row.number, frozenset())


def correlate(db: Connection, message: Publication, actor: Actor) -> Delivered:
    """Give the message to the case with the oldest event waiting for it; if none waits, start one by a message start event.

    Raises `NobodyWaits`, `UnitUnknown`, and `Broken` from behind it.
    """
    found = _give(db, next_key(db), message, actor)
    if found.case_key is None:
        raise NobodyWaits(name=message.name, key=message.correlation_key)
    return found


def publish(db: Connection, message: Publication, actor: Actor, from_case: int | None = None) -> Delivered:
    """Give the message to who waits for it now, and keep it for others of the case, or for a case to come.

    If nobody waits, a message start event of an active release makes a case (see `starting`); `from_case`: the case that threw it.
    Raises `PublishedBefore` while a message of the same id is alive, `UnitUnknown`, and `Broken` from behind it.
    """
    at, column, key = clock.now(), tables.message.c, next_key(db)
    db.execute(delete(tables.message).where(column.name == message.name, column.expires_at <= at))
    if message.message_id is not None:
        same = (column.name == message.name, column.correlation_key == message.correlation_key, column.message_id == message.message_id)
        if db.execute(select(column.key).where(*same)).first():
            raise PublishedBefore(name=message.name, message_id=message.message_id)
    values: dict[str, Any] = {"name": message.name, "correlation_key": message.correlation_key, "message_id": message.message_id}
    values |= {"variables": dumps(dict(message.variables)), "published_at": at, "expires_at": at + message.time_to_live}
    db.execute(insert(tables.message).values(key=key, **values))
    return _give(db, key, message, actor, from_case)


def receive_kept(live: LiveCase) -> None:
    """Give messages that were published earlier to the events of this case that have just begun to wait for them."""
    live.collect()
    new = [row for key, row in live.rows.subscriptions.items() if row["kind"] == "message" and key not in live.listening]
    if not new:
        return
    live.listening.update(row["key"] for row in new)
    column = tables.message.c
    alive = select(tables.message).where(column.name.in_({row["name"] for row in new}), column.expires_at > live.now())
    for row in live.db.execute(alive.order_by(column.published_at, column.key)).all():
        named = [item for item in new if item["name"] == row.name]
        fitting = {item["process_id"] for item in named if item["correlation_key"] in (None, row.correlation_key)}
        served = _served(live, row.key) if fitting else None
        if served is None or fitting <= served:
            continue
        given, digests = live.set_apart(loads(row.variables))
        receivers = _deliver(live, row.name, given, row.correlation_key, frozenset(served))
        if receivers:
            live.entries.append(_delivered(row.name, given, digests))
        _note_delivery(live, row.key, receivers)


def _give(db: Connection, message_key: int, message: Publication, actor: Actor, from_case: int | None = None) -> Delivered:
    from engine.runtime.settling import settle  # settling delivers messages itself
    from engine.runtime.starting import start_by_message

    column = tables.subscription.c
    fits = (column.kind == "message", column.name == message.name, column.correlation_key == message.correlation_key)
    case_key = db.execute(select(column.case_key).where(*fits, column.status == "waiting").order_by(column.key).limit(1)).scalar()
    if case_key is None:
        started = start_by_message(db, message, actor, from_case)
        if started is None:
            return Delivered(message_key, None)
        _note_delivery(started.live, message_key, {started.process_id})
        return Delivered(message_key, started.live.row.key, 1)
    live = lock_case(db, case_key)
    if not any(row.correlation_key in (None, message.correlation_key) for row in waiting(live, "message", message.name)):
        return Delivered(message_key, None)  # another was faster
    given, digests = live.set_apart(message.variables)
    served = deliver(live, message.name, given, message.correlation_key)
    if not served:
        return Delivered(message_key, None)
    _note_delivery(live, message_key, served)
    settle(live)
    told = {"changes": live.changes, "decisions": live.decisions, "opened": live.opened}
    live.save(actor, _delivered(message.name, given, digests, told))
    return Delivered(message_key, case_key, len(served))


def _delivered(name: str, given: Mapping[str, Any], digests: Mapping[str, str], told: Mapping[str, Any] | None = None) -> audit.Entry:
    """Return the event of a delivery: what came in as given, personal values as references."""
    facts = {"name": name, **(told or {})} | ({"digests": dict(digests)} if digests else {})
    return audit.Entry("message.delivered", facts, dumps(dict(given)))


def _served(live: LiveCase, message_key: int) -> set[str] | None:
    """Return the processes of this case that have had the message; None when it belongs to another case."""
    rows = live.db.execute(select(tables.message_delivery).where(tables.message_delivery.c.message_key == message_key)).all()
    if any(row.case_key != live.row.key for row in rows):
        return None
    return {row.process_id for row in rows}


def _note_delivery(live: LiveCase, message_key: int, processes: set[str]) -> None:
    rows = [{"message_key": message_key, "case_key": live.row.key, "process_id": name, "at": live.now()} for name in sorted(processes)]
    if rows:
        live.db.execute(insert(tables.message_delivery), rows)


def _deliver(live: LiveCase, name: str, variables: Mapping[str, Any], key: str, before: frozenset[str]) -> set[str]:
    live.collect()
    live.rows.write(live.db, live.now())  # what began to wait in this very act receives it too
    served: set[str] = set()
    for row in waiting(live, "message", name):
        if row.process_id in served | before or row.correlation_key not in (None, key):
            continue
        if receive(live, row, variables):
            served.add(row.process_id)
            live.collect()
    return served


def waiting(live: LiveCase, kind: str, name: str) -> list[Any]:
    """Return the stored events of the case that wait for this message or signal, oldest first."""
    column = tables.subscription.c
    query = select(tables.subscription).where(column.case_key == live.row.key, column.kind == kind, column.name == name)
    return list(live.db.execute(query.where(column.status == "waiting").order_by(column.key)))


def receive(live: LiveCase, row: Any, variables: Mapping[str, Any]) -> bool:
    """Let a waiting event happen; False when one before it has ended it."""
    machine = live.machine(row.instance_key)
    if not machine.is_waiting(row.element_key, row.position):
        return False
    element = live.package.element(row.process_id, row.element_id)
    if element.interrupting:  # a boundary event or event subprocess that does not interrupt waits on
        over = update(tables.subscription).where(tables.subscription.c.key == row.key)
        live.db.execute(over.values(status="received", ended_at=live.now()))
    live.note(f"{row.kind}.received", name=row.name, element=element.id, element_name=element.label, element_name_en=element.name_en)
    machine.fire(row.element_key, row.position, dict(variables))
    return True
