"""Chinese unless chosen otherwise; every sentence has an English one; times as people read them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from flask import Flask, g
from flask.testing import FlaskClient

from engine import clock
from tests.web.conftest import TRANSLATIONS, hidden, sign_in, words
from webapp import moments

WEBAPP = TRANSLATIONS.parent
NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
CHINESE = re.compile(r"[\u3400-\u9fff]")
NOT_SENTENCES = ("中文",)  # the language switch names each language in itself


def choose(client: FlaskClient, locale: str, back: str = "/sign-in") -> str | None:
    token = hidden(client, "/sign-in", follow_redirects=True)["csrf_token"]
    return client.post("/language", data={"csrf_token": token, "locale": locale, "back": back}).location


def test_pages_are_chinese_even_in_an_english_browser(client: FlaskClient) -> None:
    answer = client.get("/sign-in", headers={"Accept-Language": "en-US,en;q=0.9"})

    assert '<html lang="zh-CN">' in answer.get_data(as_text=True) and "登录名" in words(answer)


def test_a_visitor_switches_to_english_and_back(client: FlaskClient) -> None:
    assert choose(client, "en") == "/sign-in"
    english = client.get("/sign-in")
    choose(client, "zh")

    assert '<html lang="en">' in english.get_data(as_text=True) and "Password" in words(english)
    assert "登录名" in words(client.get("/sign-in"))


def test_a_persons_choice_follows_them_to_another_browser(app: Flask, signed_in: Callable[[str], FlaskClient]) -> None:
    choose(signed_in("li.na"), "en")
    elsewhere = app.test_client()
    elsewhere.set_cookie("jiesu_language", "zh")

    sign_in(elsewhere, "li.na")

    assert "My tasks" in words(elsewhere.get("/tasks")) and "Li Na" in words(elsewhere.get("/tasks"))


@pytest.mark.parametrize(("locale", "back", "to"), [("fr", "/sign-in", "/sign-in"), ("en", "https://evil.example/", "/")])
def test_an_unknown_language_is_chinese_and_back_is_here(client: FlaskClient, locale: str, back: str, to: str) -> None:
    assert choose(client, locale, back) == to
    assert ('lang="en"' in client.get("/sign-in").get_data(as_text=True).split("<head>")[0]) == (locale == "en")


def test_errors_speak_the_readers_language(client: FlaskClient) -> None:
    choose(client, "en")

    assert "We could not find this" in words(client.get("/nothing-here"))


def test_every_sentence_has_an_english_one() -> None:
    with (TRANSLATIONS / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    with (TRANSLATIONS / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file)
    found = {message[2] for message in extract_from_dir(str(WEBAPP), methods, options)}

    missing = [text for text in found if not _translated(catalogue.get(text if isinstance(text, str) else text[0]))]
    assert missing == []
    unused = [message.id for message in catalogue if message.id and message.id not in found]
    assert unused == []


def test_translations_name_the_same_values() -> None:
    with (TRANSLATIONS / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file)

    for message in catalogue:
        for zh, en in zip(_texts(message.id), _texts(message.string), strict=True):
            assert sorted(re.findall(r"%\((\w+)\)", zh)) == sorted(re.findall(r"%\((\w+)\)", en)), zh
            assert not CHINESE.search(en.replace("接诉", "")), en


def test_no_chinese_stands_in_a_template_outside_a_translation() -> None:
    strays = []
    for template in sorted((WEBAPP / "templates").rglob("*.html")):
        text = re.sub(r"{#.*?#}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)
        text = re.sub(r"_\((\"[^\"]*\"|'[^']*')", "", text)
        for word in NOT_SENTENCES:
            text = text.replace(word, "")
        strays += [f"{template.name}: {line.strip()}" for line in text.splitlines() if CHINESE.search(line)]

    assert strays == []


@pytest.mark.parametrize(
    ("left", "zh", "en", "tone"),
    [
        (timedelta(hours=2, minutes=59), "剩余 2 小时", "2 hours left", "orange"),
        (timedelta(hours=-3), "已超时 3 小时", "3 hours overdue", "red"),
        (timedelta(seconds=30), "剩余 不到 1 分钟", "less than a minute left", "orange"),
        (timedelta(minutes=1), "剩余 1 分钟", "1 minute left", "orange"),
        (timedelta(hours=26), "剩余 1 天 2 小时", "1 day 2 hours left", "green"),
        (timedelta(days=6, hours=5), "剩余 6 天", "6 days left", "green"),
    ],
)
def test_what_is_left_is_said_in_words_and_colour(app: Flask, left: timedelta, zh: str, en: str, tone: str) -> None:
    said = {}
    for locale in ("zh", "en"):
        with app.test_request_context(), clock.pinned(NOON):
            g.locale = locale
            said[locale] = moments.remaining(NOON + left)
            assert moments.due_tone(NOON + left) == tone

    assert said == {"zh": zh, "en": en}


def test_moments_are_those_of_shanghai(app: Flask) -> None:
    with app.test_request_context(), clock.pinned(NOON):
        assert moments.moment(datetime(2026, 11, 22, 23, 4, tzinfo=UTC)) == "2026-11-23 07:04"
        assert moments.moment(None) == "—"
        assert moments.iso(NOON) == "2026-11-22T12:00+08:00"
        assert (moments.ago(NOON), moments.ago(NOON - timedelta(hours=3))) == ("刚刚", "3 小时前")


def _texts(value: str | tuple[str, ...] | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _translated(message: object) -> bool:
    return message is not None and all(_texts(message.string))  # type: ignore[attr-defined]
