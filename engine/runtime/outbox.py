"""What tokens throw: heard by their own case at once, and by other cases a moment later.

A verb holds one case. To take hold of a second one would let two verbs wait for each other, so what is meant for others
goes into the outbox, in the verb's transaction, and is carried by the loop, each piece in a transaction of its own.

- A signal reaches everyone who waits for it at that moment: in the case at once, elsewhere by one piece for each case.
- A message reaches its receivers in the case; if nobody there waits for it, it is published as if it came from outside.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, delete, select, update

from engine import audit, clock
from engine.errors import Broken
from engine.model import system
from engine.runtime import messages
from engine.runtime.effects import incident
from engine.runtime.live import LiveCase
from engine.runtime.locking import lock_case
from engine.runtime.tokens import MessageThrown, SignalThrown
from engine.store import tables
from engine.store.documents import dumps, loads
from engine.store.keys import next_key

CASE = system("case")
MOST = 200  # pieces thrown in one act before two receivers are taken to answer each other for ever
RETRY = timedelta(minutes=5)


class EndlessAnswers(Broken):
    """Events of one case make each other happen without end."""

    zh = "案件内的消息或信号（“{name}”）相互触发，无法停下；请检查流程图。"
    en = "Messages or signals of the case ({name!r}) make each other happen without end; check the diagram."


def hear_own(live: LiveCase) -> None:
    """Give what was thrown in this act to the case itself, and put into the outbox what is meant for others. Raises `Broken`."""
    live.collect()
    for _ in range(MOST):
        if not live.thrown:
            return
        instance_key, effect = live.thrown.pop(0)
        if isinstance(effect, SignalThrown):
            _signal(live, instance_key, effect.name)
        else:
            _message(live, effect)
    raise EndlessAnswers(name=live.thrown[0][1].name)


def waiting_outbox(db: Connection, limit: int = 100) -> list[Any]:
    """Return (key, from_case, name) of what is to be carried now, oldest first."""
    column = tables.outbox.c
    query = select(column.key, column.from_case, column.name).where(column.try_at <= clock.now())
    return list(db.execute(query.order_by(column.try_at, column.key).limit(limit)))


def carry(db: Connection, key: int) -> bool:
    """Carry one piece to whom it is meant for; returns False when another loop was faster. Raises `Broken` from behind it."""
    row = db.execute(delete(tables.outbox).where(tables.outbox.c.key == key).returning(*tables.outbox.columns)).first()
    if row is None:
        return False
    if row.kind == "signal":
        _carry_signal(db, row)
    else:
        publication = messages.Publication(row.name, row.correlation_key or "", loads(row.variables))
        messages.publish(db, publication, CASE, row.from_case)
    return True


def hold_back(db: Connection, key: int, problem: Broken) -> None:
    """After a failed try: open an incident on the case that was to hear it, or that threw it, and try again later."""
    later = update(tables.outbox).where(tables.outbox.c.key == key).values(try_at=clock.now() + RETRY)
    row = db.execute(later.returning(*tables.outbox.columns)).first()  # the piece first, then the case, as in `carry`
    if row is None:
        return
    live = lock_case(db, row.to_case or row.from_case)
    column = tables.incident.c
    known = select(column.key).where(column.kind == row.kind, column.element_key == key, column.status == "open")
    if db.execute(known).first() is None:
        incident(live, row.kind, problem, element_key=key, instance_key=None)
        live.save(CASE)


def _signal(live: LiveCase, thrower: int, name: str) -> None:
    """The instance that threw the signal has heard it; what begins to wait there afterwards does not."""
    live.rows.write(live.db, live.now())  # what began to wait in this very act hears it too
    for row in messages.waiting(live, "signal", name):
        if row.instance_key != thrower and messages.receive(live, row, {}):
            live.collect()
    column = tables.subscription.c
    others = select(column.case_key).where(column.kind == "signal", column.name == name, column.status == "waiting")
    for case_key in live.db.execute(others.where(column.case_key != live.row.key).distinct().order_by(column.case_key)).scalars():
        live.rows.outbox.append(_piece(live, "signal", name, to_case=case_key))


def _message(live: LiveCase, thrown: MessageThrown) -> None:
    served = messages.deliver(live, thrown.name, thrown.variables, thrown.correlation_key)
    if not served:
        said = {"correlation_key": thrown.correlation_key, "variables": dumps(dict(thrown.variables))}
        live.rows.outbox.append(_piece(live, "message", thrown.name, **said))


def _piece(live: LiveCase, kind: str, name: str, **values: Any) -> dict[str, Any]:
    at = live.now()
    empty = {"to_case": None, "correlation_key": None, "variables": "{}"}
    shared = {"key": next_key(live.db), "kind": kind, "from_case": live.row.key, "name": name, "thrown_at": at, "try_at": at}
    return empty | shared | values


def _carry_signal(db: Connection, row: Any) -> None:
    from engine.runtime.settling import settle  # settling hears what is thrown

    live = lock_case(db, row.to_case)
    heard = 0
    for waiting in messages.waiting(live, "signal", row.name):
        if waiting.created_at <= row.thrown_at and messages.receive(live, waiting, {}):
            heard += 1
            live.collect()
    if not heard:
        return
    settle(live)
    facts = {"name": row.name, "changes": live.changes, "decisions": live.decisions, "opened": live.opened}
    live.save(CASE, audit.Entry("signal.delivered", facts))
