"""Claim, put back, complete: each once, each in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Connection
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from engine import runtime
from engine.cases import queries as cases
from engine.errors import Conflict, JiesuError, NotAllowed, NotFound
from engine.forms import REFRESH, from_fields
from engine.runtime import incidents, queries
from webapp.database import store
from webapp.errors import status_of
from webapp.once import once
from webapp.rights import needs
from webapp.tasks.page import Typed, shown_at, task_page
from webapp.words import Reader, Words

log = logging.getLogger("jiesu.web")
LOST = (runtime.TaskTaken, runtime.TaskGone, runtime.TaskWithdrawn)


@needs("work")
def claim(task_key: int) -> Response:
    """Take the task and open it."""
    said = _("已签收，请办理。")
    return _act(task_key, "claim", lambda db: runtime.claim(db, task_key, g.actor), url_for("tasks.show", task_key=task_key), said)


@needs("work")
def unclaim(task_key: int) -> Response:
    """Put the task back and return to the inbox."""
    said = _("已退回，其他人可以签收。")
    return _act(task_key, "unclaim", lambda db: runtime.unclaim(db, task_key, g.actor), url_for("tasks.inbox", tab="open"), said)


@needs("work")
def complete(task_key: int) -> Response:
    """Complete the task with what was typed; on any refusal the page comes back with all of it."""
    fields = request.form.to_dict(flat=False)
    if REFRESH in fields:
        return _page(task_key, Typed(fields))
    try:
        with store().writing() as db:
            response = once(db, f"tasks/{task_key}/complete", lambda: _completed(db, task_key, fields))
        flash(_("已提交。"), "success")
        return response
    except LOST as problem:
        return _faster(task_key, problem, fields)
    except runtime.FormErrors as problem:
        return _page(task_key, Typed(fields, errors=problem.outcome.errors), 422)
    except runtime.StaleValues as problem:
        return _page(task_key, Typed(fields, clashes=problem.changed), 409)
    except (NotFound, NotAllowed, HTTPException):
        raise
    except JiesuError as problem:
        if status_of(problem) == 500:
            return _failed(task_key, problem, fields)
        return _page(task_key, Typed(fields, problem=problem), status_of(problem))
    except Exception as problem:  # whatever it is, it becomes an incident and the person keeps what they typed
        return _failed(task_key, problem, fields)


def _completed(db: Connection, task_key: int, fields: dict[str, list[str]]) -> Response:
    form = queries.form_of(db, task_key)
    shown = shown_at(fields.get("_revision", [""])[-1])
    values = from_fields(form, fields) if form else {}
    submission = runtime.Submission(values, shown)
    done = runtime.complete(db, task_key, submission, g.actor)
    following = queries.next_in_case(db, queries.worker(g.org, g.person.key), done.case_key)
    return redirect(url_for("tasks.show", task_key=following) if following else url_for("tasks.inbox"), 303)


def _act(task_key: int, name: str, act: Callable[[Connection], None], to: str, said: str) -> Response:
    def acted(db: Connection) -> Response:
        act(db)
        return redirect(to, 303)

    try:
        with store().writing() as db:
            response = once(db, f"tasks/{task_key}/{name}", lambda: acted(db))
    except LOST as problem:
        return _faster(task_key, problem, {})
    flash(said, "success")
    return response


def _page(task_key: int, typed: Typed, status: int = 200) -> Response:
    with store().reading() as db:
        return Response(task_page(db, task_key, typed), status, mimetype="text/html")


def _failed(task_key: int, problem: Exception, fields: dict[str, list[str]]) -> Response:
    """The procedure failed behind the task: an incident for those who can mend it, the page again for who has typed."""
    log.error("request %s: completing task %s failed", g.get("request_id"), task_key, exc_info=problem)
    broken = incidents.as_broken(problem)
    try:
        with store().writing() as db:
            incidents.record_failure(db, task_key, broken, g.actor)
    except Exception:
        log.exception("request %s: the incident could not be written", g.get("request_id"))
    return _page(task_key, Typed(fields, problem=broken), 500)


def _faster(task_key: int, problem: Conflict, fields: dict[str, list[str]]) -> Response:
    """Say who was faster, and keep what was typed in sight so that it can be copied."""
    with store().reading() as db:
        task = runtime.open_task(db, task_key, g.person.key)
        values = from_fields(task.form, fields) if task.form and fields else {}
        may_read = cases.may_read(db, cases.reader(g.org, g.person.key), task.case.key)
    said = Words(task.package, Reader(g.person, g.org, g.locale))
    typed = [(said.variable(name) or name, said.value(name, value)) for name, value in values.items() if value not in (None, "", [])]
    title = _title(problem, task.task.completed_by == g.person.key)
    page = render_template("tasks/faster.html", title=title, problem=problem, task=task, typed=typed, may_read=may_read)
    return Response(page, 409, mimetype="text/html")


def _title(problem: Conflict, by_myself: bool) -> str:
    if isinstance(problem, runtime.TaskWithdrawn):
        return _("任务已由流程撤回")
    return _("您已办结这项任务") if by_myself else _("他人已先办理")
