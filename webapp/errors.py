"""From an error to a page: the kinds of `engine.errors` become statuses here and nowhere else.

404 and 403 give no hint whether something exists. What nobody expected becomes a 500 with a number that also stands
in the log; the page says nothing of the cause.
"""

from __future__ import annotations

import logging

from flask import Flask, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError, validate_csrf
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response
from wtforms.validators import ValidationError

from engine.errors import Broken, Conflict, Invalid, JiesuError, NotAllowed, NotFound
from engine.store.database import DatabaseBusy, DatabaseUnreachable
from webapp.rights import SignInFirst

log = logging.getLogger("jiesu.web")

STATUS: tuple[tuple[type[JiesuError], int], ...] = (
    (DatabaseBusy, 503),
    (DatabaseUnreachable, 503),
    (NotFound, 404),
    (NotAllowed, 403),
    (Conflict, 409),
    (Invalid, 422),
    (Broken, 500),
)


def install(app: Flask) -> None:
    """Answer every error with a page."""
    app.register_error_handler(SignInFirst, ask_to_sign_in)
    app.register_error_handler(JiesuError, explain)
    app.register_error_handler(CSRFError, stale_page)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, unexpected)


def status_of(error: JiesuError) -> int:
    """Return the HTTP status of an error of ours."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def explain(error: JiesuError) -> Response:
    """Show the sentence of the error; for 404, 403 and a database that is away a plain one without hints."""
    status = status_of(error)
    if status >= 500:
        log.error("request %s: %s", g.get("request_id"), error.text("en"), exc_info=error)
    plain = status in (403, 404, 503) and not isinstance(error, DatabaseBusy)
    return page(status, _sentence(status) if plain else error.text(g.get("locale", "zh")))


def http_error(error: HTTPException) -> Response:
    """Show an error that the web layer itself found: unknown address, wrong method, too large, and the like."""
    if isinstance(error.response, Response):
        return error.response
    response = page(error.code or 500, _sentence(error.code or 500))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def stale_page(error: CSRFError) -> Response:
    """Explain that a form cannot be accepted as it came."""
    return page(400, _("这个页面已失效，您的操作没有保存。请返回上一页，刷新后重试。"))


def unexpected(error: Exception) -> Response:
    """Log what nobody expected, and show its number."""
    log.error("request %s: %s %s failed", g.get("request_id"), request.method, request.path, exc_info=error)
    return page(500, _sentence(500))


def ask_to_sign_in(error: SignInFirst) -> Response:
    """Send a visitor to the sign-in page and back; what was typed into a form meanwhile is kept on the page."""
    if request.method in ("GET", "HEAD"):
        back = request.full_path.rstrip("?")
        if request.headers.get("HX-Request"):
            return Response(status=401, headers={"HX-Redirect": url_for("auth.sign_in_page")})
        return redirect(url_for("auth.sign_in_page", next=back if back != "/" else None), 303)
    kept_path = request.full_path.rstrip("?")
    signing_in = render_template("auth/sign_in.html", kept=_own_fields(), kept_path=kept_path, expired=True)
    return Response(signing_in, 401, mimetype="text/html")


def page(status: int, sentence: str) -> Response:
    """Return the error page; to HTMX only the message, which it puts where the answer would have gone."""
    name = "errors/fragment.html" if request.headers.get("HX-Request") else "errors/page.html"
    text = render_template(name, status=status, sentence=sentence, title=_title(status))
    response = Response(text, status, mimetype="text/html")
    if status == 503:
        response.headers["Retry-After"] = "10"
    return response


def _own_fields() -> list[tuple[str, str]]:
    """Return the fields of a form if it came from one of our pages (nobody else's text is put before a person)."""
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return []
    return [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]


def _title(status: int) -> str:
    titles = {
        400: _("请求无法处理"),
        401: _("请先登录"),
        403: _("没有权限"),
        404: _("没有找到"),
        405: _("请求无法处理"),
        409: _("内容已被更改"),
        413: _("内容太大"),
        422: _("输入有误"),
        429: _("请稍后再试"),
        503: _("系统暂时不可用"),
    }
    return titles.get(status, _("请求无法处理") if status < 500 else _("系统出错"))


def _sentence(status: int) -> str:
    sentences = {
        403: _("您没有打开这个页面或执行此操作的权限。如有需要，请联系管理员。"),
        404: _("没有找到您要的内容，或者您无权查看。"),
        405: _("不能这样打开这个地址，请从页面上的按钮进入。"),
        413: _("提交的内容太大，请减少内容或附件后重试。"),
        429: _("操作过于频繁，请稍后再试。"),
        503: _("系统暂时不可用，请稍后再试；您的操作没有保存。"),
    }
    broken = _("系统出错，您的操作没有保存。请稍后重试；如仍出现，请把下面的编号告诉管理员。")
    return sentences.get(status, _("浏览器发来的请求无法处理，请返回上一页重试。") if status < 500 else broken)
