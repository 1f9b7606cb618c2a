"""The files of one written procedure as they lie in the repository, read once for the tests that hold them together."""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from engine import bpmn, dmn, feel
from engine.bpmn.xml import parse
from engine.runtime.language import SIGNATURES

ROOT = Path(__file__).resolve().parents[2]
SLUGS = sorted(file.parent.name for file in (ROOT / "processes").glob("*/procedure.toml"))


class Written:
    """One procedure: its diagrams, tables and forms by file name, its sheets by key."""

    def __init__(self, slug: str) -> None:
        self.slug = slug
        self.id = slug.replace("-", "_")
        self.process, self.form, self.demo = (ROOT / folder / slug for folder in ("processes", "forms", "demo"))
        self.diagrams = _files(self.process, "*.bpmn")
        self.tables = _files(self.process, "*.dmn")
        self.forms = _files(self.form, "*.form")

    @cached_property
    def procedure(self) -> dict[str, Any]:
        return tomllib.loads((self.process / "procedure.toml").read_text(encoding="utf-8"))

    @cached_property
    def clauses(self) -> dict[str, dict[str, str]]:
        return {row["id"]: row for row in rows(self.process / "clauses.csv")}

    @cached_property
    def roles(self) -> dict[str, dict[str, str]]:
        return {row["key"]: row for row in rows(self.process / "roles.csv")}

    @cached_property
    def variables(self) -> dict[str, dict[str, str]]:
        return {row["name"]: row for row in rows(self.process / "variables.csv")}

    @cached_property
    def models(self) -> dict[str, dmn.Model]:
        return {name: dmn.read(data, SIGNATURES) for name, data in self.tables.items()}

    @cached_property
    def decisions(self) -> set[str]:
        return {key for model in self.models.values() for key in model.decisions}

    @cached_property
    def read(self) -> bpmn.Processes:
        return bpmn.read(self.diagrams, functions=SIGNATURES)

    @property
    def processes(self) -> list[bpmn.Process]:
        return [self.read.process(key) for key in self.read.ids]

    @property
    def elements(self) -> list[tuple[bpmn.Process, bpmn.Element]]:
        return [(process, element) for process in self.processes for element in process.elements.values()]

    @property
    def user_tasks(self) -> list[tuple[bpmn.Process, bpmn.Element]]:
        return [(process, element) for process, element in self.elements if element.kind == "userTask"]

    @property
    def components(self) -> list[tuple[str, dict[str, Any]]]:
        return [(name, component) for name, data in self.forms.items() for component in components(json.loads(data))]

    @property
    def rules(self) -> list[tuple[str, str, str]]:
        """Table, id and annotation of every rule."""
        pattern = r'<rule id="([^"]+)">\s*<description>([^<]*)'
        return [(name, rule, note) for name, data in self.tables.items() for rule, note in re.findall(pattern, data.decode())]

    def values_of(self, variable: str) -> set[str]:
        return {pair.split("=")[0] for pair in self.variables[variable]["values"].split(";") if pair}

    def roles_of(self, groups: str) -> set[str]:
        """The roles a task may go to: keys separated by commas, or FEEL over a variable, whose values are then meant."""
        if not groups.startswith("="):
            return {key.strip() for key in groups.split(",")}
        return {value for name in feel.compile(groups[1:]).variables for value in self.values_of(name)}

    def places(self) -> set[str]:
        """Whatever a clause may point at: `main.bpmn#register`, `closing.dmn#rule_listen`, `register.form#clearListen`."""
        found = {f"{process.file_name}#{key}" for process in self.processes for key in (*process.elements, *process.flows)}
        found |= {f"{name}#{rule}" for name, rule, _ in self.rules}
        return found | {f"{name}#{component['key']}" for name, component in self.components if "key" in component}


def _files(folder: Path, pattern: str) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.glob(pattern))}


@cache
def written(slug: str) -> Written:
    return Written(slug)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def components(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every component of a form, at whatever depth."""
    for component in schema["components"]:
        yield component
        yield from components(component) if "components" in component else ()


def expressions(data: bytes) -> Iterator[str]:
    """Every FEEL text of a diagram: attributes and texts that begin with "="."""
    for node in parse("x.bpmn", data).iter():
        texts = [*node.attrib.values(), (node.text or "").strip()] if isinstance(node.tag, str) else []
        yield from (text[1:] for text in texts if text.startswith("="))


def variables_written(data: bytes) -> set[str]:
    """The variables that a diagram itself writes."""
    nodes = [node for node in parse("x.bpmn", data).iter() if isinstance(node.tag, str)]
    names = ("resultVariable", "target", "inputElement", "outputCollection")
    return {value for node in nodes for name in names if (value := node.get(name))}


ALL = [written(slug) for slug in SLUGS]
