"""The task page: what is to be done and why, what is known of the case, the form, what has happened so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import g, render_template
from markupsafe import Markup
from sqlalchemy import Connection

from engine import runtime
from engine.cases import queries as cases
from engine.errors import JiesuError
from engine.forms import Context, FieldError, from_fields
from engine.store import loads
from webapp import forms
from webapp.database import store
from webapp.rights import needs
from webapp.words import Reader, Words, readable, words


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody has typed into the form of a task, and what is wrong with it. Without fields the page is opened anew."""

    fields: Mapping[str, list[str]] | None = None
    errors: tuple[FieldError, ...] = ()
    problem: JiesuError | None = None
    clashes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)

    def one(self, name: str) -> str:
        """Return the value of a field of the page itself (token, revision)."""
        return (self.fields or {}).get(name, [""])[-1]


@dataclass(frozen=True, slots=True)
class Clash:
    """A value that somebody changed meanwhile: as it was shown, as it is, as this person wants it."""

    label: str
    before: str
    now: str
    mine: str


@needs("work", "read_case", "register")
def show(task_key: int) -> str:
    """Show a task; to whoever may read the case but not work on it, without a form to send."""
    with store().reading() as db:
        return task_page(db, task_key)


def task_page(db: Connection, task_key: int, typed: Typed | None = None) -> str:
    """Return the page of a task, with what was typed. Raises `NotFound` as `runtime.open_task` does."""
    typed = typed or Typed()
    task = runtime.open_task(db, task_key, g.person.key)
    events = cases.events(db, task.case.key)
    reader = Reader(g.person, g.org, g.locale)
    said = words(db, task.package, reader, task.case, [task.variables, *(event.facts for event in events)])
    values = from_fields(task.form, typed.fields) if task.form and typed.fields is not None else {}
    return render_template(
        "tasks/task.html",
        task=task,
        words=said,
        facts=said.facts(task.variables),
        form=_form(task, said, values, typed.errors),
        events=events,
        deadline=runtime.explain(task.task.due_at, loads(task.task.due_facts), task.package.variables, g.locale),
        revision=_revision(task, typed),
        token=typed.one("_token"),
        problem=typed.problem,
        clashes=[_clash(said, name, pair, values) for name, pair in typed.clashes.items()],
        mine=task.task.assignee_key == g.person.key,
        may_read=cases.may_read(db, cases.reader(g.org, g.person.key), task.case.key),
    )


def context(task: runtime.OpenTask, said: Words) -> Context:
    """Return the context in which this reader sees the form."""
    variables = readable(said, task.variables, task.case.unit_key)
    return replace(task.context, variables=variables, labels=said.label)


def _form(task: runtime.OpenTask, said: Words, values: Mapping[str, Any], errors: tuple[FieldError, ...]) -> Markup | None:
    return forms.render(task.form, values, errors, context(task, said), g.locale) if task.form else None


def _revision(task: runtime.OpenTask, typed: Typed) -> int:
    """Return the revision the form is shown at: the first one, until a clash has been shown; then the present one."""
    shown = shown_at(typed.one("_revision"))
    return task.case.audit_seq if shown is None or typed.clashes else shown


def shown_at(text: str) -> int | None:
    """Return the revision that a page says it was shown at, None if it says nothing that could be one."""
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _clash(said: Words, name: str, pair: tuple[Any, Any], values: Mapping[str, Any]) -> Clash:
    before, now = (said.value(name, value) for value in pair)
    return Clash(said.variable(name) or name, before, now, said.value(name, values.get(name)))
