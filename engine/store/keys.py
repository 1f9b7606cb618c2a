"""64-bit keys, distinct over all kinds of rows and over all processes.

A process takes a block of keys in a transaction of its own and hands them out in memory, so a verb pays no statement
for them. Keys of a block that is not used up are lost, which does no harm.
"""

from __future__ import annotations

import threading

from sqlalchemy import Connection, Engine, insert, update

from engine.store.tables.record import key_block

FIRST = 2**51 + 1  # where Camunda's first partition starts as well, so its clients see keys of the usual size
BLOCK = 20_000
RESERVE = 5_000  # no verb takes more


class KeySource:
    """Hands out keys from the block of this process; `reserve` is called before each writing transaction."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next = 0
        self._end = 0

    def reserve(self, engine: Engine) -> None:
        """Make sure that at least `RESERVE` keys are left; takes a new block if not."""
        if self._end - self._next >= RESERVE:
            return
        with self._lock:
            if self._end - self._next >= RESERVE:
                return
            with engine.connect().execution_options(jiesu_write=True) as db, db.begin():
                end = db.execute(
                    update(key_block).where(key_block.c.id == 1).values(next=key_block.c.next + BLOCK).returning(key_block.c.next)
                ).scalar_one()
            self._next, self._end = end - BLOCK, end

    def take(self) -> int:
        """Return a key nobody else has or will have."""
        with self._lock:
            if self._next >= self._end:
                raise RuntimeError("no keys reserved: open the transaction with Store.writing()")
            self._next += 1
            return self._next - 1


def next_key(db: Connection) -> int:
    """Return a fresh key inside a `Store.writing()` block."""
    source: KeySource = db.info["keys"]
    return source.take()


def first_block(db: Connection) -> None:
    """Create the counter row (first migration)."""
    db.execute(insert(key_block).values(id=1, next=FIRST))
