"""Signing in and out, sessions, and guessing made slow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import lxml.html
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from engine import audit, clock
from engine.store import Store
from engine.store.tables import event, person, session, throttle
from tests.web.conftest import PASSWORD, hidden, on_both, sign_in, statements, words
from webapp.auth import passwords
from webapp.auth import throttle as guard
from webapp.database import EXTENSION

MORNING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}

SignedIn = Callable[[str], FlaskClient]


def verbs(store: Store) -> list[str]:
    with store.reading() as db:
        return list(db.execute(select(event.c.verb).where(event.c.verb.like("person.sign%")).order_by(event.c.at, event.c.seq)).scalars())


@on_both
def test_li_na_signs_in_and_goes_where_she_wanted(client: FlaskClient, store: Store) -> None:
    asked = client.get("/tasks?tab=open")

    answer = sign_in(client, "li.na", target="/tasks?tab=open")

    assert asked.status_code == 303 and asked.location == "/sign-in?next=/tasks?tab%3Dopen"
    assert answer.location == "/tasks?tab=open"
    assert client.get("/tasks").status_code == 200
    assert verbs(store) == ["person.signed_in"]
    with store.reading() as db:
        assert audit.verify(db)[1] == []


def test_the_cookie_holds_a_token_that_is_stored_nowhere(client: FlaskClient, store: Store) -> None:
    answer = sign_in(client, "li.na")

    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("jiesu="))
    token = cookie.split(";")[0].removeprefix("jiesu=")
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie
    with store.reading() as db:
        row = db.execute(select(session)).one()
    assert token not in str(tuple(row)) and len(row.token_sha256) == 64


@on_both
def test_an_unknown_login_and_a_wrong_password_look_and_cost_the_same(app: Flask, store: Store) -> None:
    seen = {}
    for login in ("li.na", "nobody.here", "li.na"):
        with statements(app.extensions[EXTENSION]) as sent:
            answer = sign_in(app.test_client(), login, "wrong password")
        seen[login] = (answer.status_code, words(answer).replace(login, ""), [line for line in sent if "SAVEPOINT" not in line])

    assert seen["li.na"] == seen["nobody.here"]
    assert seen["li.na"][0] == 422 and "登录名或密码不正确" in seen["li.na"][1]
    assert verbs(store) == ["person.sign_in_failed"] * 2
    with store.reading() as db:
        assert audit.verify(db)[1] == []


def test_a_refused_password_is_not_sent_back(client: FlaskClient) -> None:
    answer = sign_in(client, "li.na", "tippfehler im passwort")

    assert "tippfehler" not in answer.get_data(as_text=True)


ABROAD = ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\tx", "tasks", ""]


@pytest.mark.parametrize("target", ABROAD)
def test_nobody_is_sent_to_another_site(client: FlaskClient, target: str) -> None:
    assert sign_in(client, "li.na", target=target).location == "/"


def test_a_request_asks_the_database_once_who_it_is(app: Flask, signed_in: SignedIn) -> None:
    client = signed_in("li.na")
    client.get("/")

    with statements(app.extensions[EXTENSION]) as sent:
        client.get("/")

    assert len(sent) == 1


def test_a_session_ends_after_two_idle_hours_and_lasts_while_it_is_used(signed_in: SignedIn) -> None:
    with clock.pinned(MORNING):
        client = signed_in("li.na")
    for minutes in (100, 200, 300):
        with clock.pinned(MORNING + timedelta(minutes=minutes)):
            assert client.get("/tasks").status_code == 200

    with clock.pinned(MORNING + timedelta(minutes=300 + 121)):
        assert client.get("/tasks").status_code == 303


def test_a_session_ends_after_twelve_hours_however_busy(signed_in: SignedIn) -> None:
    with clock.pinned(MORNING):
        client = signed_in("li.na")
    for hours in range(1, 12):
        with clock.pinned(MORNING + timedelta(hours=hours)):
            assert client.get("/tasks").status_code == 200

    with clock.pinned(MORNING + timedelta(hours=12)):
        assert client.get("/tasks").status_code == 303


def test_a_session_is_marked_as_used_once_a_minute_at_most(app: Flask, signed_in: SignedIn) -> None:
    with clock.pinned(MORNING):
        client = signed_in("li.na")
    writes = []
    for seconds in (30, 59, 61, 90):
        with clock.pinned(MORNING + timedelta(seconds=seconds)), statements(app.extensions[EXTENSION]) as sent:
            client.get("/")
        writes.append(any(line.startswith("UPDATE sign_in_session") for line in sent))

    assert writes == [False, False, True, False]


def test_signing_out_ends_the_session_on_the_server(app: Flask, signed_in: SignedIn, store: Store) -> None:
    client = signed_in("li.na")
    stolen = client.get_cookie("jiesu")

    answer = client.post("/sign-out", data=hidden(client, "/tasks"))

    assert stolen is not None and answer.location == "/sign-in"
    assert "您已退出" in words(client.get("/sign-in"))
    thief = app.test_client()
    thief.set_cookie("jiesu", stolen.value)
    assert thief.get("/tasks").status_code == 303
    assert verbs(store) == ["person.signed_in", "person.signed_out"]


def test_another_sign_in_on_the_same_browser_ends_the_earlier_session(signed_in: SignedIn, app: Flask, store: Store) -> None:
    client = signed_in("li.na")
    earlier = client.get_cookie("jiesu")
    client.delete_cookie("jiesu")
    fields = hidden(client, "/sign-in") | {"login": "wang.min", "password": PASSWORD}
    assert earlier is not None
    client.set_cookie("jiesu", earlier.value)

    client.post("/sign-in", data=fields)

    with store.reading() as db:
        assert len(db.execute(select(session).where(session.c.ended_at.is_(None))).all()) == 1


def test_who_has_left_is_out_at_once_and_stays_out(signed_in: SignedIn, client: FlaskClient, store: Store) -> None:
    desk = signed_in("li.na")
    with store.writing() as db:
        db.execute(update(person).where(person.c.login == "li.na").values(closed_at=clock.now()))

    assert desk.get("/tasks").status_code == 303
    assert sign_in(client, "li.na").status_code == 422


def test_a_form_sent_after_the_session_ended_is_kept_and_can_still_be_submitted(signed_in: SignedIn) -> None:
    with clock.pinned(MORNING):
        client = signed_in("li.na")
        csrf = hidden(client, "/tasks")["csrf_token"]
    with clock.pinned(MORNING + timedelta(hours=3)):
        late = client.post("/tasks/7", data={"csrf_token": csrf, "_token": "abc", "finding": "水管爆裂，已关阀"})
        form = lxml.html.fromstring(late.get_data(as_text=True)).xpath("//main//form")[0]
        again = client.post("/sign-in", data=dict(form.form_values()) | {"login": "li.na", "password": "wrong"})
        form = lxml.html.fromstring(again.get_data(as_text=True)).xpath("//main//form")[0]
        resumed = client.post("/sign-in", data=dict(form.form_values()) | {"login": "li.na", "password": PASSWORD})

    assert late.status_code == 401 and "登录已过期" in words(late)
    form = lxml.html.fromstring(resumed.get_data(as_text=True)).xpath("//main//form")[0]
    assert form.get("action") == "/tasks/7"
    assert ("finding", "水管爆裂，已关阀") in form.form_values() and ("_token", "abc") in form.form_values()
    assert dict(form.form_values())["csrf_token"] != csrf


def test_a_form_sent_after_a_sign_out_in_another_tab_is_kept_with_its_whole_address(signed_in: SignedIn) -> None:
    client = signed_in("li.na")
    typed = {"csrf_token": hidden(client, "/tasks")["csrf_token"], "_token": "abc", "complaintMatter": "写到一半"}
    client.post("/sign-out", data=hidden(client, "/tasks"))

    late = client.post("/intake/x?unit=lake", data=typed)

    fields = dict(lxml.html.fromstring(late.get_data(as_text=True)).xpath("//main//form")[0].form_values())
    assert (fields["kept.complaintMatter"], fields["kept_path"]) == ("写到一半", "/intake/x?unit=lake")


def test_what_another_site_sends_is_not_kept_for_whoever_signs_in(client: FlaskClient) -> None:
    answer = client.post("/tasks/7", data={"finding": "planted"})

    assert answer.status_code == 401 and "planted" not in answer.get_data(as_text=True)


@on_both
def test_eight_wrong_passwords_close_the_door_for_a_quarter_of_an_hour_but_only_here(app: Flask) -> None:
    with clock.pinned(MORNING):
        for _ in range(8):
            assert sign_in(app.test_client(), "li.na", "wrong password").status_code == 422
        refused = sign_in(app.test_client(), "li.na")
        elsewhere = sign_in(app.test_client(), "li.na", environ_overrides=ELSEWHERE)
    with clock.pinned(MORNING + timedelta(minutes=15)):
        later = sign_in(app.test_client(), "li.na")

    assert refused.status_code == 429 and refused.headers["Retry-After"] == "900" and "15 分钟" in words(refused)
    assert elsewhere.status_code == 303 and later.status_code == 303


def test_who_guesses_from_the_next_desk_cannot_lock_li_na_out_of_her_own_browser(app: Flask) -> None:
    hers = app.test_client()
    sign_in(hers, "li.na")
    hers.post("/sign-out", data=hidden(hers, "/tasks"))
    for _ in range(12):
        last = sign_in(app.test_client(), "li.na", "wrong password")

    assert last.status_code == 429
    assert sign_in(hers, "li.na").status_code == 303


def test_the_device_of_one_person_is_no_door_to_another_account(app: Flask) -> None:
    his = app.test_client()
    sign_in(his, "zhao.qiang")
    his.post("/sign-out", data=hidden(his, "/"))
    for _ in range(8):
        sign_in(app.test_client(), "li.na", "wrong password")

    assert sign_in(his, "li.na", "wrong password").status_code == 429


@on_both
def test_guessing_from_many_addresses_leaves_each_one_try_and_the_person_gets_in(app: Flask, store: Store) -> None:
    with clock.pinned(MORNING):
        for number in range(61):
            with store.writing() as db:
                guard.admit(db, guard.attempt("s" * 40, "li.na", f"198.51.100.{number}", None))
        first = sign_in(app.test_client(), "li.na", "wrong password")
        second = sign_in(app.test_client(), "li.na", "wrong password")
        person_elsewhere = sign_in(app.test_client(), "li.na", environ_overrides=ELSEWHERE)

    assert (first.status_code, second.status_code, person_elsewhere.status_code) == (422, 429, 303)


def test_a_hundred_logins_tried_from_one_address_close_it(store: Store) -> None:
    waits = []
    for number in range(101):
        with store.writing() as db:
            waits.append(guard.admit(db, guard.attempt("s" * 40, f"login{number}", "198.51.100.7", None)))

    assert waits[:100] == [None] * 100 and waits[100] is not None


def test_an_ipv6_visitor_counts_by_network() -> None:
    one, two, other = (
        guard.attempt("s", "x", address, None).address for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1")
    )

    assert one == two != other
    assert guard.attempt("s", "x", "::ffff:192.0.2.1", None).address != guard.attempt("s", "x", "::ffff:192.0.2.2", None).address


def test_the_counters_name_neither_login_nor_address(client: FlaskClient, store: Store) -> None:
    sign_in(client, "li.na", "wrong password")

    with store.reading() as db:
        subjects = [row.subject for row in db.execute(select(throttle))]
    assert len(subjects) == 3 and all(len(subject) == 64 for subject in subjects)


def test_an_older_hash_is_renewed_when_its_owner_signs_in(client: FlaskClient, store: Store) -> None:
    older = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash("short")
    with store.writing() as db:
        db.execute(update(person).where(person.c.login == "li.na").values(password_hash=older))

    assert sign_in(client, "li.na", "short").status_code == 303

    with store.reading() as db:
        now = db.execute(select(person.c.password_hash).where(person.c.login == "li.na")).scalar_one()
    assert passwords.outdated(older) and not passwords.outdated(now) and passwords.matches(now, "short")


@pytest.mark.parametrize("weak", ["kurz", "aaaaaaaaaaaa", "li.na-li.na-1", "x" * 257])
def test_weak_passwords_are_refused_when_they_are_set(weak: str) -> None:
    with pytest.raises(passwords.PasswordTooWeak):
        passwords.hashed(weak, "li.na")


def test_a_password_fits_however_its_characters_are_composed() -> None:
    stored = passwords.hashed("Ångström-Straße")

    assert passwords.matches(stored, "Ångström-Straße")
    assert not passwords.matches(stored, "Angstrom-Strasse") and not passwords.matches(None, "Ångström-Straße")
