"""A decision of a release: its table, and a form made from its inputs to try it. Everything stands in the address; nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g, render_template, request
from flask_babel import gettext as _
from sqlalchemy import Connection

from engine import feel
from webapp.database import store
from webapp.decisions import Cell, Drawn, cell, draw, draw_runs, title
from webapp.procedures import fields, shelf, trial, wording
from webapp.procedures.shelf import Open
from webapp.procedures.trial import Outcome, Subject
from webapp.rights import needs

TRY = "_try"  # the field that says the form was sent


@dataclass(frozen=True, slots=True)
class Answer:
    """What came out, for the page: the value, as rows if it is a list of contexts, what was decided on the way, warnings, the error."""

    value: Cell | None
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    decided: tuple[tuple[str, Cell], ...]
    warnings: tuple[str, ...]
    error: str


@needs(*shelf.READS)
def try_out(slug: str, number: int, decision: str) -> str:
    """Show a decision or decision service, and what it answers to the values in the address."""
    with store().reading() as db:
        found = shelf.opened(db, slug, number)
        subject = trial.subject(found.package, decision)
        typed = request.args if TRY in request.args else None
        asked, values = fields.fill(subject.questions, found.words, typed)
        wrong = [field for field in asked if field.error]
        outcome = _outcome(db, subject, values) if typed is not None and not wrong else None
    return render_template(
        "procedures/decision.html",
        found=found,
        title=shelf.title(found.package),
        subject=subject,
        name=_name(subject, found),
        kind=wording.decision_kind(subject.kind),
        status=wording.status,
        fields=asked,
        wrong=[(f"v-{place}", _wrong(field)) for place, field in enumerate(asked) if field.error],
        answer=_answer(subject, outcome, found) if outcome else None,
        clashing=outcome.clashing if outcome else (),
        clashing_in=title(found.words, subject.model, outcome.clashing_in) if outcome else "",
        tables=_tables(subject, outcome, found),
        required=_required(subject, found),
    )


def _wrong(field: fields.Field) -> str:
    return _("%(label)s：%(error)s", label=field.label, error=field.error)


def _outcome(db: Connection, subject: Subject, values: dict[str, Any]) -> Outcome:
    sent = [name for name in request.args if name != TRY]
    extra: dict[str, Any] = dict.fromkeys(name for name in sent if name not in values)
    return trial.attempt(db, subject, values | extra)


def _tables(subject: Subject, outcome: Outcome | None, found: Open) -> tuple[Drawn, ...]:
    """Return the tables as they ran; before that, and for those that did not run, as they are written."""
    ran = draw_runs(subject.model, outcome.result.tables, found.words) if outcome and outcome.result else ()
    names = {drawn.name for drawn in ran}
    written = []
    for identifier in _involved(subject):
        decision = subject.model.decisions[identifier]
        name = found.words.decision(identifier)
        if decision.table is not None and name not in names:
            written.append(draw(decision.table, name, found.words))
    return (*ran, *written)


def _involved(subject: Subject) -> list[str]:
    """Return the decisions behind the subject, itself last."""
    order: list[str] = []

    def visit(identifier: str) -> None:
        decision = subject.model.decisions.get(identifier)
        if decision is None or identifier in order:
            return
        order.append(identifier)
        for required in decision.requires:
            visit(required)

    service = subject.service
    for identifier in service.decides if service else (subject.id,):
        visit(identifier)
    return order[::-1]


def _required(subject: Subject, found: Open) -> list[tuple[str, str]]:
    """Return the other decisions of this file that take part, as (id, name)."""
    return [(identifier, found.words.decision(identifier)) for identifier in _involved(subject) if identifier != subject.id]


def _answer(subject: Subject, outcome: Outcome, found: Open) -> Answer:
    warnings = tuple(_warned(warning, found) for warning in outcome.warnings)
    if outcome.result is None:
        return Answer(None, (), (), (), warnings, outcome.error.text(g.locale) if outcome.error else "")
    result = outcome.result
    value = feel.to_json(result.value)
    columns, rows = _rows(value, subject, found)
    decided = tuple((title(found.words, subject.model, name), cell(found.words, name, item)) for name, item in result.decisions.items())
    return Answer(cell(found.words, _own(subject), result.value), columns, rows, decided, warnings, "")


def _rows(value: Any, subject: Subject, found: Open) -> tuple[tuple[str, ...], tuple[tuple[Cell, ...], ...]]:
    """Return a context, or a list of contexts, as columns and rows; nothing for other values."""
    lines = value if isinstance(value, list) else [value]
    if not lines or not all(isinstance(line, dict) for line in lines):
        return (), ()
    keys = list(dict.fromkeys(key for line in lines for key in line))
    table = subject.decision.table if subject.decision else None
    labels = {column.name: column.label for column in (table.outputs if table else ())}
    english = g.locale == "en"
    heads = tuple((found.words.variable(key) if english else labels.get(key)) or found.words.variable(key) or key for key in keys)
    return heads, tuple(tuple(cell(found.words, key, line.get(key)) for key in keys) for line in lines)


def _own(subject: Subject) -> str:
    """Return the variable whose names of values fit the answer: the only output of a table."""
    table = subject.decision.table if subject.decision else None
    return table.outputs[0].name if table and len(table.outputs) == 1 else ""


def _warned(warning: feel.Warning, found: Open) -> str:
    """Return a warning in people's words; a name is followed by what it is called."""
    said = warning.text(g.locale)
    known = found.words.variable(warning.name)
    return _("%(sentence)s（%(label)s）", sentence=said, label=known) if known and known not in said else said


def _name(subject: Subject, found: Open) -> str:
    return found.words.decision(subject.id) if subject.decision else subject.name
