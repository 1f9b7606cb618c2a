"""The fixtures that everybody's tests rest on."""

from __future__ import annotations

import subprocess
from pathlib import Path

from playwright.sync_api import Page
from sqlalchemy import create_engine, text

from tests.support.postgres import Cluster


def test_postgres_is_real_and_each_test_can_have_its_own_database(postgres: Cluster) -> None:
    first, second = create_engine(postgres.new_database()), create_engine(postgres.new_database())

    with first.begin() as connection:
        connection.execute(text("CREATE TABLE complaint (matter text)"))
        connection.execute(text("INSERT INTO complaint VALUES ('外墙渗水')"))
    with first.connect() as connection:
        matter = connection.scalar(text("SELECT matter FROM complaint"))
    with second.connect() as connection:
        tables = connection.scalar(text("SELECT count(*) FROM pg_tables WHERE tablename = 'complaint'"))
    first.dispose()
    second.dispose()

    assert (matter, tables) == ("外墙渗水", 0)


def test_the_quick_cluster_forgets_and_the_durable_one_syncs(postgres: Cluster, durable_postgres: Cluster) -> None:
    def fsync(running: Cluster) -> str:
        engine = create_engine(running.url())
        with engine.connect() as connection:
            setting: str = connection.scalar(text("SHOW fsync"))
        engine.dispose()
        return setting

    assert (fsync(postgres), fsync(durable_postgres)) == ("off", "on")


def test_the_browser_draws_chinese_text(page: Page) -> None:
    page.set_content("<h1>接诉</h1>")

    assert page.get_by_role("heading").inner_text() == "接诉"


def test_node_is_new_enough(node: Path) -> None:
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout

    assert int(version.removeprefix("v").split(".")[0]) >= 18
