"""Walking every chain: is each event the one that was written, and is the end the one that stands on the subject?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, literal, select, union_all

from engine.audit.chain import SUBMITTED, Head, digest, sha256
from engine.store.documents import loads
from engine.store.tables import audit_head, case, event

Subject = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where the chain of one subject is not what was written."""

    kind: str
    key: int
    seq: int
    zh: str
    en: str


def _heads(db: Connection) -> dict[Subject, tuple[int, str]]:
    cases = select(literal("case").label("kind"), case.c.key, case.c.audit_seq.label("seq"), case.c.audit_hash.label("hash"))
    others = select(audit_head.c.kind, audit_head.c.key, audit_head.c.seq, audit_head.c.hash)
    return {(row.kind, row.key): (row.seq, row.hash) for row in db.execute(union_all(cases, others))}


def _wrong(row: Row[Any], head: Head) -> tuple[str, str] | None:
    if row.seq != head.seq + 1:
        return f"缺少第 {head.seq + 1} 条记录", f"event {head.seq + 1} is missing"
    try:
        facts = loads(row.facts)
    except ValueError:
        facts = None
    if facts is None or row.hash != digest(head, row.at, (row.actor, row.substitute), row.verb, facts):
        return "记录内容与其校验值不符", "the event does not fit its hash"
    if facts.get(SUBMITTED) != (None if row.submitted is None else sha256(row.submitted)):
        return "提交内容与其校验值不符", "what was submitted does not fit its hash"
    return None


def verify(db: Connection) -> tuple[int, list[Break]]:
    """Return how many events were checked and the first break of each broken chain (none: an empty list)."""
    heads = _heads(db)
    breaks: list[Break] = []
    count = 0
    ends: dict[Subject, Head] = {}
    broken: set[Subject] = set()
    for row in _events(db):
        count += 1
        subject = (row.kind, row.key)
        if subject in broken:
            continue
        head = ends.get(subject, Head(*subject))
        wrong = _wrong(row, head)
        if wrong:
            broken.add(subject)
            breaks.append(Break(row.kind, row.key, head.seq + 1, *wrong))
        ends[subject] = Head(row.kind, row.key, row.seq, row.hash)
    for subject in sorted((heads.keys() | ends.keys()) - broken):
        end = ends.get(subject, Head(*subject))
        if heads.get(subject) != (end.seq, end.hash):
            breaks.append(Break(*subject, end.seq, "链尾与登记的末端不符", "the end of the chain is not the recorded one"))
    return count, breaks


def _events(db: Connection) -> Iterator[Row[Any]]:
    query = select(event).order_by(event.c.kind, event.c.key, event.c.seq)
    yield from db.execute(query, execution_options={"yield_per": 1000})
