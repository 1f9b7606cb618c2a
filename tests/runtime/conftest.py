"""A town to work in, on both databases where the database decides."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.town import Town, town


@pytest.fixture
def yunxi(tmp_path: Path) -> Iterator[Town]:
    """The company 示例物业 with its project 云溪花园, on SQLite."""
    with town(f"sqlite:///{tmp_path}/town.db") as found:
        yield found


@pytest.fixture(params=["sqlite", "postgresql"])
def anywhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    """The same on each database in turn."""
    url = f"sqlite:///{tmp_path}/town.db" if request.param == "sqlite" else request.getfixturevalue("fresh_postgres_url")
    with town(url) as found:
        yield found


@pytest.fixture
def on_postgres(fresh_postgres_url: str) -> Iterator[Town]:
    """The same on PostgreSQL only, for what happens between transactions there."""
    with town(fresh_postgres_url) as found:
        yield found
