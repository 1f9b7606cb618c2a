"""Every route says who may come; forgetting it closes a door."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.conftest import hidden, words
from webapp.rights import PUBLIC, SIGNED_IN, declared, needs

OPEN_TO_ALL = {"static", "healthz", "auth.sign_in_page", "auth.sign_in", "auth.sign_out", "auth.choose_language"}


def test_every_route_declares_the_right_it_needs(app: Flask) -> None:
    assert [rule.rule for rule in app.url_map.iter_rules() if not declared(app, rule.endpoint)] == []


def test_what_is_open_to_all_is_known(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules() if PUBLIC in declared(app, rule.endpoint)} == OPEN_TO_ALL


def test_a_stranger_gets_nowhere_else(app: Flask, client: FlaskClient) -> None:
    for rule in app.url_map.iter_rules():
        if rule.endpoint in OPEN_TO_ALL:
            continue
        path = rule.build(dict.fromkeys(rule.arguments, 1))
        for method in (rule.methods or set()) - {"OPTIONS"}:
            answer = client.open(path[1] if path else rule.rule, method=method)
            assert answer.status_code == (303 if method in ("GET", "HEAD") else 401), (method, rule.rule)
            if method == "GET":
                assert answer.location.startswith("/sign-in")


def test_who_lacks_the_right_is_refused_without_a_hint(app: Flask, signed_in: Callable[[str], FlaskClient]) -> None:
    zhao = signed_in("zhao.qiang")
    token = hidden(zhao, "/")["csrf_token"]
    for rule in app.url_map.iter_rules():
        if {PUBLIC, SIGNED_IN} & set(declared(app, rule.endpoint)):
            continue
        path = rule.build(dict.fromkeys(rule.arguments, 1))
        for method in (rule.methods or set()) - {"OPTIONS"}:
            answer = zhao.open(path[1] if path else rule.rule, method=method, data={"csrf_token": token} if method == "POST" else None)
            assert answer.status_code == 403, (method, rule.rule)
            if method == "GET":
                assert "您没有打开这个页面或执行此操作的权限" in words(answer)


def test_a_route_that_declares_nothing_is_closed(app: Flask, signed_in: Callable[[str], FlaskClient]) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")

    assert signed_in("wang.min").get("/forgotten").status_code == 403


def test_one_of_several_rights_is_enough(app: Flask, signed_in: Callable[[str], FlaskClient]) -> None:
    app.add_url_rule("/either", "either", needs("approve", "register")(lambda: "ok"))

    assert signed_in("li.na").get("/either").status_code == 200
    assert signed_in("wang.min").get("/either").status_code == 403


@pytest.mark.parametrize("rights", [(), ("wrok",), ("work", "fly")])
def test_a_right_that_does_not_exist_is_noticed_at_once(rights: tuple[str, ...]) -> None:
    with pytest.raises(ValueError):
        needs(*rights)


@pytest.mark.parametrize(
    ("login", "menu", "first"),
    [("li.na", ["我的任务", "登记投诉", "案件"], "/tasks"), ("wang.min", ["案件"], "/cases"), ("zhao.qiang", [], None)],
)
def test_the_menu_shows_what_one_may_open_and_the_start_page_leads_there(
    signed_in: Callable[[str], FlaskClient], login: str, menu: list[str], first: str | None
) -> None:
    client = signed_in(login)

    start = client.get("/")

    assert start.location == first
    page = words(client.get(first or "/"))
    assert all((entry in page) == (entry in menu) for entry in ("登记投诉",))
    assert first or "您还没有可办理的事项" in page
