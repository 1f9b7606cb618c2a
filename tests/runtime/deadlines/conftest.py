"""A town that has stood since January 2026, so that stories may begin before 国庆节."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.runtime.deadlines.tempo import JANUARY, ONE_DAY, deployed, drawn, table
from tests.support.town import Town, town


@pytest.fixture
def yunxi(tmp_path: Path) -> Iterator[Town]:
    """The company 示例物业 as it stands since January 2026."""
    with town(f"sqlite:///{tmp_path}/town.db", JANUARY) as found:
        yield found


@pytest.fixture(params=["sqlite", "postgresql"])
def anywhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    """The same on each database in turn."""
    url = f"sqlite:///{tmp_path}/town.db" if request.param == "sqlite" else request.getfixturevalue("fresh_postgres_url")
    with town(url, JANUARY) as found:
        yield found


@pytest.fixture
def tempo(yunxi: Town) -> Town:
    """云溪花园 with a procedure that allows one working day from assignment to the solution (DL-4-G3)."""
    deployed(yunxi, drawn(), table(propose=ONE_DAY))
    return yunxi
