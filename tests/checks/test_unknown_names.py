"""Names in FEEL that nothing explains are named; those that a form, a mapping, a result or a loop brings are not."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest

from engine.checks import unknown_names
from engine.model import Severity
from engine.runtime import read_package
from tests.support import waiver
from tests.support.tiny import CLAUSES, ROLES, form
from tests.tokens import drawing as draw

NOTHING = '<?xml version="1.0"?><definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n" />'


def names(nodes: Iterable[str], *flows: str, tables: str = NOTHING, shown: bytes = form("tiny_register", "note")) -> list[str]:
    """The names found in a procedure whose process holds these nodes between start and end."""
    diagram = draw.diagram(draw.process("tiny_main", draw.start(), *nodes, draw.end(), *flows))
    files = {"main.bpmn": diagram, "register.form": shown, "waiver.dmn": tables.encode()}
    settings = waiver.SETTINGS + 'register = "register"\n'
    sheets = {"procedure.toml": settings, "roles.csv": ROLES, "clauses.csv": CLAUSES, "variables.csv": waiver.VARIABLES}
    package = read_package(files | {name: text.encode() for name, text in sheets.items()})
    found = unknown_names.check(package)
    assert all(finding.severity is Severity.WARNING and finding.rule == "unknown-name" and finding.file for finding in found)
    return [finding.name for finding in found]


def register(*extensions: str) -> str:
    assigned = draw.zeebe("assignmentDefinition", candidateGroups="reception")
    return draw.user("register", draw.zeebe("formDefinition", formId="tiny_register"), assigned, *extensions)


LINE = draw.chain("s", "register", "x", "e")


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("=note", []),  # a field of the form
        ("=level", []),  # variables.csv
        ("=taskDue", []),
        ('=due("reply")', []),  # a host function
        ("=upper case(note)", []),
        ("=tpyo", ["tpyo"]),
        ("=count(tpyo) + tpyo", ["tpyo"]),
        ("=tpyo.part", ["tpyo"]),
        ("=for i in [1] return i + tpyo", ["tpyo"]),
        ('=note[part = "a"]', []),  # may be an entry of the items
        ("=frobnicate(note)", ["frobnicate"]),
        ('=get value({tpyo: 1}, "tpyo")', []),
    ],
)
def test_a_script(written: str, found: list[str]) -> None:
    assert names([register(), draw.script("x", written, "y")], LINE) == found


def test_results_mappings_and_items_explain_names_where_they_can_be_read() -> None:
    inside = draw.mapping({"own": "=note"}, {"kept": "=own"})
    nodes = [register(), draw.script("x", "=own", "y", inside), draw.script("z", "=y + kept", "w"), draw.script("v", "=own", "u")]
    assert names(nodes, draw.chain("s", "register", "x", "z", "v", "e")) == ["own"]


def test_conditions_of_flows() -> None:
    flows = (draw.chain("s", "register", "g"), draw.flow("g", "e", "=tpyo > 1"), draw.flow("g", "x", flow_id="other"), draw.flow("x", "e"))
    assert names([register(), draw.exclusive("g", "other"), draw.script("x", "=note", "y")], *flows) == ["tpyo"]


def test_a_called_process_sees_what_its_caller_maps() -> None:
    steps = (draw.start("s2"), draw.script("p", "=given + lost", "q"), draw.end("e2"), draw.chain("s2", "p", "e2"))
    called = draw.process("tiny_part", *steps)
    mapped = draw.mapping({"given": "=note"})
    nodes = [register(), draw.call("x", "tiny_part", mapped)]
    diagram = draw.diagram(draw.process("tiny_main", draw.start(), *nodes, draw.end(), LINE), called)
    files = {"main.bpmn": diagram, "register.form": form("tiny_register", "note"), "procedure.toml": waiver.SETTINGS.encode()}
    sheets = {"roles.csv": ROLES, "clauses.csv": CLAUSES, "variables.csv": waiver.VARIABLES}
    package = read_package(files | {name: text.encode() for name, text in sheets.items()})
    assert [(finding.name, finding.element) for finding in unknown_names.check(package)] == [("lost", "p")]


def test_tables_and_forms() -> None:
    nodes = [register(), draw.rule("x", "tiny_rate", "rate")]
    assert names(nodes, LINE, tables=waiver.TABLES) == ["amount due", "amount due", "day", "things"]
    body = json.loads(form("tiny_register", "note"))
    body["components"][0]["conditional"] = {"hide": "=tpyo = 1"}
    assert names([register(), draw.script("x", "=note", "y")], LINE, shown=json.dumps(body).encode()) == ["tpyo"]
