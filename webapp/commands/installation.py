"""The installation a command works on: its configuration and its database."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager

from engine.model import Actor
from engine.store import Store, migrations, open_store
from webapp.config import from_environment, sqlite_file


@contextmanager
def opened(*, current: bool = True) -> Iterator[Store]:
    """Give the store of this installation; with `current` (default) it must have this program's schema."""
    config = from_environment()
    sqlite_file(config.database_url)  # says what is wrong with an address that is none
    store = open_store(config.database_url)
    try:
        if current:
            migrations.require_current(store)
        yield store
    finally:
        store.dispose()


def operator() -> Actor:
    """Return who acts in a terminal: the user of the system."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = "unknown"
    return Actor(id="system:terminal", name=name)
