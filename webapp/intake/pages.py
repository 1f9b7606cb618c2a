"""Choose the procedure, choose the unit, fill in the form: each step is left out where there is nothing to choose."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import g, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from engine import cases, runtime
from engine.cases import Registrable
from engine.errors import Invalid, JiesuError, NotAllowed, NotFound
from engine.forms import REFRESH, FieldError, from_fields
from engine.org import Unit
from engine.runtime.incidents import as_broken
from engine.store.answers import TokenReused
from webapp import forms
from webapp.database import store
from webapp.errors import status_of
from webapp.once import FIELD, once
from webapp.rights import needs
from webapp.words import Reader, Words

log = logging.getLogger("jiesu.web")


@dataclass(frozen=True, slots=True)
class Typed:
    """What has been typed into the form, and what is wrong with it."""

    fields: Mapping[str, list[str]]
    errors: tuple[FieldError, ...] = ()
    problem: JiesuError | None = None


class AlreadyRegistered(Invalid):
    """Somebody went back to a form that was sent, and changed it."""

    zh = "用这份表单已经登记过一件投诉，内容与现在的不同。确实要另外登记一件时，请再次提交。"
    en = "A complaint was already registered with this form, with other content. To register another one, send it again."


@needs("register")
def index() -> str | Response:
    """Let the person choose the procedure; with only one there is nothing to choose."""
    with store().reading() as db:
        found = cases.registrable(db, g.person.key)
    if len(found) == 1:
        return redirect(url_for("intake.show", procedure=found[0].procedure), 302)
    return render_template("intake/procedures.html", found=found)


@needs("register")
def show(procedure: str) -> str:
    """Show the registration form; ask for the unit first if the person registers for several."""
    with store().reading() as db:
        place = _place(db, procedure)
        unit = _unit(place)
        return render_template("intake/units.html", place=place) if unit is None else _page(db, place, unit, Typed({}))


@needs("register")
def register(procedure: str) -> Response:
    """Register the complaint once, and show its case; on any refusal the page comes back with all that was typed."""
    fields = request.form.to_dict(flat=False)
    if REFRESH in fields:
        return _again(procedure, Typed(fields))
    try:
        with store().writing() as db:
            return once(db, f"intake/{procedure}/{request.args.get('unit', '')}", lambda: _registered(db, procedure, fields))
    except runtime.FormErrors as problem:
        return _again(procedure, Typed(fields, problem.outcome.errors), 422)
    except (NotFound, NotAllowed, HTTPException):
        raise
    except TokenReused:
        return _again(procedure, Typed(fields | {FIELD: []}, problem=AlreadyRegistered()), 422)
    except JiesuError as problem:
        return _again(procedure, Typed(fields, problem=problem), status_of(problem))
    except Exception as problem:  # there is no case yet that an incident could stand on; what was typed stays
        log.error("request %s: registering under %s failed", g.get("request_id"), procedure, exc_info=problem)
        return _again(procedure, Typed(fields, problem=as_broken(problem)), 500)


def _registered(db: Connection, procedure: str, fields: Mapping[str, list[str]]) -> Response:
    unit = _unit(_place(db, procedure))
    if unit is None:
        raise NotFound
    form = cases.register_form(db, procedure, unit.key)[1]
    done = cases.register(db, cases.Registration(procedure, unit.key, from_fields(form, fields)), g.actor)
    return redirect(url_for("cases.show", number=done.number, registered=1), 303)


def _place(db: Connection, procedure: str) -> Registrable:
    """Return the procedure if the person may register under it; else it does not exist for them."""
    for found in cases.registrable(db, g.person.key):
        if found.procedure == procedure:
            return found
    raise NotFound


def _unit(place: Registrable) -> Unit | None:
    """Return the unit asked for, the only one, or None when the person must choose. Raises `NotFound` for another one."""
    asked = request.args.get("unit", "")
    if not asked:
        return place.units[0] if len(place.units) == 1 else None
    for unit in place.units:
        if asked == unit.slug:
            return unit
    raise NotFound


def _again(procedure: str, typed: Typed, status: int = 200) -> Response:
    with store().reading() as db:
        place = _place(db, procedure)
        unit = _unit(place)
        if unit is None:
            raise NotFound
        return Response(_page(db, place, unit, typed), status, mimetype="text/html")


def _page(db: Connection, place: Registrable, unit: Unit, typed: Typed) -> str:
    package, form, context, element = cases.register_form(db, place.procedure, unit.key)
    words = Words(package, Reader(g.person, g.org, g.locale))
    context = replace(context, labels=words.label)
    values = from_fields(form, typed.fields) if typed.fields else {}
    drawn = forms.render(form, values, typed.errors, context, g.locale)
    token = (typed.fields.get(FIELD) or [""])[-1]
    return render_template(
        "intake/form.html", place=place, unit=unit, element=element, words=words, form=drawn, problem=typed.problem, token=token
    )
