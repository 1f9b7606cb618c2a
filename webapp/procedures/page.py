"""The page of a procedure at one release: what it says, its diagrams, decisions, forms, and all its releases."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import g, render_template, request
from flask_babel import gettext as _

from engine import bpmn, forms
from engine.forms.model import INPUTS
from engine.releases import queries, warnings
from webapp.database import store
from webapp.procedures import shelf, targets, trial, wording
from webapp.procedures.shelf import Open
from webapp.rights import needs
from webapp.security import allow_inline_styles


class Tab(StrEnum):
    """The parts of the page."""

    ABOUT = "about"
    DIAGRAMS = "diagrams"
    DECISIONS = "decisions"
    FORMS = "forms"
    RELEASES = "releases"


@dataclass(frozen=True, slots=True)
class Shown:
    """A form: its id, at which steps it is filled in, and its questions as (label, kind)."""

    id: str
    steps: tuple[str, ...]
    questions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """The diagram that is open: its process, its address for the viewer, the steps in it, and the processes it calls (name, id)."""

    process: bpmn.Process
    name: str
    steps: tuple[tuple[str, str, str], ...]
    calls: tuple[tuple[str, str, str], ...]


@needs(*shelf.READS)
def show(slug: str, number: int | None = None) -> str:
    """Show one part of a procedure, at the release of this number or the one in force."""
    asked = request.args.get("tab", "")
    tab = Tab(asked) if asked in set(Tab) else Tab.ABOUT
    with store().reading() as db:
        found = shelf.opened(db, slug, number)
        files = queries.resources(db, found.row.key) if tab is Tab.RELEASES else ()
    parts: dict[Tab, Any] = {
        Tab.ABOUT: _about,
        Tab.DIAGRAMS: _diagrams,
        Tab.DECISIONS: _decisions,
        Tab.FORMS: _forms,
        Tab.RELEASES: lambda found: {"files": files, "findings": warnings(found.package) if shelf.author() else ()},
    }
    names = {
        Tab.ABOUT: _("条款"),
        Tab.DIAGRAMS: _("流程图"),
        Tab.DECISIONS: _("决策"),
        Tab.FORMS: _("表单"),
        Tab.RELEASES: _("版本"),
    }
    shared = {"found": found, "title": shelf.title(found.package), "tab": tab, "tabs": names}
    shared |= {"status": wording.status, "actor": shelf.actor}
    return render_template("procedures/procedure.html", **shared, **parts[tab](found))


def _about(found: Open) -> dict[str, Any]:
    known = targets.places(found)
    clauses = [(clause, [targets.target(name, known) for name in clause.target]) for clause in found.package.clauses.values()]
    return {"clauses": clauses, "kind": wording.clause_kind, "support": wording.support}


def _diagrams(found: Open) -> dict[str, Any]:
    processes = found.package.processes
    asked = request.args.get("diagram", "")
    process = processes.process(asked if asked in processes else found.package.settings.main)
    allow_inline_styles()
    return {"drawing": _drawing(process, found), "processes": [(key, _name(processes.process(key))) for key in processes.ids]}


def _drawing(process: bpmn.Process, found: Open) -> Drawing:
    words = found.words
    steps = []
    for element in process.elements.values():
        if element.name and element.kind.endswith("Task") and element.kind != "scriptTask":
            roles = (element.candidate_groups or "").replace(",", " ").split()
            names = [] if (element.candidate_groups or "").startswith("=") else [words.role(role) for role in roles]
            clauses = " ".join(clause.id for clause in words.clauses(element))
            steps.append((words.element(element), "、".join(names) if g.locale == "zh" else ", ".join(names), clauses))
    called = [element for element in process.elements.values() if (element.called_process or "") in found.package.processes]
    calls = tuple((element.id, words.element(element), str(element.called_process)) for element in called)
    return Drawing(process, _name(process), tuple(steps), calls)


def _decisions(found: Open) -> dict[str, Any]:
    used: dict[str, list[str]] = {}
    for process in (found.package.processes.process(key) for key in found.package.processes.ids):
        for element in process.elements.values():
            if element.decision_id:
                used.setdefault(element.decision_id, []).append(found.words.element(element))
    settings = found.package.settings
    for key, name in ((settings.classify, _("判定级别")), (settings.deadlines, _("时限")), (settings.closing, _("归档检查"))):
        if key:
            used.setdefault(key, []).insert(0, name)
    return {"subjects": trial.subjects(found.package).values(), "used": used, "kind": wording.decision_kind}


def _forms(found: Open) -> dict[str, Any]:
    steps: dict[str, list[str]] = {}
    for process in (found.package.processes.process(key) for key in found.package.processes.ids):
        for element in process.elements.values():
            if element.form_id:
                steps.setdefault(element.form_id, []).append(found.words.element(element))
    forms_ = found.package.forms.values()
    return {"forms": [Shown(form.id, tuple(dict.fromkeys(steps.get(form.id, ()))), tuple(_questions(form, found))) for form in forms_]}


def _questions(form: forms.Form, found: Open) -> list[tuple[str, str]]:
    asked = []
    for part in form.walk():
        if part.key and part.type in INPUTS:
            asked.append((part.text("label", g.locale) or found.words.variable(part.key) or part.key, part.key))
    return asked


def _name(process: bpmn.Process) -> str:
    return (process.name_en if g.locale == "en" and process.name_en else process.name) or process.id
