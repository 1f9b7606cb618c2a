"""Opening the database, and the two kinds of transaction: `reading()` and `writing()`."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from engine.errors import Broken, Conflict
from engine.store.keys import KeySource, begin_keys

TRY_AGAIN = ("40001", "40P01", "55P03")  # PostgreSQL: serialisation failure, deadlock, lock not available


class DatabaseUnreachable(Broken):
    """The database cannot be opened."""

    zh = "无法打开数据库 {url}：{reason}"
    en = "The database {url} cannot be opened: {reason}"


class DatabaseBusy(Conflict):
    """Somebody else held the write lock longer than we wait."""

    zh = "系统繁忙，请稍后再试；您的操作没有保存。"
    en = "The system is busy; try again in a moment. Nothing was saved."


class Store:
    """One database. Threads share it; every block gets a connection of its own."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.keys = KeySource()

    @property
    def sqlite(self) -> bool:
        """True on SQLite, False on PostgreSQL."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection for queries; all of them see the database at one moment. Whatever it wrote is rolled back."""
        with self._connect(write=False) as db:
            yield db if self.sqlite else db.execution_options(isolation_level="REPEATABLE READ")

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection inside one transaction; commits at the end, rolls back on any exception."""
        with self._translating():
            self.keys.reserve(self.engine)
        with self._connect(write=True) as db, db.begin():
            begin_keys(db, self.keys)
            yield db

    @contextmanager
    def _connect(self, *, write: bool) -> Iterator[Connection]:
        with self._translating(), self.engine.connect().execution_options(jiesu_write=write) as db:
            db.info.clear()  # it belongs to the pooled connection; what an earlier transaction left in it is over
            yield db

    @contextmanager
    def _translating(self) -> Iterator[None]:
        try:
            yield
        except OperationalError as problem:
            raise translated(problem, self.engine) from problem

    def dispose(self) -> None:
        """Close all pooled connections."""
        self.engine.dispose()


def translated(problem: DBAPIError, engine: Engine) -> Exception:
    """Return the error a person can read for a failure of the database itself."""
    reason = str(problem.orig).strip().splitlines()[0] if problem.orig else str(problem)
    if "database is locked" in reason or getattr(problem.orig, "sqlstate", None) in TRY_AGAIN:
        return DatabaseBusy()
    if "unable to open" in reason or "readonly" in reason or "connect" in reason:
        return DatabaseUnreachable(url=engine.url.render_as_string(hide_password=True), reason=reason)
    return problem


def open_store(url: str) -> Store:
    """Open `url` (`sqlite:///file` or `postgresql://…`); nothing is created but the SQLite file and its folder."""
    parsed = make_url(url)
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    options: dict[str, Any] = {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 10}
    if parsed.get_backend_name() == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            raise DatabaseUnreachable(url=url, reason="SQLite in memory is not supported; name a file")
        _make_folder(Path(parsed.database), url)
        options = {"connect_args": {"timeout": 5, "check_same_thread": False}, "pool_size": 10, "max_overflow": 10}
    engine = create_engine(parsed, hide_parameters=True, **options)  # parameters hold what customers say; errors go into logs
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return Store(engine)


def _make_folder(path: Path, url: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise DatabaseUnreachable(url=url, reason=problem.strerror or str(problem)) from problem
    if not os.access(path.parent, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise DatabaseUnreachable(url=url, reason="the folder or file is read-only")


def _prepare_sqlite(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA busy_timeout=5000")


def _begin_sqlite(db: Connection) -> None:
    # A deferred read-then-write transaction fails under concurrency; whoever may write takes the lock at once.
    db.exec_driver_sql("BEGIN IMMEDIATE" if db.get_execution_options().get("jiesu_write") else "BEGIN")
