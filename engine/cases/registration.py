"""Registering a complaint: the case, its number, its first instance and the completed `register` task, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from engine import forms
from engine.bpmn import Element
from engine.errors import NotAllowed, NotFound
from engine.model import Actor
from engine.org import Org, Unit, org_at
from engine.runtime.live import LiveCase
from engine.runtime.newcase import blank_case, new_case
from engine.runtime.package import Package, package
from engine.runtime.tasks import accept, completed_entry, finish
from engine.store.active import active_release, active_releases


@dataclass(frozen=True, slots=True)
class Registrable:
    """A procedure under which a person may register complaints, and for which units."""

    procedure: str
    title: str
    title_en: str
    release_key: int
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Registration:
    """What is to be registered: under which procedure, for which unit, with which values of the form."""

    procedure: str
    unit_key: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Registered:
    """The new case and its number."""

    case_key: int
    number: str


def registrable(db: Connection, person_key: int) -> list[Registrable]:
    """Return the procedures under which the person may register, with the units where they hold the registering role."""
    org = org_at(db)
    found = []
    for procedure, release_key in active_releases(db).items():
        pack = package(db, release_key)
        units = _units(pack, org, person_key)
        if units:
            found.append(Registrable(procedure, pack.settings.title, pack.settings.title_en, release_key, units))
    return found


def register_form(db: Connection, procedure: str, unit_key: int) -> tuple[Package, forms.Form, forms.Context, Element]:
    """Return what the registration page shows. Raises `NotFound` when the procedure is not active for the unit."""
    org = org_at(db)
    pack = _active(db, procedure, org, unit_key)
    element = pack.element(pack.settings.main, pack.settings.register)
    form = pack.form(element)
    if form is None:
        raise NotFound
    live = LiveCase(db, blank_case(pack, unit_key), [], org)
    context = forms.Context(variables={}, evaluate=lambda text, names: live.evaluate(text, names, element))
    return pack, form, context, element


def register(db: Connection, new: Registration, actor: Actor) -> Registered:
    """Register a complaint. Raises `NotAllowed`, `NotFound`, `FormErrors`, and `Broken` when the procedure fails behind it."""
    org = org_at(db)
    pack = _active(db, new.procedure, org, new.unit_key)
    if actor.person_key is None or new.unit_key not in [unit.key for unit in _units(pack, org, actor.person_key)]:
        raise NotAllowed
    row = new_case(db, pack, new.unit_key, actor.person_key)
    live = LiveCase(db, row, [], org)
    live.person_key = actor.person_key
    instance_key = live.start(pack.settings.main)
    element = pack.element(pack.settings.main, pack.settings.register)
    task_key = next(token.key for token in live.machine(instance_key).open if token.element.id == element.id)
    scope = live.machine(instance_key).scope(task_key)
    context = forms.Context(variables=scope, evaluate=lambda text, names: live.evaluate(text, names, element))
    accepted = accept(live, pack.form(element), context, new.values)
    finish(live, instance_key, task_key, accepted)
    facts = {"number": row.number, "procedure": pack.slug, "release": str(pack.release_key), "unit": str(new.unit_key)}
    facts |= {"release_number": pack.number, "task": str(task_key), "process": element.process_id, "element": element.id}
    live.save(actor, completed_entry(live, facts | accepted.facts, accepted, "case.registered"))
    return Registered(row.key, row.number)


def _active(db: Connection, procedure: str, org: Org, unit_key: int) -> Package:
    release_key = active_release(db, procedure, org.upward(unit_key))
    if release_key is None:
        raise NotFound
    return package(db, release_key)


def _units(pack: Package, org: Org, person_key: int) -> tuple[Unit, ...]:
    """Return the units where the person holds a role that registers. A case's unit is where the registrar stands."""
    element = pack.element(pack.settings.main, pack.settings.register)
    roles = set((element.candidate_groups or "").replace(",", " ").split())
    keys = dict.fromkeys(hold.unit_key for hold in org.holds(person_key) if hold.role in roles and hold.substitute_for is None)
    return tuple(org.units[key] for key in keys)
