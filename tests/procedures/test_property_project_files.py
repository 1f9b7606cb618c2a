"""The files of `property-project` hold together: whatever one names, another holds; whatever a person reads stands in both languages."""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine import bpmn, dmn, feel, forms
from engine.bpmn.xml import parse

ROOT = Path(__file__).resolve().parents[2]
PROCESS, FORM, DEMO = (ROOT / folder / "property-project" for folder in ("processes", "forms", "demo"))
DIAGRAMS = {file.name: file.read_bytes() for file in sorted(PROCESS.glob("*.bpmn"))}
TABLES = {file.name: file.read_bytes() for file in sorted(PROCESS.glob("*.dmn"))}
FORMS = {file.name: file.read_bytes() for file in sorted(FORM.glob("*.form"))}
DUE = {"due": feel.HostFunction("due", ("stage",), lambda stage: None)}
KINDS = {"STEP", "GUIDE", "FORM", "RULE", "NOTIFY", "KPI"}
SUPPORT = {"element", "rule", "form", "report", "guidance", "reference", "background"}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


CLAUSES = {row["id"]: row for row in rows(PROCESS / "clauses.csv")}
ROLES = {row["key"]: row for row in rows(PROCESS / "roles.csv")}
VARIABLES = {row["name"]: row for row in rows(PROCESS / "variables.csv")}
MODELS = {name: dmn.read(data, DUE) for name, data in TABLES.items()}
PROCESSES = bpmn.read(DIAGRAMS, functions=DUE)
EVERY_PROCESS = [PROCESSES.process(key) for key in PROCESSES.ids]
ELEMENTS = [pytest.param(element, id=f"{p.file_name}#{element.id}") for p in EVERY_PROCESS for element in p.elements.values()]
USER_TASKS = [param for param in ELEMENTS if param.values[0].kind == "userTask"]


def components(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for component in schema["components"]:
        yield component
        yield from components(component) if "components" in component else ()


COMPONENTS = [pytest.param(c, id=f"{name}#{c.get('key') or c['id']}") for name, data in FORMS.items() for c in components(json.loads(data))]


def roles_of(groups: str) -> set[str]:
    """The roles a task may go to: keys separated by commas, or FEEL over a variable, whose values are then meant."""
    if not groups.startswith("="):
        return {key.strip() for key in groups.split(",")}
    read = feel.compile(groups[1:]).variables
    return {value for name in read for value in values_of(name)}


def values_of(variable: str) -> set[str]:
    return {pair.split("=")[0] for pair in VARIABLES[variable]["values"].split(";") if pair}


def expressions(data: bytes) -> Iterator[str]:
    """Every FEEL text of a diagram: attributes and texts that begin with "="."""
    for node in parse("x.bpmn", data).iter():
        texts = [*node.attrib.values(), (node.text or "").strip()] if isinstance(node.tag, str) else []
        yield from (text[1:] for text in texts if text.startswith("="))


def written(data: bytes) -> set[str]:
    """The variables that a diagram itself writes."""
    nodes = [node for node in parse("x.bpmn", data).iter() if isinstance(node.tag, str)]
    return {value for node in nodes for name in ("resultVariable", "target") if (value := node.get(name))}


def places() -> set[str]:
    """Whatever a clause may point at: `main.bpmn#register`, `closing.dmn#rule_listen`, `register.form#clearListen`."""
    found = {f"{p.file_name}#{key}" for p in EVERY_PROCESS for key in (*p.elements, *p.flows)}
    for name, data in TABLES.items():
        found |= {f"{name}#{key}" for key in re.findall(r'<rule id="([^"]+)"', data.decode())}
    for name, data in FORMS.items():
        found |= {f"{name}#{component['key']}" for component in components(json.loads(data)) if "key" in component}
    return found


def test_all_twelve_clauses_are_there_and_point_at_something_that_exists() -> None:
    first = ["PP-1", "PP-1-1", "PP-1-2", "PP-1-3a", "PP-1-3b", "PP-1-4", "PP-1-5", "PP-1-6"]
    assert list(CLAUSES) == [*first, "PP-2-1", "PP-2-2", "PP-2-3", "PP-2-4"]
    known = places()
    for key, clause in CLAUSES.items():
        assert clause["kind"] in KINDS and clause["support"] in SUPPORT, key
        assert clause["summary_zh"] and clause["summary_en"], key
        later = clause["target"].startswith("later:")
        assert later == (key == "PP-2-4"), key
        assert later or set(clause["target"].split()) <= known, key


def test_a_diagram_element_that_a_clause_points_at_names_the_clause() -> None:
    for key, clause in CLAUSES.items():
        for target in clause["target"].split():
            file, _, element = target.partition("#")
            if file in DIAGRAMS:
                found = next(p for p in EVERY_PROCESS if p.file_name == file).elements[element]
                assert key in found.properties.get("clauses", "").split(), target


def test_a_rule_that_a_clause_points_at_names_a_clause_in_its_annotation() -> None:
    for name, data in TABLES.items():
        for rule, note in re.findall(r'<rule id="([^"]+)">\s*<description>([^<]*)', data.decode()):
            named = re.match(r"(PP-[\w-]+)：", note)
            assert (named and named[1] in CLAUSES) or (name, rule) == ("ladder.dmn", "rule_top"), rule


@pytest.mark.parametrize("element", ELEMENTS)
def test_every_node_has_a_name_in_both_languages_and_names_only_known_clauses(element: bpmn.Element) -> None:
    assert element.name and element.name_en
    assert set(element.properties.get("clauses", "").split()) <= set(CLAUSES)
    assert bool(element.documentation) == bool(element.properties.get("documentation_en"))


@pytest.mark.parametrize("process", EVERY_PROCESS, ids=lambda process: process.file_name)
def test_every_flow_out_of_a_decision_is_named_in_both_languages(process: bpmn.Process) -> None:
    leaving = Counter(flow.source for flow in process.flows.values())
    for flow in process.flows.values():
        if process.elements[flow.source].kind == "exclusiveGateway" and leaving[flow.source] > 1:
            assert flow.name, flow.id
    for node in parse("x.bpmn", DIAGRAMS[process.file_name]).iter("{*}sequenceFlow", "{*}lane"):
        assert not node.get("name") or node.find(".//{*}property[@name='name_en']") is not None, node.get("id")


@pytest.mark.parametrize("task", USER_TASKS)
def test_every_user_task_tells_what_to_do_whom_it_is_for_and_has_its_form(task: bpmn.Element) -> None:
    assert task.documentation and task.properties["documentation_en"]
    assert task.candidate_groups and roles_of(task.candidate_groups) <= set(ROLES)
    assert task.properties.get("on_behalf", "reception") in ROLES
    assert f"{str(task.form_id).removeprefix('property_project_')}.form" in FORMS


def test_every_form_is_used_and_carries_its_file_name_as_id() -> None:
    used = {param.values[0].form_id for param in USER_TASKS}
    assert used == {json.loads(data)["id"] for data in FORMS.values()}
    assert used == {f"property_project_{name.removesuffix('.form')}" for name in FORMS}


def test_every_decision_process_and_notice_role_that_is_named_exists() -> None:
    decisions = {key for model in MODELS.values() for key in model.decisions}
    for param in ELEMENTS:
        element = param.values[0]
        assert element.decision_id is None or element.decision_id in decisions, element.id
        assert element.called_process is None or element.called_process in PROCESSES.ids, element.id
        assert element.job_type in (None, "jiesu.notice"), element.id
        if element.job_type:
            assert set(element.headers["to"].split()) <= set(ROLES) and element.headers["text"] and element.headers["text_en"]


def test_the_procedure_names_what_it_holds() -> None:
    procedure = tomllib.loads((PROCESS / "procedure.toml").read_text(encoding="utf-8"))
    decisions = {key for model in MODELS.values() for key in model.decisions}
    assert procedure["main"] in PROCESSES.ids
    assert {procedure[key] for key in ("classify", "deadlines", "closing")} <= decisions
    assert set(procedure["classify_result"].values()) <= set(VARIABLES)
    assert procedure["case_number"].format(yyyymm="202611", n=7) == "PP-202611-00007"


def test_element_ids_are_unique_in_their_file() -> None:
    for name, data in DIAGRAMS.items():
        ids = Counter(node.get("id") for node in parse(name, data).iter("*") if node.get("id"))
        assert [key for key, count in ids.items() if count > 1] == [], name


def test_every_message_has_a_correlation_key() -> None:
    for name, data in DIAGRAMS.items():
        for message in parse(name, data).iter("{*}message"):
            subscription = message.find(".//{*}subscription")
            assert subscription is not None and subscription.get("correlationKey") == "=caseNumber", name


def test_call_activities_pass_everything_both_ways() -> None:
    calls = [param.values[0] for param in ELEMENTS if param.values[0].kind == "callActivity"]
    assert calls and all(call.propagate_child and call.propagate_parent and not call.outputs for call in calls)


@pytest.mark.parametrize("name", DIAGRAMS)
def test_every_variable_of_a_diagram_is_described(name: str) -> None:
    read = {variable for text in expressions(DIAGRAMS[name]) for variable in feel.compile(text, functions=DUE).variables}
    assert (read | written(DIAGRAMS[name])) - set(DUE) <= set(VARIABLES)


@pytest.mark.parametrize("name", TABLES)
def test_every_variable_of_a_table_is_described(name: str) -> None:
    assert MODELS[name].findings == []
    assert {variable for decision in MODELS[name].decisions.values() for variable in decision.inputs} <= set(VARIABLES)


@pytest.mark.parametrize("name", FORMS)
def test_every_variable_of_a_form_is_described(name: str) -> None:
    form = forms.read(FORMS[name], name)
    keys = {component["key"] for component in components(json.loads(FORMS[name])) if "key" in component}
    assert keys | forms.read_by(form) <= set(VARIABLES)


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_component_agrees_with_its_variable_and_speaks_both_languages(component: dict[str, Any]) -> None:
    properties = component.get("properties", {})
    assert not component.get("label", component.get("dateLabel")) or properties.get("label_en")
    assert ("description" in component) == ("description_en" in properties)
    assert ("text" in component) == ("text_en" in properties)
    assert properties.get("clause", "PP-1") in CLAUSES
    if "key" in component:
        variable = VARIABLES[component["key"]]
        assert properties.get("personal", variable["personal"]) == variable["personal"]
        assert component.get("readonly") or properties.get("personal", "") == variable["personal"]
        assert {option["value"] for option in component.get("values", [])} <= values_of(component["key"])


def test_variables_say_what_they_are_and_who_sets_them() -> None:
    ids = {f"property_project_{name.rpartition('.')[0]}" for name in (*FORMS, *TABLES)} | {param.values[0].id for param in ELEMENTS}
    assert len(VARIABLES) == len(rows(PROCESS / "variables.csv"))
    for name, variable in VARIABLES.items():
        assert re.fullmatch(r"[a-z][A-Za-z]*", name) and variable["zh"] and variable["en"], name
        assert variable["type"] in {"string", "number", "boolean", "date", "dateTime", "list"}, name
        assert set(variable["set_by"].split()) <= ids | {"case", "engine", "due"}, name
        for pair in filter(None, variable["values"].split(";")):
            assert re.fullmatch(r"\w+=[^|]+\|[^|]+", pair), pair


def test_the_demo_has_a_person_for_every_role_and_two_who_can_race() -> None:
    units, people = {row["key"]: row for row in rows(DEMO / "units.csv")}, rows(DEMO / "people.csv")
    for role in set(ROLES) - {"customer"}:
        person = next(row for row in people if row["login"] == f"property-project.{role}")
        assert person["role"] == role and person["unit"] in units
        assert ROLES[role]["level"] in {units[person["unit"]]["level"], "department"}
    first, second = (next(row for row in people if row["login"] == f"property-project.{key}") for key in ("reception", "reception2"))
    assert (first["unit"], first["role"]) == (second["unit"], second["role"])
    assert len({row["login"] for row in people}) == len(people)
    assert all(not row["parent"] or row["parent"] in units for row in units.values())
