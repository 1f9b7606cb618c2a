"""/healthz: is the database reachable and current?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from engine.store import Store
from tests.web.conftest import on_both
from webapp import create_app
from webapp.config import Config
from webapp.database import EXTENSION

SignedIn = Callable[[str], FlaskClient]


def revise(store: Store, revision: str) -> None:
    with store.writing() as db:
        db.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")


@on_both
def test_a_current_database_is_healthy(client: FlaskClient) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


@on_both
def test_an_older_or_newer_database_is_not(client: FlaskClient, store: Store) -> None:
    for revision in ("0001", "9999"):
        revise(store, revision)

        answer = client.get("/healthz")

        assert (answer.status_code, answer.json) == (503, {"status": "database not current"})


def test_a_database_that_is_away_is_said_without_its_address(config: Config) -> None:
    app: Flask = create_app(replace(config, database_url="postgresql://127.0.0.1:9/nothing"))
    answer = app.test_client().get("/healthz")
    app.extensions[EXTENSION].dispose()

    assert (answer.status_code, answer.json) == (503, {"status": "database unreachable"})


def test_a_file_that_is_gone_is_not_healthy(client: FlaskClient, app: Flask, tmp_path: Path) -> None:
    app.extensions[EXTENSION].dispose()
    for file in tmp_path.glob("jiesu.db*"):
        file.unlink()

    assert client.get("/healthz").status_code == 503
