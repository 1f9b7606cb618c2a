"""One submission, one act: on both databases, one after another and at the same moment."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from flask import Flask, g, redirect, request
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from werkzeug.wrappers import Response

from engine.errors import Conflict
from engine.store import Store
from engine.store.tables import counter, request_token
from tests.web.conftest import hidden, on_both
from webapp.database import store as current_store
from webapp.once import once
from webapp.rights import PUBLIC, SIGNED_IN, needs

SignedIn = Callable[[str], FlaskClient]


class Faster(Conflict):
    """Somebody was faster."""


@pytest.fixture
def acts(app: Flask) -> list[str]:
    """Every act that was done by the route /act, which writes a row and redirects to its number."""
    done: list[str] = []
    numbers = count(1)

    @needs(SIGNED_IN)
    def act() -> Response:
        def write() -> Response:
            if request.form.get("wish") == "too late":
                raise Faster
            name = f"act {next(numbers)}"
            db.execute(insert(counter).values(name=name, value=1))
            done.append(name)
            return redirect(f"/done/{len(done)}", 303)

        with current_store().writing() as db:
            return once(db, "act", write)

    app.add_url_rule("/act", "act", act, methods=["POST"])
    return done


def fields(client: FlaskClient, token: str, **more: Any) -> dict[str, Any]:
    return {"csrf_token": hidden(client, "/")["csrf_token"], "_token": token, **more}


@on_both
def test_a_double_click_is_one_act_and_gets_the_first_answer(acts: list[str], signed_in: SignedIn) -> None:
    client = signed_in("zhao.qiang")
    form = fields(client, "t1", wish="hose")

    first, second = client.post("/act", data=form), client.post("/act", data=form)

    assert acts == ["act 1"]
    assert (first.status_code, first.location) == (second.status_code, second.location) == (303, "/done/1")


def test_a_reloaded_page_has_another_csrf_token_and_is_still_the_same_submission(acts: list[str], signed_in: SignedIn) -> None:
    client = signed_in("zhao.qiang")

    client.post("/act", data=fields(client, "t1", wish="hose"))
    client.post("/act", data=fields(client, "t1", wish="hose"))

    assert acts == ["act 1"]


def test_the_same_token_with_other_words_is_refused(acts: list[str], signed_in: SignedIn) -> None:
    client = signed_in("zhao.qiang")
    client.post("/act", data=fields(client, "t1", wish="hose"))

    assert client.post("/act", data=fields(client, "t1", wish="pump")).status_code == 422
    assert acts == ["act 1"]


def test_the_same_token_with_another_file_is_refused(acts: list[str], signed_in: SignedIn) -> None:
    client = signed_in("zhao.qiang")

    def send(content: bytes) -> int:
        return client.post("/act", data=fields(client, "t1", photo=(io.BytesIO(content), "leak.jpg"))).status_code

    assert [send(b"one"), send(b"one"), send(b"two")] == [303, 303, 422]
    assert acts == ["act 1"]


@on_both
def test_a_refusal_is_not_kept_and_leaves_no_trace(acts: list[str], signed_in: SignedIn, store: Store) -> None:
    client = signed_in("zhao.qiang")
    form = fields(client, "t1", wish="too late")

    assert [client.post("/act", data=form).status_code for _ in range(2)] == [409, 409]
    with store.reading() as db:
        assert db.execute(select(request_token)).all() == []
    assert client.post("/act", data=form | {"wish": "in time"}).status_code == 303


def test_two_people_may_have_the_same_token(acts: list[str], signed_in: SignedIn) -> None:
    for login in ("zhao.qiang", "li.na"):
        client = signed_in(login)
        page = "/" if login == "zhao.qiang" else "/tasks"
        client.post("/act", data={"csrf_token": hidden(client, page)["csrf_token"], "_token": "t1"})

    assert acts == ["act 1", "act 2"]


@pytest.mark.parametrize("token", ["", "x" * 201])
def test_a_form_without_a_token_was_not_sent_from_a_page(acts: list[str], signed_in: SignedIn, token: str) -> None:
    client = signed_in("zhao.qiang")

    assert client.post("/act", data=fields(client, token)).status_code == 422
    assert acts == []


@on_both
def test_twins_at_the_same_moment_are_one_act(app: Flask, acts: list[str], signed_in: SignedIn) -> None:
    client = signed_in("zhao.qiang")
    form = fields(client, "t1", wish="hose")
    cookies = {name: client.get_cookie(name) for name in ("jiesu", "jiesu_page")}
    together = threading.Barrier(4)
    answers: list[tuple[int, str | None]] = []

    def send() -> None:
        twin = app.test_client()
        for name, cookie in cookies.items():
            assert cookie is not None
            twin.set_cookie(name, cookie.value)
        together.wait(10)
        answer = twin.post("/act", data=form)
        answers.append((answer.status_code, answer.location))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert acts == ["act 1"] and answers == [(303, "/done/1")] * 4


def test_a_visitor_without_an_account_is_the_actor_anonymous(app: Flask, store: Store, client: FlaskClient) -> None:
    @needs(PUBLIC)
    def file() -> Response:
        assert g.actor is None
        with current_store().writing() as db:
            return once(db, "file", lambda: redirect("/thanks", 303))

    app.add_url_rule("/file", "file", file, methods=["POST"])

    client.post("/file", data={"csrf_token": hidden(client, "/sign-in")["csrf_token"], "_token": "t1"})

    with store.reading() as db:
        assert db.execute(select(request_token.c.actor)).scalars().all() == ["anonymous"]
