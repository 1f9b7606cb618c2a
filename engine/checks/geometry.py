"""How a diagram looks, measured: a person must be able to read it at a glance (modelling rules, “Looks”).

What is not drawn at all is an error: nobody can examine what nobody sees. The rest is untidiness, a warning.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise
from math import hypot

from engine.bpmn.xml import Unreadable, parse
from engine.checks.drawing import Box, Drawing, Part, Point, read
from engine.model import Finding, Severity

MOST_NODES = 25  # a diagram with more does not fit on a page; cut it with call activities
TOLERANCE = 2.0  # pixels; Modeler's own rounding


def geometry(data: bytes, file_name: str) -> list[Finding]:
    """Return what is wrong with the looks of a `.bpmn` file; an unreadable file gives the finding that says why."""
    try:
        drawing = read(parse(file_name, data))
    except Unreadable as error:
        return [error.finding]
    return [replace(finding, file=file_name) for rule in RULES for finding in rule(drawing)]


def not_drawn(drawing: Drawing) -> Iterator[Finding]:
    """Every node, lane and pool has a shape, every flow a line."""
    for part in (*drawing.nodes.values(), *drawing.lanes.values(), *drawing.pools):
        if part.box is None:
            yield _finding("not-drawn", part, "没有画在图上，审查时看不到", "is not drawn, so nobody can examine it", Severity.ERROR)
    for flow in drawing.flows:
        if len(flow.waypoints) < 2:
            yield _finding("not-drawn", flow, "没有画在图上，审查时看不到", "is not drawn, so nobody can examine it", Severity.ERROR)


def overlapping_shapes(drawing: Drawing) -> Iterator[Finding]:
    """No two shapes overlap, but for a boundary event on its host and what stands inside a subprocess."""
    for one, other in combinations(_drawn(drawing), 2):
        belong = one.id in (other.host, *other.inside) or other.id in (one.host, *one.inside)
        if not belong and _box(one).overlaps(_box(other)):
            yield _finding("overlap", other, f"与{_named(one)}重叠", f"overlaps {_named(one)}")


def overlapping_labels(drawing: Drawing) -> Iterator[Finding]:
    """No label lies on a shape or on another label."""
    labelled = [(part, part.label) for part in (*drawing.nodes.values(), *drawing.flows) if part.label is not None and part.name]
    for part, label in labelled:
        for shape in _drawn(drawing):
            if shape.id not in part.inside and _lies_on(label, shape):
                yield _finding("label", part, f"的文字压在{_named(shape)}上", f"has its label on {_named(shape)}")
    for (one, first), (other, second) in combinations(labelled, 2):
        if first.overlaps(second):
            yield _finding("label", other, f"的文字与{_named(one)}的文字重叠", f"has its label on the label of {_named(one)}")


def flows_through_shapes(drawing: Drawing) -> Iterator[Finding]:
    """No flow runs through a shape, its own ends included."""
    for flow in drawing.flows:
        for shape in _drawn(drawing):
            inner = _box(shape).shrunk(TOLERANCE)
            if shape.id not in flow.inside and any(inner.crossed_by(*segment) for segment in _segments(flow, shape)):
                yield _finding("through", flow, f"穿过了{_named(shape)}", f"runs through {_named(shape)}")


def outside_lane(drawing: Drawing) -> Iterator[Finding]:
    """Where a process has lanes, each node is listed in one and lies inside it."""
    for node in _drawn(drawing):
        if node.inside or not drawing.lanes:
            continue
        lane = drawing.lanes.get(node.lane)
        if lane is None:
            yield _finding("lane", node, "不属于任何泳道", "belongs to no lane")
        elif lane.box is not None and not lane.box.holds(_box(node)):
            yield _finding("lane", node, f"不在它的泳道“{lane.name}”里", f"lies outside its lane “{lane.name}”")


def dangling_flows(drawing: Drawing) -> Iterator[Finding]:
    """Each flow begins on the border of its source and ends on the border of its target."""
    for flow in drawing.flows:
        if len(flow.waypoints) < 2:
            continue
        for end, point, zh, en in ((flow.source, flow.waypoints[0], "起点", "begin"), (flow.target, flow.waypoints[-1], "终点", "end")):
            shape = drawing.nodes.get(end)
            if shape is not None and shape.box is not None and not _on_border(shape, shape.box, point):
                yield _finding("dangling", flow, f"的{zh}没有接在{_named(shape)}的边上", f"does not {en} on the border of {_named(shape)}")


def too_many_nodes(drawing: Drawing) -> Iterator[Finding]:
    """A diagram has 25 nodes at most."""
    count = len(drawing.nodes)
    if count > MOST_NODES:
        yield Finding(
            rule="geometry.size",
            zh=f"图上有 {count} 个节点，超过 {MOST_NODES} 个。请把一部分移到另一个文件，用调用活动连接。",
            en=f"The diagram has {count} nodes, more than {MOST_NODES}. Move some to another file and connect it with a call activity.",
            severity=Severity.WARNING,
        )


RULES = (not_drawn, overlapping_shapes, overlapping_labels, flows_through_shapes, outside_lane, dangling_flows, too_many_nodes)


def _drawn(drawing: Drawing) -> list[Part]:
    return [node for node in drawing.nodes.values() if node.box is not None]


def _box(part: Part) -> Box:
    assert part.box is not None
    return part.box


def _segments(flow: Part, shape: Part) -> list[tuple[Point, Point]]:
    """The pieces of a flow that may not touch the shape; at its own round or slanted ends the docking piece reaches into the box."""
    pieces = list(pairwise(flow.waypoints))
    if shape.kind.endswith(("Event", "Gateway")):
        pieces = pieces[1 if shape.id == flow.source else 0 : len(pieces) - (1 if shape.id == flow.target else 0)]
    return pieces


def _lies_on(label: Box, shape: Part) -> bool:
    """Corners of the box around a circle or diamond are empty: a label may stand there."""
    box = _box(shape)
    depth = _depth(shape, box, label.nearest(box.centre))
    return label.overlaps(box) and (depth is None or depth > 0)


def _on_border(shape: Part, box: Box, point: Point) -> bool:
    depth = _depth(shape, box, point)
    if depth is not None:
        return abs(depth) <= TOLERANCE
    return box.shrunk(-TOLERANCE).has(point) and not box.shrunk(TOLERANCE).has(point)


def _depth(shape: Part, box: Box, point: Point) -> float | None:
    """How far the point lies inside a circle or diamond (negative: outside), in pixels along the axis; None for rectangles."""
    dx, dy = point[0] - box.centre[0], point[1] - box.centre[1]
    if shape.kind.endswith("Event"):
        return box.width / 2 - hypot(dx, dy)
    if shape.kind.endswith("Gateway"):
        return (0.5 - abs(dx) / box.width - abs(dy) / box.height) * box.width
    return None


def _finding(rule: str, part: Part, zh: str, en: str, severity: Severity = Severity.WARNING) -> Finding:
    return Finding(
        rule=f"geometry.{rule}",
        zh=f"{_named(part)}{zh}。请在 Camunda Modeler 中调整。",
        en=f"{_named(part)} {en}. Move it in Camunda Modeler.",
        element=part.id,
        name=part.name,
        line=part.line,
        severity=severity,
    )


def _named(part: Part) -> str:
    return f"“{part.name or part.id}”"
