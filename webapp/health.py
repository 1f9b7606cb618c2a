"""/healthz: is the database reachable and current? For load balancers and for whoever watches the installation."""

from __future__ import annotations

from functools import lru_cache

from flask import Flask, jsonify
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from engine.errors import JiesuError
from engine.store import migrations
from webapp.database import store
from webapp.rights import PUBLIC, needs


def install(app: Flask) -> None:
    """Serve /healthz."""
    app.add_url_rule("/healthz", "healthz", healthz)


@needs(PUBLIC)
def healthz() -> Response:
    """Answer 200 `{"status": "ok"}`, or 503 with `database unreachable` or `database not current`."""
    try:
        current = migrations.revision(store()) == _head()
    except (JiesuError, SQLAlchemyError):
        return _answer(503, "database unreachable")
    return _answer(200, "ok") if current else _answer(503, "database not current")


def _answer(code: int, status: str) -> Response:
    response = jsonify(status=status)
    response.status_code = code
    return response


@lru_cache(maxsize=1)
def _head() -> str:
    return migrations.head()
