"""Headers, content policy, cookies, cross-site requests, host names, sizes, and what an error page tells."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from engine.errors import Broken, Conflict, Invalid, JiesuError, NotAllowed, NotFound
from engine.store.database import DatabaseBusy, DatabaseUnreachable
from tests.web.conftest import PASSWORD, hidden, sign_in, words
from webapp import create_app
from webapp.config import LOOPBACK, BadSetting, Config, FolderNotWritable, from_environment
from webapp.database import EXTENSION
from webapp.rights import PUBLIC, needs
from webapp.security import LARGEST_REQUEST, allow_inline_styles, local, nonce

HTTPS = {"base_url": "https://localhost", "headers": {"Referer": "https://localhost/sign-in"}}


@pytest.fixture
def made() -> Iterator[Callable[[Config], Flask]]:
    """Makes applications with another configuration."""
    apps: list[Flask] = []

    def make(config: Config) -> Flask:
        apps.append(create_app(config))
        return apps[-1]

    yield make
    for app in apps:
        app.extensions[EXTENSION].dispose()


@pytest.mark.parametrize("path", ["/sign-in", "/", "/nothing-here", "/healthz", "/static/css/app.css"])
def test_every_answer_carries_the_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy and "form-action 'self'" in policy
    assert "unsafe" not in policy


def test_pages_are_kept_by_nobody(client: FlaskClient) -> None:
    assert client.get("/sign-in").headers["Cache-Control"] == "no-store"


def test_a_nonce_is_good_for_one_page(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/script", "script", needs(PUBLIC)(lambda: f"<script nonce={nonce()}>"))

    seen = [(answer.get_data(as_text=True), answer.headers["Content-Security-Policy"]) for answer in (client.get("/script") for _ in "ab")]

    nonces = [re.search(r"nonce=(\S+)>", page).group(1) for page, _ in seen]  # type: ignore[union-attr]
    assert nonces[0] != nonces[1]
    assert all(f"'nonce-{value}'" in policy for value, (_, policy) in zip(nonces, seen, strict=True))


def test_only_a_page_that_asks_for_it_may_style_inline(app: Flask, client: FlaskClient) -> None:
    @needs(PUBLIC)
    def diagram() -> str:
        allow_inline_styles()
        return "diagram"

    app.add_url_rule("/diagram", "diagram", diagram)

    assert "style-src 'self' 'unsafe-inline';" in client.get("/diagram").headers["Content-Security-Policy"]
    assert "style-src 'self';" in client.get("/sign-in").headers["Content-Security-Policy"]


def test_a_form_from_elsewhere_is_refused(client: FlaskClient) -> None:
    hidden(client, "/sign-in")

    answer = client.post("/sign-in", data={"login": "li.na", "password": PASSWORD})

    assert answer.status_code == 400 and "这个页面已失效" in words(answer)


@pytest.mark.parametrize("path", ["/tasks/99999999999999999999", "/tasks/9223372036854775807", "/tasks/-1"])
def test_a_number_too_large_for_any_column_is_not_found(signed_in: Callable[[str], FlaskClient], path: str) -> None:
    assert signed_in("li.na").get(path).status_code == 404


def test_a_csrf_token_from_before_the_sign_in_is_worth_nothing_afterwards(client: FlaskClient) -> None:
    before = hidden(client, "/sign-in")
    sign_in(client, "li.na")

    assert client.post("/sign-out", data=before).status_code == 400


def test_over_https_cookies_are_secure_and_the_session_belongs_to_this_host_alone(client: FlaskClient) -> None:
    answer = sign_in(client, "li.na", **HTTPS)

    cookies = {line.split("=")[0]: line for line in answer.headers.getlist("Set-Cookie")}
    assert "__Host-jiesu" in cookies and "jiesu_device" in cookies
    assert all("Secure" in line and "HttpOnly" in line and "SameSite=Lax" in line for line in cookies.values())
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    assert client.get("/tasks", **HTTPS).status_code == 200


def test_https_is_believed_only_from_the_proxies_we_know(made: Callable[[Config], Flask], config: Config) -> None:
    told = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}

    direct = made(config).test_client().get("/sign-in", headers=told)
    behind = made(replace(config, proxies=1)).test_client().get("/sign-in", headers=told)

    assert "Strict-Transport-Security" not in direct.headers
    assert "Strict-Transport-Security" in behind.headers


@pytest.mark.parametrize(("host", "status"), [("127.0.0.1:8000", 200), ("localhost", 200), ("[::1]:8000", 200), ("evil.example", 400)])
def test_the_demo_answers_to_names_of_this_machine_only(made: Callable[[Config], Flask], config: Config, host: str, status: int) -> None:
    demo = made(replace(config, hosts=LOOPBACK))

    assert demo.test_client().get("/sign-in", headers={"Host": host}).status_code == status


def test_too_much_is_refused_before_it_is_read(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data=b"x" * (LARGEST_REQUEST + 1), content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 413 and "提交的内容太大" in words(answer)


@pytest.mark.parametrize(
    ("target", "path"),
    [("/tasks/7?tab=mine", "/tasks/7?tab=mine"), ("//x", "/"), ("http://x/", "/"), ("/a\r\nb", "/"), (None, "/"), ("/\u2028x", "/\u2028x")],
)
def test_redirects_stay_here(target: str | None, path: str) -> None:
    assert local(target) == path


class Named(Conflict):
    """Somebody was faster."""

    zh = "这项任务已由{who}签收。"
    en = "{who} claimed this task."


class Secret(NotFound):
    """Says too much."""

    zh = "案件 PP-2026-000123 属于别的单位"


class Locked(NotAllowed):
    """Says too much as well."""

    zh = "只有陈总可以看"


@pytest.mark.parametrize(
    ("error", "status", "said", "unsaid"),
    [
        (Named(who="李梅"), 409, "这项任务已由李梅签收。", "编号"),
        (Secret(), 404, "没有找到您要的内容，或者您无权查看。", "PP-2026"),
        (Locked(), 403, "您没有打开这个页面或执行此操作的权限", "陈总"),
        (Invalid(), 422, "输入有误。", "编号"),
        (Broken(), 500, "流程执行出错。", "Traceback"),
        (DatabaseBusy(), 503, "系统繁忙", "锁"),
        (DatabaseUnreachable(url="postgresql://db.internal/x", reason="refused"), 503, "系统暂时不可用", "db.internal"),
    ],
)
def test_an_error_of_ours_is_a_sentence_with_its_status(
    app: Flask, client: FlaskClient, error: JiesuError, status: int, said: str, unsaid: str
) -> None:
    @needs(PUBLIC)
    def fail() -> str:
        raise error

    app.add_url_rule("/fail", "fail", fail)

    answer = client.get("/fail")

    assert answer.status_code == status
    assert said in words(answer) and unsaid not in words(answer)


def test_what_nobody_expected_shows_a_number_that_stands_in_the_log(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    @needs(PUBLIC)
    def fail() -> str:
        raise ZeroDivisionError("13812345678")

    app.add_url_rule("/fail", "fail", fail)

    with caplog.at_level(logging.ERROR, "jiesu.web"):
        answer = client.get("/fail")

    number = answer.headers["X-Request-Id"]
    assert answer.status_code == 500 and number in words(answer) and number in caplog.text
    assert "13812345678" not in words(answer) and "ZeroDivision" not in words(answer)


def test_htmx_gets_the_message_only_and_is_sent_to_sign_in(app: Flask, client: FlaskClient) -> None:
    missing = client.get("/nothing-here", headers={"HX-Request": "true"})
    signed_out = client.get("/tasks", headers={"HX-Request": "true"})

    assert missing.status_code == 404 and "<html" not in missing.get_data(as_text=True) and "没有找到" in words(missing)
    assert signed_out.status_code == 401 and signed_out.headers["HX-Redirect"] == "/sign-in"


def test_a_wrong_method_is_explained(client: FlaskClient) -> None:
    answer = client.get("/sign-out")

    assert answer.status_code == 405 and "POST" in answer.headers["Allow"]


def test_the_secret_is_made_once_and_is_ours_alone(tmp_path: Path) -> None:
    first = from_environment(environ={"JIESU_HOME": str(tmp_path)})
    second = from_environment(environ={"JIESU_HOME": str(tmp_path)})

    assert first.secret_key == second.secret_key and len(first.secret_key) >= 32
    assert (tmp_path / "var" / "secret-key").stat().st_mode & 0o777 == 0o600
    assert from_environment(environ={"JIESU_HOME": str(tmp_path), "JIESU_SECRET_KEY": "given"}).secret_key == "given"


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")

    with pytest.raises(FolderNotWritable, match="file"):
        from_environment(environ={"JIESU_HOME": str(tmp_path / "file")})


@pytest.mark.parametrize(
    ("name", "value"), [("JIESU_PORT", "http"), ("JIESU_PORT", "70000"), ("JIESU_PROXIES", "-1"), ("JIESU_DATABASE_URL", "var/x.db")]
)
def test_a_setting_we_cannot_use_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=name):
        from_environment(environ={"JIESU_HOME": str(tmp_path), name: value})
