"""The pages. `create_app(config)` makes the Flask application; everything it does stands in the modules named here."""

from __future__ import annotations

import secrets

from flask import Flask, g

from webapp import (
    addresses,
    assets,
    auth,
    cases,
    database,
    errors,
    health,
    intake,
    language,
    menu,
    moments,
    once,
    procedures,
    rights,
    security,
    tasks,
)
from webapp.config import Config, from_environment


def create_app(config: Config | None = None) -> Flask:
    """Return the application for `config` (default: what the environment says). It opens no connection yet."""
    config = config or from_environment()
    app = Flask("webapp", static_folder=None)
    app.config["DEMO"] = config.demo
    addresses.limit(app)
    app.before_request(number_request)
    security.protect(app, config)
    database.attach(app, config.database_url)
    language.speak(app)
    assets.serve(app)
    moments.install(app)
    errors.install(app)
    health.install(app)
    app.jinja_env.globals.update(
        nonce=security.nonce, once_token=once.new_token, menu_entries=menu.entries, html_lang=language.html_lang, app_name="接诉"
    )
    for step in (auth.identify, language.choose, rights.check, security.check_csrf):
        app.before_request(step)
    for audience in (auth, tasks, intake, cases, procedures):
        app.register_blueprint(audience.blueprint)
    return app


def number_request() -> None:
    """Give the request the number that stands in the log and on an error page; nobody is known yet."""
    g.request_id = secrets.token_hex(5)
    g.person = g.actor = g.org = None
