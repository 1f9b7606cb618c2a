"""Stories are told on SQLite; one of each procedure, and with `make test-long` all, on PostgreSQL too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.town import Town, town


@pytest.fixture
def yunxi(tmp_path: Path) -> Iterator[Town]:
    """The company 示例物业 with its project 云溪花园."""
    with town(f"sqlite:///{tmp_path}/town.db") as found:
        yield found


@pytest.fixture
def yunxi_on_postgresql(fresh_postgres_url: str) -> Iterator[Town]:
    """The same company on PostgreSQL."""
    with town(fresh_postgres_url) as found:
        yield found


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Town]:
    """示例汽车 with its shop 城东店, on Monday 2026-11-23 at 09:00."""
    with town(f"sqlite:///{tmp_path}/town.db", procedure="dealer") as found:
        yield found


@pytest.fixture
def shop_on_postgresql(fresh_postgres_url: str) -> Iterator[Town]:
    """The same on PostgreSQL."""
    with town(fresh_postgres_url, procedure="dealer") as found:
        yield found
