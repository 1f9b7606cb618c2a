"""A device on which somebody has signed in before, known by a signed cookie that names a digest of the login."""

from __future__ import annotations

import hashlib
import secrets

from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

COOKIE = "jiesu_device"
HALF_YEAR = 180 * 24 * 3600


def known(login: str) -> str | None:
    """Return this device's id if `login` has signed in on it within half a year, else None."""
    try:
        login_digest, device = _signer().loads(request.cookies.get(COOKIE, ""), max_age=HALF_YEAR)
    except (BadData, TypeError, ValueError):
        return None
    return str(device) if secrets.compare_digest(str(login_digest), _digest(login)) else None


def remember(response: Response, login: str) -> Response:
    """Make this device known for `login`; the one who signed in last on a shared device counts."""
    value = _signer().dumps([_digest(login), known(login) or secrets.token_urlsafe(12)])
    response.set_cookie(COOKIE, value, max_age=HALF_YEAR, httponly=True, samesite="Lax", secure=request.is_secure, path="/sign-in")
    return response


def _digest(login: str) -> str:
    return hashlib.sha256(login.encode()).hexdigest()[:32]


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="jiesu device")
