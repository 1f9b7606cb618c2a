"""Column types and short column makers shared by all tables."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Integer, MetaData, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"


class Instant(TypeDecorator[datetime]):
    """An aware moment. PostgreSQL: timestamptz. SQLite: sortable UTC text with microseconds."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(27))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment must be aware")
        value = value.astimezone(UTC)
        return value.strftime(FORMAT) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if dialect.name == "sqlite":
            return datetime.fromisoformat(value)
        moment: datetime = value.astimezone(UTC)
        return moment


Key = BigInteger().with_variant(Integer(), "sqlite")


def key(name: str = "key") -> Column[int]:
    """Return the 64-bit primary key column; its value comes from `next_key`, never from the database."""
    return Column(name, Key, primary_key=True, autoincrement=False)


def ref(name: str, target: str, *, null: bool = False, index: bool = False) -> Column[int]:
    """Return a foreign key column to `target` ("table.column")."""
    return Column(name, Key, ForeignKey(target), nullable=null, index=index)


def number(name: str, *, null: bool = False, default: str | None = None) -> Column[int]:
    """Return an integer column."""
    return Column(name, Integer, nullable=null, server_default=default)


def text(name: str, *, null: bool = False, primary_key: bool = False) -> Column[str]:
    """Return a text column of any length."""
    return Column(name, Text, nullable=null and not primary_key, primary_key=primary_key)


def moment(name: str, *, null: bool = False) -> Column[datetime]:
    """Return a column for an aware moment."""
    return Column(name, Instant, nullable=null)
