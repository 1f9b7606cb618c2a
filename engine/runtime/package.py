"""A release as the runtime needs it: everything parsed once, then shared by all cases that run on it.

`read_package` turns the files of a release into a `Package` and reports all findings at once; `package(db, key)`
reads it from the store and keeps it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from engine import bpmn, dmn
from engine import forms as form_schema
from engine.errors import Invalid, NotFound
from engine.model import Finding
from engine.runtime.language import SIGNATURES
from engine.runtime.sheets import Clause, Role, Settings, Variable, read_clauses, read_roles, read_settings, read_variables
from engine.store.tables import blob, release, resource


class PackageRefused(Invalid):
    """Files of a procedure that cannot run; `findings` says everything that is wrong."""

    zh = "流程资源有 {count} 处错误：{first}"
    en = "The resources have {count} errors: {first}"

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(count=len(findings), first=findings[0].zh if findings else "")
        self.findings = findings

    def text(self, locale: str = "zh") -> str:
        """Return the sentence with the first finding in the reader's language."""
        self.facts["first"] = self.findings[0].text(locale) if self.findings else ""
        return super().text(locale)


@dataclass(frozen=True, slots=True)
class Package:
    """One release, parsed. `decisions` maps each decision id to the model that holds it."""

    slug: str
    number: int
    release_key: int
    settings: Settings
    processes: bpmn.Processes
    decisions: Mapping[str, dmn.Model]
    forms: Mapping[str, form_schema.Form]
    roles: Mapping[str, Role]
    clauses: Mapping[str, Clause]
    variables: Mapping[str, Variable]
    files: Mapping[str, bytes]

    def element(self, process_id: str, element_id: str) -> bpmn.Element:
        """Return the element; KeyError if the release has none of that id."""
        return self.processes.process(process_id).elements[element_id]

    def form(self, element: bpmn.Element) -> form_schema.Form | None:
        """Return the form shown at a user task, if it names one."""
        return self.forms[element.form_id] if element.form_id else None

    def decide(self, decision_id: str, inputs: Mapping[str, Any], functions: Mapping[str, Any]) -> dmn.Result:
        """Evaluate one of the release's decisions."""
        return self.decisions[decision_id].decide(decision_id, inputs, functions)


def read_package(files: Mapping[str, bytes], slug: str = "", number: int = 0, release_key: int = 0) -> Package:
    """Parse the files of a release. Raises `PackageRefused` with every finding of every file."""
    findings: list[Finding] = []
    settings = _try(findings, lambda: read_settings(files.get("procedure.toml", b"")), Settings())
    processes = _try(findings, lambda: bpmn.read(_with(files, ".bpmn"), functions=SIGNATURES), None)
    decisions: dict[str, dmn.Model] = {}
    tables = _with(files, ".dmn")
    for name, data in tables.items():
        others = [other for key, other in tables.items() if key != name] if b"import" in data else []
        model = _try(findings, lambda data=data, others=others: dmn.read(data, functions=SIGNATURES, others=others), None, name)
        if model is not None:
            decisions.update(dict.fromkeys(model.decisions, model))
    shown: dict[str, form_schema.Form] = {}
    for name, data in _with(files, ".form").items():
        form = _try(findings, lambda data=data: form_schema.read(data), None, name)
        if form is not None:
            shown[form.id] = form
    roles = _try(findings, lambda: read_roles(files.get("roles.csv", b"")), {})
    clauses = _try(findings, lambda: read_clauses(files.get("clauses.csv", b"")), {})
    variables = _try(findings, lambda: read_variables(files.get("variables.csv", b"")), {})
    if findings or processes is None:
        raise PackageRefused(findings)
    findings = [*_unresolved(processes, shown, decisions), *_unknown_parts(settings, processes, decisions)]
    if findings:
        raise PackageRefused(findings)
    slug = slug or settings.slug
    return Package(slug, number, release_key, settings, processes, decisions, shown, roles, clauses, variables, dict(files))


def _unresolved(processes: bpmn.Processes, shown: Mapping[str, Any], decisions: Mapping[str, Any]) -> list[Finding]:
    """Return the forms and decisions that elements name and no file of the release holds."""
    found = []
    for process in (processes.process(key) for key in processes.ids):
        for element in process.elements.values():
            if element.form_id and element.form_id not in shown:
                found.append(_missing("form", "表单", element.form_id, process.file_name, element))
            if element.decision_id and element.decision_id not in decisions:
                found.append(_missing("decision", "决策", element.decision_id, process.file_name, element))
    return found


def _missing(what: str, zh: str, name: str, file: str, element: bpmn.Element) -> Finding:
    return Finding(
        rule=f"missing-{what}",
        zh=f"“{element.label}”引用的{zh}“{name}”不在本次提交的文件中；请一并提交，或更正名称。",
        en=f"{element.label!r} names the {what} {name!r}, which no file holds; deploy it together, or correct the name.",
        file=file,
        element=element.id,
        name=element.name,
        line=element.line,
    )


def _unknown_parts(settings: Settings, processes: bpmn.Processes, decisions: Mapping[str, Any]) -> list[Finding]:
    """Return what `procedure.toml` names and no file holds: the main process, its registering task, the decisions."""
    found = []
    wrong = [("main", settings.main)] if settings.main not in processes else []
    if not wrong and settings.register not in processes.process(settings.main).elements:
        wrong.append(("register", settings.register))
    wrong += [(part, name) for part in ("classify", "deadlines", "closing") if (name := getattr(settings, part)) and name not in decisions]
    for part, name in wrong:
        zh = f"procedure.toml：{part} 指向的“{name}”不在本次提交的文件中。"
        en = f"procedure.toml: {part} names {name!r}, which no file holds."
        found.append(Finding(rule="unknown-part", zh=zh, en=en, file="procedure.toml", name=name))
    return found


def _with(files: Mapping[str, bytes], ending: str) -> dict[str, bytes]:
    return {name: data for name, data in sorted(files.items()) if name.endswith(ending)}


def _try(findings: list[Finding], read: Any, otherwise: Any, file: str = "") -> Any:
    try:
        return read()
    except Invalid as problem:
        found = list(getattr(problem, "findings", ()))
        if not found:
            found = [Finding(rule="unreadable", zh=problem.text("zh"), en=problem.text("en"), file=file)]
        findings += [_named(item, file) for item in found]
        return otherwise


def _named(item: Finding, file: str) -> Finding:
    if item.file or not file:
        return item
    return Finding(item.rule, item.zh, item.en, file, item.element, item.name, item.line, item.severity)


_kept: OrderedDict[tuple[str, int], Package] = OrderedDict()
_lock = threading.Lock()
KEEP = 64


def package(db: Connection, release_key: int) -> Package:
    """Return the release, parsed. Raises `NotFound` if there is none of that key."""
    key = (str(db.engine.url), release_key)
    with _lock:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
            return found
    row = db.execute(select(release.c.procedure, release.c.number).where(release.c.key == release_key)).first()
    if row is None:
        raise NotFound
    files = read_files(db, release_key)
    found = read_package(files, row.procedure, row.number, release_key)
    with _lock:
        _kept[key] = found
        while len(_kept) > KEEP:
            _kept.popitem(last=False)
    return found


def read_files(db: Connection, release_key: int) -> dict[str, bytes]:
    """Return the files of a release by name."""
    query = select(resource.c.file_name, blob.c.content).join(blob, blob.c.sha256 == resource.c.sha256)
    return {name: bytes(content) for name, content in db.execute(query.where(resource.c.release_key == release_key))}
