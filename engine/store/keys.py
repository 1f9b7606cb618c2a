"""64-bit keys, distinct over all kinds of rows and over all processes.

A process takes a block of keys in a transaction of its own and hands them out in memory, so a verb pays no statement
for them. Keys of a block that is not used up are lost, which does no harm. A verb that outlives the block takes one more
in its own transaction, for itself alone: should it roll back, the block is given to another, and nobody has seen its keys.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

from sqlalchemy import Connection, Engine, insert, update

from engine.store.tables.record import key_block

FIRST = 2**51 + 1  # where Camunda's first partition starts as well, so its clients see keys of the usual size
BLOCK = 20_000
RESERVE = 5_000  # taken by all verbs under way until the next one begins; hardly any takes more than a dozen
OWN = "own keys"


class KeySource:
    """Hands out keys from the block of this process; `reserve` is called before each writing transaction."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # held for moments
        self._refilling = threading.Lock()  # held while the database is asked; who takes a key must not wait for that
        self._next = 0
        self._end = 0

    def reserve(self, engine: Engine) -> None:
        """Make sure that at least `RESERVE` keys are left; takes a new block if not."""
        if self._enough():
            return
        with self._refilling:
            if self._enough():
                return
            with engine.connect().execution_options(jiesu_write=True) as db, db.begin():
                first = _take_block(db)
            with self._lock:
                self._next, self._end = first, first + BLOCK

    def take(self) -> int | None:
        """Return a key nobody else has or will have; None when the block is used up."""
        with self._lock:
            if self._next >= self._end:
                return None
            self._next += 1
            return self._next - 1

    def _enough(self) -> bool:
        with self._lock:
            return self._end - self._next >= RESERVE


def begin_keys(db: Connection, source: KeySource) -> None:
    """Let a writing transaction take its keys from the source."""
    db.info["keys"] = source


def next_key(db: Connection) -> int:
    """Return a fresh key inside a `Store.writing()` block."""
    source: KeySource = db.info["keys"]
    found = source.take()
    if found is None:
        found = next(db.info.setdefault(OWN, _own(db)))
    return found


def _own(db: Connection) -> Iterator[int]:
    """Give keys of this transaction alone, block by block."""
    while True:
        first = _take_block(db)
        yield from range(first, first + BLOCK)


def _take_block(db: Connection) -> int:
    taking = update(key_block).where(key_block.c.id == 1).values(next=key_block.c.next + BLOCK)
    end: int = db.execute(taking.returning(key_block.c.next)).scalar_one()
    return end - BLOCK


def first_block(db: Connection) -> None:
    """Create the counter row (first migration)."""
    db.execute(insert(key_block).values(id=1, next=FIRST))
