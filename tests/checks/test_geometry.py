"""Each rule of the looks, tried on a diagram that keeps it and on one that breaks it; and our own diagrams keep them all."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.checks.geometry import MOST_NODES, geometry
from engine.model import Finding, Severity

OURS = sorted((Path(__file__).resolve().parents[2] / "processes").rglob("*.bpmn"))
HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
    ' xmlns:modeler="http://camunda.org/schema/modeler/1.0" modeler:executionPlatform="Camunda Cloud" id="d">'
)


def task(key: str, name: str = "") -> str:
    return f'<bpmn:userTask id="{key}" name="{name}" />'


def start(key: str, name: str = "") -> str:
    return f'<bpmn:startEvent id="{key}" name="{name}" />'


def gateway(key: str, name: str = "") -> str:
    return f'<bpmn:exclusiveGateway id="{key}" name="{name}" />'


def flow(key: str, source: str, target: str, name: str = "") -> str:
    return f'<bpmn:sequenceFlow id="{key}" name="{name}" sourceRef="{source}" targetRef="{target}" />'


def lane(key: str, *nodes: str) -> str:
    members = "".join(f"<bpmn:flowNodeRef>{node}</bpmn:flowNodeRef>" for node in nodes)
    return f'<bpmn:laneSet id="lanes"><bpmn:lane id="{key}" name="接待人员">{members}</bpmn:lane></bpmn:laneSet>'


def at(key: str, x: int, y: int, width: int = 100, height: int = 80, label: tuple[int, int, int, int] | None = None) -> str:
    return f'<bpmndi:BPMNShape id="{key}_di" bpmnElement="{key}">{_bounds(x, y, width, height)}{_label(label)}</bpmndi:BPMNShape>'


def line(key: str, *points: tuple[int, int], label: tuple[int, int, int, int] | None = None) -> str:
    way = "".join(f'<di:waypoint x="{x}" y="{y}" />' for x, y in points)
    return f'<bpmndi:BPMNEdge id="{key}_di" bpmnElement="{key}">{way}{_label(label)}</bpmndi:BPMNEdge>'


def look(process: list[str], drawn: list[str]) -> list[Finding]:
    """Measure a diagram of these elements, drawn like this."""
    xml = (
        f'{HEAD}<bpmn:process id="p">{"".join(process)}</bpmn:process>'
        f'<bpmndi:BPMNDiagram id="dd"><bpmndi:BPMNPlane id="dp" bpmnElement="p">{"".join(drawn)}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'
        "</bpmn:definitions>"
    )
    return geometry(xml.encode(), "样例.bpmn")


def rules(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.rule, finding.element) for finding in findings]


def _bounds(x: int, y: int, width: int, height: int) -> str:
    return f'<dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}" />'


def _label(box: tuple[int, int, int, int] | None) -> str:
    return f"<bpmndi:BPMNLabel>{_bounds(*box)}</bpmndi:BPMNLabel>" if box else ""


@pytest.mark.parametrize("file", OURS, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_our_diagrams_have_no_finding(file: Path) -> None:
    assert geometry(file.read_bytes(), file.name) == []


def test_there_are_diagrams_of_ours() -> None:
    assert {"main.bpmn", "general.bpmn", "major.bpmn"} <= {file.name for file in OURS}


def test_an_element_that_is_not_drawn_is_an_error_since_nobody_can_examine_it() -> None:
    findings = look([task("register", "投诉登记"), task("hidden", "暗中放行")], [at("register", 0, 0)])

    assert rules(findings) == [("geometry.not-drawn", "hidden")]
    assert findings[0].severity is Severity.ERROR
    assert findings[0].file == "样例.bpmn"
    assert "暗中放行" in findings[0].zh and "暗中放行" in findings[0].en


def test_a_flow_needs_a_line() -> None:
    nodes, shapes = [task("a"), task("b"), flow("a_to_b", "a", "b")], [at("a", 0, 0), at("b", 200, 0)]

    assert rules(look(nodes, shapes)) == [("geometry.not-drawn", "a_to_b")]
    assert look(nodes, [*shapes, line("a_to_b", (100, 40), (200, 40))]) == []


@pytest.mark.parametrize(("x", "expected"), [(100, []), (99, [("geometry.overlap", "b")])])
def test_shapes_may_touch_but_not_overlap(x: int, expected: list[tuple[str, str]]) -> None:
    assert rules(look([task("a"), task("b")], [at("a", 0, 0), at("b", x, 0)])) == expected


def test_a_boundary_event_sits_on_its_host_only() -> None:
    timer = '<bpmn:boundaryEvent id="timer" attachedToRef="a" />'

    assert look([task("a"), timer, task("b")], [at("a", 0, 0), at("timer", 20, 62, 36, 36), at("b", 200, 0)]) == []
    assert rules(look([task("a"), timer, task("b")], [at("a", 0, 0), at("timer", 190, 62, 36, 36), at("b", 200, 0)])) == [
        ("geometry.overlap", "b")
    ]


def test_what_stands_inside_a_subprocess_does_not_overlap_it() -> None:
    nodes = [f'<bpmn:subProcess id="s">{task("a")}{task("b")}{flow("f", "a", "b", "下一步")}</bpmn:subProcess>', task("outside")]
    shapes = [at("s", 0, 0, 400, 200), at("a", 20, 20), at("b", 200, 20), line("f", (120, 60), (200, 60), label=(140, 40, 35, 14))]

    assert look(nodes, [*shapes, at("outside", 500, 0)]) == []
    assert rules(look(nodes, [*shapes, at("outside", 350, 150)])) == [("geometry.overlap", "outside")]


@pytest.mark.parametrize(("y", "expected"), [(43, []), (30, [("geometry.label", "start")])])
def test_a_label_stands_beside_its_own_event(y: int, expected: list[tuple[str, str]]) -> None:
    assert rules(look([start("start", "收到投诉")], [at("start", 0, 0, 36, 36, label=(-4, y, 46, 14))])) == expected


def test_a_label_may_stand_in_the_empty_corner_of_a_diamond() -> None:
    assert look([gateway("g", "级别？")], [at("g", 0, 0, 50, 50, label=(36, 40, 35, 14))]) == []
    assert rules(look([gateway("g", "级别？")], [at("g", 0, 0, 50, 50, label=(30, 30, 35, 14))])) == [("geometry.label", "g")]


def test_a_label_lies_neither_on_another_shape_nor_on_another_label() -> None:
    nodes = [start("one", "收到投诉"), start("two", "收到来信"), task("a")]
    shapes = [at("one", 0, 0, 36, 36, label=(-4, 43, 46, 14)), at("a", 300, 0)]

    assert look(nodes, [*shapes, at("two", 60, 0, 36, 36, label=(56, 43, 46, 14))]) == []
    assert rules(look(nodes, [*shapes, at("two", 60, 0, 36, 36, label=(40, 43, 46, 14))])) == [("geometry.label", "two")]
    assert rules(look(nodes, [*shapes, at("two", 60, 0, 36, 36, label=(290, 20, 46, 14))])) == [("geometry.label", "two")]


def test_a_flow_goes_round_a_shape_not_through_it() -> None:
    nodes, shapes = [task("a"), task("b"), task("c"), flow("f", "a", "c")], [at("a", 0, 0), at("b", 150, 0), at("c", 300, 0)]

    assert look(nodes, [*shapes, line("f", (50, 80), (50, 120), (350, 120), (350, 80))]) == []
    assert rules(look(nodes, [*shapes, line("f", (100, 40), (300, 40))])) == [("geometry.through", "f")]


def test_a_flow_does_not_cut_across_its_own_source_or_target() -> None:
    nodes, shapes = [task("a"), task("b"), flow("f", "a", "b")], [at("a", 0, 0), at("b", 300, 0)]

    assert rules(look(nodes, [*shapes, line("f", (0, 40), (300, 40))])) == [("geometry.through", "f")]


def test_a_slanted_flow_is_measured_exactly() -> None:
    nodes, shapes = [task("a"), task("b"), task("c"), flow("f", "a", "c")], [at("a", 0, 0), at("c", 400, 300)]

    assert look(nodes, [*shapes, at("b", 300, 0), line("f", (100, 80), (400, 300))]) == []
    assert rules(look(nodes, [*shapes, at("b", 200, 130), line("f", (100, 80), (400, 300))])) == [("geometry.through", "f")]


def test_each_node_lies_inside_its_lane() -> None:
    pool = at("reception", 0, 0, 400, 120)

    assert look([lane("reception", "a"), task("a")], [pool, at("a", 40, 20)]) == []
    assert rules(look([lane("reception", "a"), task("a")], [pool, at("a", 40, 60)])) == [("geometry.lane", "a")]
    assert rules(look([lane("reception"), task("a")], [pool, at("a", 40, 20)])) == [("geometry.lane", "a")]


@pytest.mark.parametrize(
    ("points", "loose"),
    [
        (((36, 18), (100, 40)), False),
        (((40, 18), (100, 40)), True),
        (((36, 18), (90, 40)), True),
        (((36, 18), (110, 40)), True),
    ],
)
def test_a_flow_docks_at_both_ends(points: tuple[tuple[int, int], ...], loose: bool) -> None:
    findings = look([start("s"), task("a"), flow("f", "s", "a")], [at("s", 0, 0, 36, 36), at("a", 100, 0), line("f", *points)])

    assert (("geometry.dangling", "f") in rules(findings)) is loose


def test_a_flow_may_dock_on_the_slanted_side_of_a_diamond() -> None:
    nodes = [gateway("g"), task("a"), flow("f", "g", "a")]

    assert look(nodes, [at("g", 0, 0, 50, 50), at("a", 100, 0), line("f", (37, 12), (100, 12))]) == []
    assert rules(look(nodes, [at("g", 0, 0, 50, 50), at("a", 100, 0), line("f", (49, 12), (100, 12))])) == [("geometry.dangling", "f")]


@pytest.mark.parametrize(("count", "expected"), [(MOST_NODES, []), (MOST_NODES + 1, ["geometry.size"])])
def test_a_diagram_has_twenty_five_nodes_at_most(count: int, expected: list[str]) -> None:
    findings = look([task(f"t{n}") for n in range(count)], [at(f"t{n}", n * 150, 0) for n in range(count)])

    assert [finding.rule for finding in findings] == expected


def test_an_unreadable_file_says_why() -> None:
    findings = geometry(b"<bpmn:definitions", "坏.bpmn")

    assert rules(findings) == [("bpmn.xml", "")]
