"""What every answer carries and every request must satisfy: headers, content policy, cookies, sizes, host names."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from flask import Flask, g, request
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import BadRequest
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from webapp.config import Config

LARGEST_REQUEST = 20 * 1024 * 1024
LARGEST_FIELDS = 2 * 1024 * 1024
YEAR = 365 * 24 * 3600
NULL = "\0"

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

csrf = CSRFProtect()


class _Cookie(SecureCookieSessionInterface):
    """The page cookie (CSRF token and flashed messages) is sent over https only when it was set over https."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure


def protect(app: Flask, config: Config) -> None:
    """Set the limits and cookies of the application and the headers of its answers."""
    app.config.update(
        SECRET_KEY=config.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_FIELDS,
        SESSION_COOKIE_NAME="jiesu_page",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # bound to the page cookie instead: a long form does not expire while it is filled in
        WTF_CSRF_CHECK_DEFAULT=False,  # asked for in `check_csrf`, after the rights: who is signed out reads that first
    )
    app.session_interface = _Cookie()
    csrf.init_app(app)
    if config.proxies:
        count = config.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    if config.hosts:
        app.before_request(lambda: check_host(config.hosts))
    app.before_request(check_characters)
    app.after_request(add_headers)


def check_host(hosts: tuple[str, ...]) -> None:
    """Refuse a request under another name: a page elsewhere cannot reach us by naming its own host (DNS rebinding)."""
    try:
        name = urlsplit(f"//{request.host}").hostname
    except ValueError:
        name = None
    if name not in hosts:
        raise BadRequest


def check_characters() -> None:
    """Refuse an address with a null character in it: no name or number of ours has one, and PostgreSQL takes none."""
    if NULL in request.path or any(NULL in name + value for name, value in request.args.items(multi=True)):
        raise BadRequest


def check_csrf() -> None:
    """Refuse a changing request that was not sent from one of our pages (before every request, after the rights)."""
    csrf.protect()


def nonce() -> str:
    """Return the nonce of this answer's content policy: `<script nonce="{{ nonce() }}">`."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    value: str = g.nonce
    return value


def allow_inline_styles() -> None:
    """Let this one page style elements inline: the diagram viewer places its shapes that way."""
    g.inline_styles = True


def policy() -> str:
    """Return the Content-Security-Policy of this answer."""
    styles = "'self' 'unsafe-inline'" if g.get("inline_styles") else "'self'"
    return (
        f"default-src 'self'; script-src 'self' 'nonce-{nonce()}'; style-src {styles}; img-src 'self' data:; font-src 'self' data:; "
        "object-src 'none'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
    )


def add_headers(response: Response) -> Response:
    """Add the headers above; pages are never kept by a browser or proxy, because they show personal data."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", policy())
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("X-Request-Id", g.get("request_id", ""))
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}")
    return response


def local(target: str | None, default: str = "/") -> str:
    """Return `target` if it is a path of this site, else `default`; used for every redirect that a visitor may name."""
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return default
    if any(ord(char) <= 32 or ord(char) == 127 for char in target):
        return default
    parts = urlsplit(target)
    return default if parts.scheme or parts.netloc else target
