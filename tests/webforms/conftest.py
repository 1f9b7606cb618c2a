"""A page with nothing but a form: strict content policy, our style sheets, htmx. What is sent comes back as JSON."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask, jsonify, render_template_string, request
from markupsafe import Markup
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from engine import forms
from tests.forms.building import context
from webapp.assets import FOLDER
from webapp.forms import render
from webapp.security import policy

PAGE = """<!doctype html><html lang="{{ 'en' if locale == 'en' else 'zh-CN' }}"><head><meta charset="utf-8"><title>Form</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="htmx-config" content='{"includeIndicatorCSS": false}'>
<link rel="stylesheet" href="/static/vendor/bootstrap/bootstrap.min.css"><link rel="stylesheet" href="/static/css/app.css">
<link rel="stylesheet" href="/static/css/staff.css">
<script defer src="/static/vendor/htmx/htmx.min.js"></script></head>
<body><main><h1>接诉</h1><section class="panel"><h2>{{ form.id }}</h2>
<form method="post" novalidate>{{ fields }}<button class="btn btn-primary" id="send">提交</button></form></section></main></body></html>"""


@dataclass
class Desk:
    """What lies on the page now: a form, the data of a case, a language."""

    form: forms.Form = field(default_factory=lambda: forms.Form("none", 19, ()))
    variables: dict[str, Any] = field(default_factory=dict)
    locale: str = "zh"

    def lay(self, form: forms.Form, variables: Mapping[str, Any] | None = None, locale: str = "zh") -> None:
        self.form, self.variables, self.locale = form, dict(variables or {}), locale

    @property
    def context(self) -> forms.Context:
        return context(self.variables)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def app(desk: Desk) -> Flask:
    app = Flask("webapp", template_folder="templates", static_folder=str(FOLDER), static_url_path="/static")
    app.config["TESTING"] = True

    def page(values: dict[str, Any], errors: tuple[forms.FieldError, ...] = ()) -> str:
        fields = render(desk.form, values, errors, desk.context, desk.locale)
        return render_template_string(PAGE, fields=fields, form=desk.form, locale=desk.locale)

    @app.get("/")
    def show() -> str:
        return page({})

    @app.post("/")
    def send() -> Response | str | tuple[str, int]:
        fields = request.form.to_dict(flat=False)
        submitted = forms.from_fields(desk.form, fields)
        if forms.REFRESH in fields:
            return page(submitted)
        outcome = forms.validate(desk.form, submitted, desk.context)
        return jsonify(outcome.values) if outcome.ok else (page(submitted, outcome.errors), 422)

    @app.get("/favicon.ico")
    def icon() -> tuple[str, int]:
        return "", 204

    @app.after_request
    def guard(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy()
        return response

    return app


@pytest.fixture
def html(app: Flask) -> Callable[..., Markup]:
    """Render a form without a page around it."""

    def rendered(
        form: forms.Form,
        values: Mapping[str, Any] | None = None,
        errors: tuple[forms.FieldError, ...] = (),
        locale: str = "zh",
        **variables: Any,
    ) -> Markup:
        with app.test_request_context():
            return render(form, values or {}, errors, context(variables), locale)

    return rendered


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The page in a server of its own; answers its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}/"
    server.shutdown()
    thread.join()
