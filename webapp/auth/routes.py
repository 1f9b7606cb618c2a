"""The pages of signing in and out, the start page, and the language switch."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp import demo, language, menu
from webapp.auth import device, entry, queries, visitor
from webapp.database import store
from webapp.rights import PUBLIC, SIGNED_IN, needs
from webapp.security import local

blueprint = Blueprint("auth", __name__)
KEPT = "kept."
CSRF = "csrf_token"


@blueprint.get("/")
@needs(SIGNED_IN)
def start() -> Response | str:
    """Go to the first page this person may open; who has no role yet is told so."""
    entries = menu.entries()
    return redirect(entries[0].path, 303) if entries else render_template("auth/no_role.html")


@blueprint.get("/sign-in")
@needs(PUBLIC)
def sign_in_page() -> Response | str:
    """Ask for login and password."""
    target = local(request.args.get("next"))
    return redirect(target, 303) if g.person else _form(target)


@blueprint.post("/sign-in")
@needs(PUBLIC)
def sign_in() -> Response | str | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """Sign in; then go where the visitor wanted, or offer to send the form that a sign-in interrupted."""
    login, target = request.form.get("login", "").strip(), local(request.form.get("next"))
    try:
        token = entry.enter(login, request.form.get("password", ""), visitor.token())
    except entry.Refused as refused:
        return _form(target, error=refused.text(g.locale)), 422
    except entry.TooManyTries as refused:
        return _form(target, error=refused.text(g.locale)), 429, {"Retry-After": str(refused.seconds)}
    kept_path = local(request.form.get("kept_path"), "")
    session.clear()  # a CSRF token from before the sign-in is worth nothing afterwards
    page: Response = redirect(target, 303)
    if kept_path:
        page = Response(render_template("auth/resume.html", kept=_kept(), kept_path=kept_path), mimetype="text/html")
    return device.remember(visitor.keep(page, token), login)


@blueprint.post("/sign-out")
@needs(PUBLIC)
def sign_out() -> Response:
    """Sign out; harmless for whoever is not signed in."""
    if g.actor:
        entry.leave(visitor.token(), g.actor)
    proof = session.get(CSRF)
    session.clear()
    if proof:
        session[CSRF] = proof  # what is being typed in another tab can then still be kept and sent after the next sign-in
    flash(_("您已退出。"))
    return visitor.forget(redirect(url_for("auth.sign_in_page"), 303))


@blueprint.post("/language")
@needs(PUBLIC)
def choose_language() -> Response:
    """Switch the language: for this browser, and for the person if somebody is signed in."""
    chosen = request.form.get("locale", "")
    chosen = chosen if chosen in language.LOCALES else "zh"
    if g.person:
        with store().writing() as db:
            queries.set_locale(db, g.person.key, chosen)
    return language.remember(redirect(local(request.form.get("back")), 303), chosen)


def _form(target: str, error: str | None = None) -> str:
    kept_path = local(request.form.get("kept_path"), "")
    accounts = _demo_accounts() if current_app.config["DEMO"] else []
    return render_template("auth/sign_in.html", next=target, error=error, kept=_kept(), kept_path=kept_path, accounts=accounts)


def _kept() -> list[tuple[str, str]]:
    return [(name.removeprefix(KEPT), value) for name, value in request.form.items(multi=True) if name.startswith(KEPT)]


def _demo_accounts() -> list[demo.Account]:
    with store().reading() as db:
        return demo.accounts(db, g.locale)
