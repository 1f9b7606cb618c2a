"""Chinese unless the person or this browser chose English. What a browser claims to prefer is never asked first:
offices run English systems, and a clerk who reads Chinese should not have to look for the switch."""

from __future__ import annotations

from flask import Flask, g, request
from flask_babel import Babel
from werkzeug.wrappers import Response

from engine import clock

LOCALES = ("zh", "en")
COOKIE = "jiesu_language"
YEAR = 365 * 24 * 3600


def speak(app: Flask) -> None:
    """Set up the translations. The sentences in the code are Chinese and are their own keys."""
    app.config.update(BABEL_DEFAULT_LOCALE="zh", BABEL_DEFAULT_TIMEZONE=str(clock.ZONE))
    Babel(app, locale_selector=lambda: g.get("locale", "zh"))


def choose() -> None:
    """Set `g.locale` (before every request, once the person is known): person's choice, cookie, Chinese."""
    wanted = g.get("person_locale") or request.cookies.get(COOKIE)
    g.locale = wanted if wanted in LOCALES else "zh"


def remember(response: Response, locale: str) -> Response:
    """Keep the choice in this browser for a year."""
    response.set_cookie(COOKIE, locale, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def html_lang() -> str:
    """Return the value of `<html lang>`."""
    return "en" if g.get("locale") == "en" else "zh-CN"
