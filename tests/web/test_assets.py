"""Style sheets and scripts: hashed, packed, kept for ever; nothing else of the machine is served."""

from __future__ import annotations

import gzip
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webapp import assets


def address(app: Flask, path: str) -> str:
    with app.test_request_context():
        return assets.asset(path)


def test_an_asset_with_its_hash_is_kept_for_ever(app: Flask, client: FlaskClient) -> None:
    url = address(app, "css/app.css")

    answer = client.get(url)

    assert re.fullmatch(r"/static/css/app\.css\?v=[0-9a-f]{12}", url)
    assert "immutable" in answer.headers["Cache-Control"] and answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("query", ["", "?v=000000000000"])
def test_an_asset_without_its_hash_is_asked_for_again(client: FlaskClient, query: str) -> None:
    answer = client.get("/static/css/app.css" + query)

    assert answer.headers["Cache-Control"] == "no-cache"
    assert client.get("/static/css/app.css" + query, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_an_asset_comes_packed_if_the_browser_takes_it(client: FlaskClient) -> None:
    plain, packed = client.get("/static/css/app.css"), client.get("/static/css/app.css", headers={"Accept-Encoding": "gzip, br"})

    assert packed.headers["Content-Encoding"] == "gzip" and len(packed.data) < len(plain.data) / 2
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"] and packed.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "path", ["../config.py", "%2e%2e/config.py", "/etc/passwd", "vendor/vendor.lock.json", "css", "css/missing.css", "css/app.css/x"]
)
def test_nothing_else_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(f"/static/{path}", follow_redirects=True).status_code == 404


def test_everything_the_frame_asks_for_is_there(client: FlaskClient) -> None:
    page = client.get("/sign-in").get_data(as_text=True)

    wanted = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(wanted) >= 5
    assert [url for url in wanted if client.get(url).status_code != 200] == []
    assert re.findall(r'(?:href|src|action)="(?:https?:)?//[^"]+"', page) == []
