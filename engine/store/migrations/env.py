"""Alembic's entry: uses the connection handed over by `runner.upgrade`."""

from typing import Literal

from alembic import context

from engine.store.columns import Instant
from engine.store.tables import metadata


def _render(kind: str, item: object, autogen: object) -> str | Literal[False]:
    if kind == "type" and isinstance(item, Instant):
        return "Instant()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_item=_render,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
