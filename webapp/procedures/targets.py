"""Where a clause is carried out: `main.bpmn#register` as the name of the step, with the page that shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from engine import forms
from webapp.procedures.shelf import Open

LATER = "later:"


@dataclass(frozen=True, slots=True)
class Target:
    """A place in a resource: what it is called, its reference as written, and its page (None if there is none)."""

    name: str
    reference: str
    address: str | None


def places(found: Open) -> dict[str, Target]:
    """Return every place that a clause may name, by `file#element`."""
    return {target.reference: target for target in (*_steps(found), *_rules(found), *_fields(found))}


def target(reference: str, known: dict[str, Target]) -> Target:
    """Return the place of a reference; one that names no place stands for itself, `later:` for what a later release brings."""
    if reference == LATER:
        return Target(_("以后的版本"), reference, None)
    return known.get(reference) or Target(reference, reference, None)


def _steps(found: Open) -> list[Target]:
    targets = []
    for process in (found.package.processes.process(key) for key in found.package.processes.ids):
        address = _address(found, tab="diagrams", diagram=process.id)
        name = process.name_en if found.words.reader.locale == "en" and process.name_en else process.name
        targets.append(Target(name or process.id, process.file_name, address))
        for element in process.elements.values():
            targets.append(Target(found.words.element(element), f"{process.file_name}#{element.id}", address))
    return targets


def _rules(found: Open) -> list[Target]:
    targets = []
    for file, data in found.package.files.items():
        if not file.endswith(".dmn"):
            continue
        for identifier, model in found.package.decisions.items():
            if f'id="{identifier}"'.encode() not in data:
                continue
            name = found.words.decision(identifier)
            address = url_for("procedures.decision", slug=found.row.procedure, number=found.row.number, decision=identifier)
            targets.append(Target(name, f"{file}#{identifier}", address))
            table = model.decisions[identifier].table
            for number, rule in enumerate(table.rules if table else (), 1):
                said = _("%(name)s第 %(number)s 条", name=name, number=number)
                targets.append(Target(said, f"{file}#{rule.id}", f"{address}#{rule.id}"))
    return targets


def _fields(found: Open) -> list[Target]:
    targets = []
    for file, data in found.package.files.items():
        form = next((form for form in found.package.forms.values() if f'"{form.id}"'.encode() in data), None)
        if not file.endswith(".form") or form is None:
            continue
        address = _address(found, tab="forms", _anchor=form.id)
        targets.append(Target(form.id, file, address))
        targets += [Target(_label(part, found), f"{file}#{key}", address) for part in form.walk() for key in {part.key, part.id} - {""}]
    return targets


def _label(part: forms.Component, found: Open) -> str:
    return part.text("label", found.words.reader.locale) or part.key or part.id


def _address(found: Open, **query: Any) -> str:
    return url_for("procedures.release", slug=found.row.procedure, number=found.row.number, **query)
