"""Fixtures of every test: databases, browser, Node. The machinery is in ``tests/support``; a folder's own fixtures in its conftest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, Page

from tests.support import closing
from tests.support.chromium import chromium
from tests.support.postgres import Cluster, cluster
from tests.support.programs import CHROMIUM, NODE, POSTGRES, need

settings.register_profile("jiesu", deadline=None, print_blob=True)  # two shared cores: time says nothing about one example
settings.load_profile("jiesu")

MARKERS = {"browser": "browser", "postgres": "postgres", "durable_postgres": "postgres", "node": "node"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that uses a program of the system is marked by the fixture it asks for."""
    for item in items:
        for fixture in getattr(item, "fixturenames", ()):
            if fixture in MARKERS:
                item.add_marker(MARKERS[fixture])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    closing.what_could_not_run(terminalreporter)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A quick, forgetful PostgreSQL; ``postgres.new_database()`` answers the address of an empty database."""
    with cluster(need(POSTGRES)) as running:
        yield running


@pytest.fixture(scope="session")
def durable_postgres() -> Iterator[Cluster]:
    """A PostgreSQL that syncs to disk as in production: for tests of what survives."""
    with cluster(need(POSTGRES), durable=True) as running:
        yield running


@pytest.fixture(scope="session")
def postgres_url(postgres: Cluster) -> str:
    """One database for the whole run, for tests that clean up after themselves."""
    return postgres.new_database()


@pytest.fixture
def fresh_postgres_url(postgres: Cluster) -> str:
    """An empty database of this test's own."""
    return postgres.new_database()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium(need(CHROMIUM)) as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a new, Chinese visitor without cookies."""
    with browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai") as context:
        yield context.new_page()


@pytest.fixture(scope="session")
def node() -> Path:
    """The ``node`` program; ``npm`` is there too."""
    return need(NODE)
