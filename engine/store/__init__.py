"""Where jiesu keeps everything: one SQLite file, or PostgreSQL. SQL stands here and in `queries.py` files only.

`open_store(url)` gives a `Store`; its `reading()` and `writing()` blocks give a SQLAlchemy connection inside one
transaction. A verb takes that connection and never commits: the block does, at the edge.
"""

from engine.store.database import Store, open_store
from engine.store.documents import dumps, loads
from engine.store.keys import next_key

__all__ = ["Store", "dumps", "loads", "next_key", "open_store"]
