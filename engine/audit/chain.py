"""Adding to a chain."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert_postgresql
from sqlalchemy.dialects.sqlite import insert as upsert_sqlite

from engine import clock
from engine.model import Actor
from engine.store.documents import dumps, loads
from engine.store.tables import audit_head, event

GENESIS = "0" * 64
SUBMITTED = "submitted_sha256"


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a subject's chain: kind (case, person, release, unit, settings), key, last sequence, last hash."""

    kind: str
    key: int
    seq: int = 0
    hash: str = GENESIS


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened: a verb with its facts, and what came in as given (`submitted`, JSON text; its sha256 joins the facts)."""

    verb: str
    facts: dict[str, Any] = field(default_factory=dict)
    submitted: str | None = None


def sha256(text: str) -> str:
    """Return the hash of a text's UTF-8 bytes."""
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: Any) -> Any:
    """Return the value with every number as text, so that no JSON library can change a hash."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, dict):
        return {key: _canonical(item) for key, item in value.items()}
    return [_canonical(item) for item in value]


def stamp(moment: datetime) -> str:
    """Return the moment as it is hashed: UTC, microseconds, Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def digest(before: Head, at: datetime, who: tuple[str, str | None], verb: str, facts: Any) -> str:
    """Return the hash of the event that follows `before`. `facts` as they come back from the database."""
    body = [before.kind, before.key, before.seq + 1, stamp(at), who[0], who[1], verb, facts, before.hash]
    data = json.dumps(_canonical(body), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return sha256(data)


def append(db: Connection, head: Head, actor: Actor, entries: list[Entry], at: datetime | None = None) -> Head:
    """Write the entries after `head` and return the new head. The caller stores it, guarded by the row it locked."""
    at = at or clock.now()
    rows = []
    for entry in entries:
        facts = dumps(entry.facts if entry.submitted is None else entry.facts | {SUBMITTED: sha256(entry.submitted)})
        mark = digest(head, at, (actor.id, actor.substitute_for), entry.verb, loads(facts))
        head = Head(head.kind, head.key, head.seq + 1, mark)
        rows.append(
            {
                "kind": head.kind,
                "key": head.key,
                "seq": head.seq,
                "at": at,
                "actor": actor.id,
                "substitute": actor.substitute_for,
                "verb": entry.verb,
                "facts": facts,
                "hash": mark,
                "submitted": entry.submitted,
            }
        )
    if rows:
        db.execute(insert(event), rows)
    return head


def record(db: Connection, kind: str, key: int, actor: Actor, entry: Entry) -> Head:
    """Add one event to the chain of a person, release, unit or setting; its head is kept in `audit_head`."""
    query = select(audit_head.c.seq, audit_head.c.hash).where(audit_head.c.kind == kind, audit_head.c.key == key)
    row = db.execute(query.with_for_update()).first()
    head = append(db, Head(kind, key, row.seq, row.hash) if row else Head(kind, key), actor, [entry])
    upsert = upsert_sqlite if db.dialect.name == "sqlite" else upsert_postgresql
    statement = upsert(audit_head).values(kind=kind, key=key, seq=head.seq, hash=head.hash)
    db.execute(statement.on_conflict_do_update(index_elements=["kind", "key"], set_={"seq": head.seq, "hash": head.hash}))
    return head
