"""The pages of a town, opened by people who are signed in: with Flask's client, or in a real browser against a running server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import lxml.html
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from tests.support.town import Someone, Town
from webapp import create_app
from webapp.auth import queries
from webapp.config import Config
from webapp.database import EXTENSION

Fields = dict[str, Any]


class Screen:
    """An answer as somebody sees it."""

    def __init__(self, desk: Desk, response: TestResponse) -> None:
        self.desk, self.response = desk, response
        self.status: int = response.status_code
        self.location: str = response.headers.get("Location", "")
        self.html: str = response.get_data(as_text=True)

    @property
    def text(self) -> str:
        """All words of the page, in order, with single blanks."""
        root = lxml.html.fromstring(self.html)
        for hidden in root.xpath("//script|//style|//noscript"):
            hidden.drop_tree()
        return " ".join(root.text_content().split())

    def all(self, path: str) -> list[Any]:
        """Return what an XPath finds."""
        found: list[Any] = lxml.html.fromstring(self.html).xpath(path)
        return found

    def fields(self, path: str = "//form[@id]") -> tuple[str, Fields]:
        """Return the address and the fields of the first form an XPath finds, as a browser would send them untouched."""
        form = self.all(path)[0]
        values: Fields = {}
        for name, value in form.form_values():
            values.setdefault(name, []).append(value)
        return form.get("action") or self.response.request.full_path, values

    def send(self, path: str = "//form[@id]", /, **typed: Any) -> Screen:
        """Fill in the form and send it; `None` leaves a field out."""
        address, values = self.fields(path)
        for name, value in typed.items():
            values.pop(name, None)
            if value is not None:
                values[name] = value if isinstance(value, list) else [value]
        return self.desk.post(address, values)


@dataclass
class Desk:
    """Somebody at work, signed in."""

    someone: Someone
    client: FlaskClient
    seen: list[Screen] = field(default_factory=list)

    def get(self, path: str) -> Screen:
        return Screen(self, self.client.get(path))

    def post(self, path: str, values: Fields) -> Screen:
        return Screen(self, self.client.post(path, data=values))

    def follow(self, screen: Screen) -> Screen:
        """Go where a redirect leads."""
        assert screen.status in (302, 303), screen.text[:500]
        return self.get(screen.location)


class Office:
    """The web application over a town's database."""

    def __init__(self, town: Town, home: Path) -> None:
        self.town = town
        url = town.store.engine.url.render_as_string(hide_password=False)
        self.app = create_app(Config(home=home, database_url=url, secret_key="s" * 40))

    def close(self) -> None:
        self.app.extensions[EXTENSION].dispose()

    def token(self, login: str, locale: str = "zh") -> str:
        """Begin a session for somebody, without a password."""
        return self.session(self.town[login].key, locale)

    def session(self, person_key: int, locale: str) -> str:
        with self.town.store.writing() as db:
            queries.set_locale(db, person_key, locale)
            return queries.start(db, person_key)

    def desk(self, login: str, locale: str = "zh") -> Desk:
        """Sit down at a desk as somebody."""
        client = self.app.test_client()
        client.set_cookie("jiesu", self.token(login, locale))
        return Desk(self.town[login], client)

    @contextmanager
    def running(self) -> Iterator[str]:
        """Serve the pages on loopback; gives the address."""
        server = make_server("127.0.0.1", 0, self.app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    def sign_in(self, context: BrowserContext, address: str, login: str, locale: str = "zh") -> None:
        """Let a browser be somebody's."""
        context.add_cookies([{"name": "jiesu", "value": self.token(login, locale), "url": address}])


@contextmanager
def office(town: Town, home: Path) -> Iterator[Office]:
    """The pages of a town."""
    found = Office(town, home)
    try:
        yield found
    finally:
        found.close()
