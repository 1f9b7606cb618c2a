"""Alembic migrations. `upgrade(store)` brings a database to this program's schema; `state(store)` tells how it stands."""

from engine.store.migrations.runner import DatabaseNewer, DatabaseOlder, State, head, require_current, revision, state, upgrade

__all__ = ["DatabaseNewer", "DatabaseOlder", "State", "head", "require_current", "revision", "state", "upgrade"]
