"""Runs the migrations in this folder, without a configuration file."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from engine.errors import Broken
from engine.store.database import Store


class DatabaseNewer(Broken):
    """The database was written by a later version of jiesu."""

    zh = "数据库的版本（{found}）比本程序（{known}）新；请升级 jiesu，或换用与数据库相配的版本。"
    en = "The database (revision {found}) is newer than this program (revision {known}); upgrade jiesu or use the version that fits it."


class DatabaseOlder(Broken):
    """The database waits for its migrations."""

    zh = "数据库的版本（{found}）比本程序（{known}）旧；请先备份，再运行 jiesu db upgrade。"
    en = "The database (revision {found}) is older than this program (revision {known}); back it up, then run jiesu db upgrade."


class State(StrEnum):
    """How a database stands to this program."""

    EMPTY = "empty"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config


def head() -> str:
    """Return the newest revision this program knows."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def revision(store: Store) -> str | None:
    """Return the revision the database is at, or None when it is empty."""
    with store.reading() as db:
        return MigrationContext.configure(db).get_current_revision()


def state(store: Store) -> State:
    """Tell whether the database is empty, older, current or newer than this program."""
    found = revision(store)
    if found is None:
        return State.EMPTY
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if found not in known:
        return State.NEWER
    return State.CURRENT if found == head() else State.OLDER


def require_current(store: Store) -> None:
    """Raise `DatabaseNewer` or `DatabaseOlder` unless the database is what this program works with."""
    now = state(store)
    if now is State.NEWER:
        raise DatabaseNewer(found=revision(store), known=head())
    if now is not State.CURRENT:
        raise DatabaseOlder(found=revision(store) or "–", known=head())


def upgrade(store: Store, to: str = "head") -> None:
    """Bring the database to revision `to` in one transaction. Raises `DatabaseNewer`; a current database is left alone."""
    if state(store) is State.NEWER:
        raise DatabaseNewer(found=revision(store), known=head())
    config = _config()
    with store.engine.connect().execution_options(jiesu_write=True) as db, db.begin():
        config.attributes["connection"] = db
        command.upgrade(config, to)
