"""The web application over a fresh database: 王敏 runs it, 李娜 receives complaints, 赵强 has an account and no role."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from engine import org
from engine.model import system
from engine.store import Store, migrations, open_store
from webapp import create_app
from webapp.auth import passwords
from webapp.config import Config
from webapp.database import EXTENSION

PASSWORD = "correct horse battery"
TRANSLATIONS = Path(__file__).resolve().parents[2] / "webapp" / "translations"

on_both = pytest.mark.parametrize("database_url", ["sqlite", "postgres"], indirect=True)
"""Runs a test on SQLite and on PostgreSQL."""


@pytest.fixture(scope="session", autouse=True)
def english() -> None:
    """Compile the English catalogue if `make` has not, or not since it was changed."""
    for po in TRANSLATIONS.glob("*/LC_MESSAGES/*.po"):
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
            with po.open("rb") as source, mo.open("wb") as target:
                write_mo(target, read_po(source))


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with all tables and nobody in them, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "jiesu.db"
    store = open_store(f"sqlite:///{file}")
    migrations.upgrade(store)
    with store.engine.connect() as db:
        db.exec_driver_sql("COMMIT")
        db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.dispose()
    return file


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path, migrated: Path) -> str:
    """The address of a database with all tables: SQLite, or PostgreSQL for tests marked `on_both`."""
    if getattr(request, "param", "sqlite") == "sqlite":
        shutil.copy(migrated, tmp_path / "jiesu.db")
        return f"sqlite:///{tmp_path / 'jiesu.db'}"
    url: str = request.getfixturevalue("fresh_postgres_url")
    store = open_store(url)
    migrations.upgrade(store)
    store.dispose()
    return url


@pytest.fixture(scope="session")
def password_hash() -> str:
    """The hash of everybody's password, made once."""
    return passwords.hashed(PASSWORD)


@pytest.fixture
def store(database_url: str, password_hash: str) -> Iterator[Store]:
    """The database with three people in it."""
    opened = open_store(database_url)
    _populate(opened, password_hash)
    yield opened
    opened.dispose()


@pytest.fixture
def config(store: Store, database_url: str, tmp_path: Path) -> Config:
    return Config(home=tmp_path, database_url=database_url, secret_key="s" * 40)


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    """The application; a test may still add routes to it."""
    made = create_app(config)
    yield made
    made.extensions[EXTENSION].dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor whom nobody knows."""
    return app.test_client()


@pytest.fixture
def signed_in(app: Flask) -> Callable[[str], FlaskClient]:
    """Signs somebody in through the page, on a browser of their own: `signed_in("li.na")`."""

    def enter(login: str) -> FlaskClient:
        client = app.test_client()
        assert sign_in(client, login).status_code == 303
        return client

    return enter


@pytest.fixture
def served(app: Flask) -> Iterator[str]:
    """The address of a running server, for a real browser."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def hidden(client: FlaskClient, path: str, **request: Any) -> dict[str, str]:
    """The hidden fields of a page's main form (or of one in its frame), as its reader's browser would send them."""
    page = lxml.html.fromstring(client.get(path, **request).get_data(as_text=True))
    form = [*page.xpath("//main//form[@method='post']"), *page.xpath("//form[@method='post']")][0]
    return {field.get("name"): field.get("value") for field in form.xpath(".//input[@type='hidden']")}


def sign_in(client: FlaskClient, login: str, password: str = PASSWORD, target: str = "", **request: Any) -> TestResponse:
    """Fill in the sign-in page and send it."""
    fields = hidden(client, "/sign-in", **request) | {"login": login, "password": password}
    return client.post("/sign-in", data=fields | ({"next": target} if target else {}), **request)


def words(response: TestResponse) -> str:
    """What a page says, with single blanks."""
    return " ".join(lxml.html.fromstring(response.get_data(as_text=True)).text_content().split())


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """The SQL statements sent to a database while the block runs, without transaction control."""
    seen: list[str] = []

    def note(*args: Any) -> None:
        if not args[2].startswith(("BEGIN", "PRAGMA")):
            seen.append(args[2])

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(store.engine, "before_cursor_execute", note)


def _populate(store: Store, password_hash: str) -> None:
    setup = system("test")
    with store.writing() as db:
        company = org.add_unit(db, org.NewUnit("company", "湖畔物业", "Lakeside Property", "company"), setup)
        lake = org.add_unit(db, org.NewUnit("lake", "湖滨花园", "Lake Garden", "project", company), setup)
        org.replace_grants(db, "test", {"reception": ["work", "register", "read_case"]})
        people = [
            ("wang.min", "王敏", "Wang Min", "administrator", company),
            ("li.na", "李娜", "Li Na", "reception", lake),
            ("zhao.qiang", "赵强", "Zhao Qiang", None, None),
        ]
        for login, name, name_en, role, unit in people:
            key = org.add_person(db, login, name, name_en, setup)
            org.set_password_hash(db, key, password_hash, setup)
            if role and unit:
                org.add_membership(db, key, role, unit, setup)
