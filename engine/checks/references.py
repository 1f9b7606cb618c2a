"""What the files of a release say of each other must agree: roles that tasks name, kinds of personal data, clause targets.

A task for a role nobody can hold, or a form that treats as ordinary what `variables.csv` calls personal, is an error; a
clause whose place does not exist deserves a look.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn import Element
from engine.model import Finding, Severity
from engine.runtime.package import Package

LATER = "later:"  # a target that begins so says which file will come


def check(pack: Package) -> list[Finding]:
    """Return all disagreements; those of severity `error` refuse the release."""
    return [*_roles(pack), *_personal(pack), *_targets(pack)]


def _roles(pack: Package) -> Iterator[Finding]:
    for process in (pack.processes.process(key) for key in pack.processes.ids):
        for element in process.elements.values():
            for role in _named(element):
                if role not in pack.roles:
                    yield Finding(
                        rule="unknown-role",
                        zh=f"“{element.label}”的角色“{role}”不在 roles.csv 中；请添加该角色，或更正名称。",
                        en=f"The role {role!r} of {element.label!r} is not in roles.csv; add it, or correct the name.",
                        file=process.file_name,
                        element=element.id,
                        name=element.name,
                        line=element.line,
                    )


def _named(element: Element) -> list[str]:
    """Return the roles an element names literally; FEEL (with "=") is known only when it runs."""
    texts = [element.candidate_groups or "", element.properties.get("on_behalf", "")]
    return [role for text in texts if not text.startswith("=") for role in text.replace(",", " ").split()]


def _personal(pack: Package) -> Iterator[Finding]:
    for form in pack.forms.values():
        for part in form.walk():
            if not part.key or part.key not in pack.variables:
                continue
            told, owned = part.properties.get("personal", ""), pack.variables[part.key].personal
            if told != owned:
                yield Finding(
                    rule="personal-kind",
                    zh=f"表单 {form.id} 的“{part.key}”个人信息类别为“{told}”，variables.csv 中为“{owned}”；两处须一致。",
                    en=f"{part.key!r} of form {form.id} has the personal kind {told!r}, variables.csv says {owned!r}; they must agree.",
                    element=part.key,
                    name=form.id,
                )


def _targets(pack: Package) -> Iterator[Finding]:
    for clause in pack.clauses.values():
        for target in () if LATER in clause.target else clause.target:
            file = target.partition("#")[0]
            if "." in file and file not in pack.files:
                yield Finding(
                    rule="clause-target",
                    zh=f"条款 {clause.id} 指向的文件“{file}”不在本版本中。",
                    en=f"Clause {clause.id} points to the file {file!r}, which this release does not hold.",
                    file="clauses.csv",
                    element=clause.id,
                    severity=Severity.WARNING,
                )
