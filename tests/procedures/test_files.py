"""The files of each procedure hold together: whatever one names, another holds; whatever a person reads stands in both languages."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

import pytest

from engine import bpmn, feel, forms
from engine.bpmn.xml import parse
from engine.checks import unknown_names
from engine.checks.geometry import geometry
from engine.runtime import read_package
from engine.runtime.language import SIGNATURES
from tests.procedures.written import ALL, Written, components, expressions, rows, variables_written, written

# requirements 0.2
KINDS = {"ROLE", "DEF", "CHAN", "STEP", "FORM", "RULE", "TIME", "APPR", "NOTIFY", "KPI", "PROH", "PEN", "ARCH", "REV", "GUIDE", "REF", "BG"}
SUPPORT = {"element", "rule", "form", "report", "guidance", "reference", "background"}
PP = "PP-1 PP-1-1 PP-1-2 PP-1-3a PP-1-3b PP-1-4 PP-1-5 PP-1-6 PP-2-1 PP-2-2 PP-2-3 PP-2-4"
DL = (
    "DL-0 DL-1 DL-1-1 DL-1-2 DL-1-3 DL-1-4 DL-1-5 DL-2-1 DL-2-2 DL-2-3 DL-2-4 "
    "DL-3-a DL-3-b1 DL-3-b2 DL-3-b3 DL-3-b4 DL-3-b5 DL-3-c1 DL-3-c2 DL-3-c3 DL-3-c4 DL-3-d1 DL-3-d2 DL-3-d3 "
    "DL-4-G1 DL-4-G2a DL-4-G2b DL-4-G3 DL-4-G4 DL-4-G5 DL-4-G7 DL-4-M1 DL-4-M2 DL-4-M3 DL-4-M4 DL-4-M5 DL-5 DL-6-1 DL-6-2"
)
CLAUSES = {"property-project": PP.split(), "dealer": DL.split()}  # no DL-4-G6: a gap in the numbering, not a clause
LATER = {"PP-2-4"}  # the monthly summary

each_procedure = pytest.mark.parametrize("procedure", ALL, ids=lambda procedure: procedure.slug)
each_element = pytest.mark.parametrize(
    ("procedure", "element"),
    [pytest.param(w, element, id=f"{w.slug}/{process.file_name}#{element.id}") for w in ALL for process, element in w.elements],
)
each_user_task = pytest.mark.parametrize(
    ("procedure", "task"),
    [pytest.param(w, task, id=f"{w.slug}/{process.file_name}#{task.id}") for w in ALL for process, task in w.user_tasks],
)
each_component = pytest.mark.parametrize(
    ("procedure", "component"),
    [pytest.param(w, c, id=f"{w.slug}/{name}#{c.get('key') or c['id']}") for w in ALL for name, c in w.components],
)


@pytest.mark.parametrize("slug", CLAUSES)
def test_every_clause_of_the_text_is_there(slug: str) -> None:
    assert list(written(slug).clauses) == CLAUSES[slug]


@each_procedure
def test_every_clause_points_at_something_that_exists(procedure: Written) -> None:
    known = procedure.places()
    for key, clause in procedure.clauses.items():
        assert clause["kind"] in KINDS and clause["support"] in SUPPORT, key
        assert clause["summary_zh"] and clause["summary_en"], key
        background, later = clause["support"] == "background", clause["target"].startswith("later:")
        assert background == (clause["kind"] == "BG") == (not clause["target"]), key
        assert later == (key in LATER), key
        assert later or set(clause["target"].split()) <= known, key


@each_procedure
def test_what_a_clause_points_at_names_the_clause(procedure: Written) -> None:
    for key, clause in procedure.clauses.items():
        for target in clause["target"].split():
            file, _, element = target.partition("#")
            if file in procedure.diagrams:
                found = next(p for p in procedure.processes if p.file_name == file).elements[element]
                assert key in found.properties.get("clauses", "").split(), target


@each_procedure
def test_a_rule_names_a_clause_in_its_annotation_or_is_our_reading(procedure: Written) -> None:
    for name, rule, note in procedure.rules:
        named = re.match(rf"({procedure.procedure['prefix']}-[\w-]+)：", note)
        assert (named and named[1] in procedure.clauses) or note.endswith("（释义）。"), (name, rule)


@each_procedure
def test_a_value_that_is_not_in_the_text_says_so_in_its_annotation(procedure: Written) -> None:
    for name, data in procedure.tables.items():
        for rule in re.findall(r"<rule .*?</rule>", data.decode(), re.DOTALL):
            assert ('"config"' in rule) == ("非原文" in rule), (name, rule)


@each_procedure
def test_what_a_table_says_it_says_in_both_languages(procedure: Written) -> None:
    for name, data in procedure.tables.items():
        outputs = set(re.findall(r'<output [^>]*name="(\w+)"', data.decode()))
        assert {f"{said}_en" for said in outputs & {"reason", "text"}} <= outputs, name


@each_element
def test_every_node_has_a_name_in_both_languages_and_names_only_known_clauses(procedure: Written, element: bpmn.Element) -> None:
    assert element.name and element.name_en
    assert set(element.properties.get("clauses", "").split()) <= set(procedure.clauses)
    assert bool(element.documentation) == bool(element.properties.get("documentation_en"))
    assert element.properties.get("origin") in (None, "config")


@each_procedure
def test_every_flow_out_of_a_decision_is_named_in_both_languages(procedure: Written) -> None:
    for process in procedure.processes:
        leaving = Counter(flow.source for flow in process.flows.values())
        for flow in process.flows.values():
            if process.elements[flow.source].kind == "exclusiveGateway" and leaving[flow.source] > 1:
                assert flow.name, flow.id
        for node in parse("x.bpmn", procedure.diagrams[process.file_name]).iter("{*}sequenceFlow", "{*}lane"):
            assert not node.get("name") or node.find(".//{*}property[@name='name_en']") is not None, node.get("id")


@each_user_task
def test_every_user_task_tells_what_to_do_whom_it_is_for_and_has_its_form(procedure: Written, task: bpmn.Element) -> None:
    assert task.documentation and task.properties["documentation_en"]
    assert task.candidate_groups and procedure.roles_of(task.candidate_groups) <= set(procedure.roles)
    assert task.properties.get("on_behalf") in (None, *procedure.roles)
    assert f"{str(task.form_id).removeprefix(procedure.id + '_')}.form" in procedure.forms


@each_procedure
def test_every_form_is_used_and_carries_its_file_name_as_id(procedure: Written) -> None:
    used = {task.form_id for _, task in procedure.user_tasks}
    assert used == {json.loads(data)["id"] for data in procedure.forms.values()}
    assert used == {f"{procedure.id}_{name.removesuffix('.form')}" for name in procedure.forms}


@each_procedure
def test_ids_of_processes_and_decisions_begin_with_the_procedures_and_name_the_file(procedure: Written) -> None:
    for process in procedure.processes:
        assert process.id == f"{procedure.id}_{process.file_name.removesuffix('.bpmn')}"
    for name, model in procedure.models.items():
        assert list(model.decisions) == [f"{procedure.id}_{name.removesuffix('.dmn')}"]


@each_element
def test_every_decision_process_and_notice_role_that_is_named_exists(procedure: Written, element: bpmn.Element) -> None:
    assert element.decision_id is None or element.decision_id in procedure.decisions
    assert element.called_process is None or element.called_process in procedure.read.ids
    assert element.job_type in (None, "jiesu.notice")
    if element.job_type:
        assert set(element.headers.get("to", "").split()) <= set(procedure.roles)
        assert "to" in element.headers or "noticeTo" in {mapping.target for mapping in element.inputs}
        assert element.headers["text"] and element.headers["text_en"]


@each_procedure
def test_the_procedure_names_what_it_holds(procedure: Written) -> None:
    settings = procedure.procedure
    assert settings["slug"] == procedure.slug
    assert settings["main"] in procedure.read.ids
    assert {settings[key] for key in ("classify", "deadlines", "closing")} <= procedure.decisions
    assert {*settings["classify_result"].values(), settings["subject"], settings["category"]} <= set(procedure.variables)
    assert settings["case_number"].format(yyyymm="202611", n=7) == f"{settings['prefix']}-202611-00007"


@each_procedure
def test_its_files_make_a_release(procedure: Written) -> None:
    sheets = {file.name: file.read_bytes() for file in procedure.process.iterdir() if file.suffix in (".csv", ".toml")}
    package = read_package({**sheets, **procedure.diagrams, **procedure.tables, **procedure.forms})
    assert package.slug == procedure.slug
    assert [finding.zh for finding in unknown_names.check(package)] == []


@each_procedure
def test_its_diagrams_look_as_if_a_careful_person_drew_them(procedure: Written) -> None:
    assert [finding.zh for name, data in procedure.diagrams.items() for finding in geometry(data, name)] == []


@each_procedure
def test_element_ids_are_unique_in_their_file(procedure: Written) -> None:
    for name, data in procedure.diagrams.items():
        ids = Counter(node.get("id") for node in parse(name, data).iter("*") if node.get("id"))
        assert [key for key, count in ids.items() if count > 1] == [], name


@each_procedure
def test_every_message_has_a_correlation_key(procedure: Written) -> None:
    for name, data in procedure.diagrams.items():
        for message in parse(name, data).iter("{*}message"):
            subscription = message.find(".//{*}subscription")
            assert subscription is not None and subscription.get("correlationKey") == "=caseNumber", name


@each_procedure
def test_call_activities_pass_everything_both_ways(procedure: Written) -> None:
    calls = [element for _, element in procedure.elements if element.kind == "callActivity"]
    assert calls and all(call.propagate_child and call.propagate_parent and not call.outputs for call in calls)


@each_procedure
def test_every_variable_of_a_diagram_is_described(procedure: Written) -> None:
    for name, data in procedure.diagrams.items():
        read = {variable for text in expressions(data) for variable in feel.compile(text, functions=SIGNATURES).variables}
        assert (read | variables_written(data)) - set(SIGNATURES) <= set(procedure.variables), name


@each_procedure
def test_every_variable_of_a_table_is_described(procedure: Written) -> None:
    for name, model in procedure.models.items():
        assert model.findings == [], name
        assert {variable for decision in model.decisions.values() for variable in decision.inputs} <= set(procedure.variables), name


@each_procedure
def test_every_variable_of_a_form_is_described(procedure: Written) -> None:
    for name, data in procedure.forms.items():
        keys = {component["key"] for component in components(json.loads(data)) if "key" in component}
        assert keys | forms.read_by(forms.read(data, name)) <= set(procedure.variables), name


@each_component
def test_a_component_agrees_with_its_variable_and_speaks_both_languages(procedure: Written, component: dict[str, Any]) -> None:
    properties = component.get("properties", {})
    assert not component.get("label", component.get("dateLabel")) or properties.get("label_en")
    assert ("description" in component) == ("description_en" in properties)
    assert ("text" in component) == ("text_en" in properties)
    assert properties.get("clause") in (None, *procedure.clauses)
    if "key" in component:
        variable = procedure.variables[component["key"]]
        assert properties.get("personal", variable["personal"]) == variable["personal"]
        assert component.get("readonly") or properties.get("personal", "") == variable["personal"]
        assert {option["value"] for option in component.get("values", [])} <= procedure.values_of(component["key"])


@each_procedure
def test_variables_say_what_they_are_and_who_sets_them(procedure: Written) -> None:
    files = (*procedure.forms, *procedure.tables)
    ids = {f"{procedure.id}_{name.rpartition('.')[0]}" for name in files} | {element.id for _, element in procedure.elements}
    assert len(procedure.variables) == len(rows(procedure.process / "variables.csv"))
    for name, variable in procedure.variables.items():
        assert re.fullmatch(r"[a-z][A-Za-z]*", name) and variable["zh"] and variable["en"], name
        assert variable["type"] in {"string", "number", "boolean", "date", "dateTime", "list", "context"}, name
        assert variable["set_by"] and set(variable["set_by"].split()) <= ids | {"case", "engine", "due"}, name
        for pair in filter(None, variable["values"].split(";")):
            assert re.fullmatch(r"\w+=[^|]+\|[^|]+", pair), pair


@each_procedure
def test_the_demo_has_a_person_for_every_role_and_two_who_can_race(procedure: Written) -> None:
    units, people = {row["key"]: row for row in rows(procedure.demo / "units.csv")}, rows(procedure.demo / "people.csv")
    by_login = {row["login"]: row for row in people}
    for role in set(procedure.roles) - {"customer"}:
        person = by_login[f"{procedure.slug}.{role}"]
        assert person["role"] == role and person["unit"] in units
        assert procedure.roles[role]["level"] in {units[person["unit"]]["level"], "department"}
    seats = Counter((row["unit"], row["role"]) for row in people)
    assert max(seats.values()) >= 2
    assert len(by_login) == len(people)
    assert all(not row["parent"] or row["parent"] in units for row in units.values())
