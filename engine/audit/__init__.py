"""Hash-chained events: who did what, when, under which version. Written in the caller's transaction.

`append` adds an event to a chain whose head the caller holds (a case's row), `record` to any other subject.
`verify` walks every chain and names the first break of each.
"""

from engine.audit.chain import GENESIS, Entry, Head, append, record
from engine.audit.verify import Break, verify

__all__ = ["GENESIS", "Break", "Entry", "Head", "append", "record", "verify"]
