"""Names in FEEL that nothing explains: no variable of `variables.csv`, no form field, no mapping or result, no host function.

At run time such a name is null. The check warns and refuses nothing: a message from outside may bring the variable along.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from engine import feel
from engine.bpmn import Element, Process
from engine.bpmn.expressions import texts
from engine.feel.syntax import Filter, Name
from engine.forms import expressions as form_texts
from engine.model import Finding, Severity
from engine.runtime.language import SIGNATURES
from engine.runtime.package import Package

OF_THE_ENGINE = frozenset({"caseNumber", "taskDue", "loopCounter", "handledTimes"})
OF_DEADLINES = frozenset({"stage", "level", "category"})  # what `due(stage)` gives the table of deadlines


def check(package: Package) -> list[Finding]:
    """Return a warning for each place and name, in the order of the files."""
    scopes = _Scopes(package)
    found = [*_diagrams(package, scopes), *_decisions(package, scopes), *_forms(package, scopes)]
    return list(dict.fromkeys(found))


class _Scopes:
    """Which names are there: everywhere in the release, and inside of an element (input mappings, items of a multi-instance)."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.processes = [package.processes.process(key) for key in package.processes.ids]
        self.everywhere = frozenset(_everywhere(package, self.processes))
        self._of_process: dict[str, set[str]] = {process.id: set() for process in self.processes}
        for _ in self.processes:  # a call may stand in a process that is called itself
            for process in self.processes:
                for element in process.elements.values():
                    if element.called_process in self._of_process:
                        self._of_process[element.called_process] |= self.at(process, element)

    def at(self, process: Process, element: Element | None) -> set[str]:
        """Return the local names an element sees, those of the scopes around it included."""
        found = set(self._of_process[process.id])
        while element is not None:
            found |= {_root(mapping.target) for mapping in element.inputs}
            if element.loop is not None:
                found.add(element.loop.input_element)
            around = element.scope or element.attached_to
            element = process.elements.get(around) if around else None
        return found

    def unexplained(self, names: Any, local: set[str] | frozenset[str] = frozenset()) -> list[str]:
        """Return those of the names that nothing explains."""
        return sorted(set(names) - self.everywhere - local)


def _everywhere(package: Package, processes: list[Process]) -> Iterator[str]:
    yield from package.variables
    yield from SIGNATURES
    yield from OF_THE_ENGINE
    settings = package.settings
    yield from (*settings.classify_result.values(), settings.subject, settings.category, settings.urgent)
    for form in package.forms.values():
        yield from (_root(part.key) for part in form.walk() if part.key)
    for element in (element for process in processes for element in process.elements.values()):
        yield from (_root(mapping.target) for mapping in element.outputs)
        yield element.result_variable or ""
        yield element.loop.output_collection if element.loop else ""


def _diagrams(package: Package, scopes: _Scopes) -> Iterator[Finding]:
    for process in scopes.processes:
        for element in process.elements.values():
            for where, text in texts(element):
                for name in scopes.unexplained(_names(text[1:]), scopes.at(process, element)):
                    yield _finding(name, process.file_name, element.id, element.label, element.line, where)
        for flow in process.flows.values():
            source = process.elements.get(flow.source)
            if flow.condition and source is not None:
                around = process.elements.get(source.scope) if source.scope else None
                for name in scopes.unexplained(_names(flow.condition[1:]), scopes.at(process, around)):
                    yield _finding(name, process.file_name, flow.id, flow.name or flow.id, flow.line, "condition")


def _decisions(package: Package, scopes: _Scopes) -> Iterator[Finding]:
    local: dict[str, set[str]] = {package.settings.deadlines: set(OF_DEADLINES)}
    for process in scopes.processes:
        for element in process.elements.values():
            if element.decision_id:
                local.setdefault(element.decision_id, set()).update(scopes.at(process, element))
    anyone = set().union(*local.values())  # a required decision sees what the one that requires it sees
    for identifier, model in package.decisions.items():
        decision = model.decisions[identifier]
        for name in scopes.unexplained(decision.inputs, local.get(identifier, anyone)):
            yield _finding(name, _file_of(package, identifier), identifier, decision.name, None, "decision")


def _forms(package: Package, scopes: _Scopes) -> Iterator[Finding]:
    shown: dict[str, set[str]] = {}
    for process in scopes.processes:
        for element in process.elements.values():
            if element.form_id:
                shown.setdefault(element.form_id, set()).update(scopes.at(process, element))
    for form in package.forms.values():
        for component in form.walk():
            for where, text in form_texts.of(component):
                for name in scopes.unexplained(_names(text), shown.get(form.id, set()) | {"this", "parent", "i"}):
                    yield _finding(name, _file_of(package, form.id), component.id, component.label or component.id, None, where)


def _names(text: str) -> set[str]:
    """Return the names a text reads from outside. In `xs[a > 1]` the name `a` may be an entry of the items, so it is left out."""
    compiled = feel.compile(text, functions=SIGNATURES)
    return set(compiled.variables) & _outside_filters(compiled.tree)


def _outside_filters(node: Any) -> set[str]:
    if isinstance(node, Name):
        return {node.name}
    if isinstance(node, list | tuple):
        return set().union(*map(_outside_filters, node))
    if not is_dataclass(node):
        return set()
    parts = [getattr(node, part.name) for part in fields(node) if not (isinstance(node, Filter) and part.name == "condition")]
    return _outside_filters(parts)


def _root(path: str) -> str:
    return path.split(".")[0]


def _file_of(package: Package, identifier: str) -> str:
    """Return the file that holds an id of a decision or form."""
    wanted = (f'id="{identifier}"'.encode(), f'"id": "{identifier}"'.encode(), f'"id":"{identifier}"'.encode())
    endings = (".dmn", ".form")
    return next((name for name, data in package.files.items() if name.endswith(endings) and any(part in data for part in wanted)), "")


def _finding(name: str, file: str, element: str, label: str, line: int | None, where: str) -> Finding:
    return Finding(
        rule="unknown-name",
        zh=f"“{label}”（{where}）用到的名称“{name}”没有来源，运行时是空值。请更正拼写，或把它写入 variables.csv。",
        en=f"“{label}” ({where}) uses the name {name!r}, which nothing explains; it will be null. Correct it or add it to variables.csv.",
        file=file,
        element=element,
        name=name,
        line=line,
        severity=Severity.WARNING,
    )
