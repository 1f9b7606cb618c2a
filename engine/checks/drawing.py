"""The drawn side of a diagram: what stands where, read from its diagram interchange (BPMN 2.0, chapter 12)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.bpmn.xml import BPMN, Node, children, local

DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
BOUNDS = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
WAYPOINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
SUBPROCESSES = {"subProcess", "transaction", "adHocSubProcess"}

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the drawing, in pixels; y grows downward."""

    x: float
    y: float
    width: float
    height: float

    @property
    def centre(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2

    def overlaps(self, other: Box) -> bool:
        """Do the two share an area? Touching borders do not."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )

    def has(self, point: Point) -> bool:
        """Is the point inside or on the border?"""
        return self.x <= point[0] <= self.x + self.width and self.y <= point[1] <= self.y + self.height

    def nearest(self, point: Point) -> Point:
        """Return the point of the box that is nearest to the given one."""
        return min(max(point[0], self.x), self.x + self.width), min(max(point[1], self.y), self.y + self.height)

    def holds(self, other: Box) -> bool:
        """Does the other lie wholly inside (borders included)?"""
        return self.has((other.x, other.y)) and self.has((other.x + other.width, other.y + other.height))

    def shrunk(self, by: float) -> Box:
        """Return the box without a rim of so many pixels."""
        return Box(self.x + by, self.y + by, max(self.width - 2 * by, 0), max(self.height - 2 * by, 0))

    def crossed_by(self, start: Point, end: Point) -> bool:
        """Does the straight line run through the inside? (Liang and Barsky's clipping)"""
        (x, y), (dx, dy) = start, (end[0] - start[0], end[1] - start[1])
        enter, leave = 0.0, 1.0
        for step, room in ((-dx, x - self.x), (dx, self.x + self.width - x), (-dy, y - self.y), (dy, self.y + self.height - y)):
            if step == 0:
                if room <= 0:
                    return False
            elif step < 0:
                enter = max(enter, room / step)
            else:
                leave = min(leave, room / step)
        return enter < leave


@dataclass(frozen=True, slots=True)
class Part:
    """One element that must be drawn: a node, flow, lane or pool, with its place if it has one.

    `inside` names the subprocesses around it, `host` the activity a boundary event sits on, `lane` the lane that lists it.
    """

    id: str
    kind: str
    name: str
    line: int | None
    box: Box | None = None
    label: Box | None = None
    waypoints: tuple[Point, ...] = ()
    source: str = ""
    target: str = ""
    host: str = ""
    lane: str = ""
    inside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawing:
    """All parts of one file: nodes by id, flows, lanes and pools."""

    nodes: dict[str, Part]
    flows: tuple[Part, ...]
    lanes: dict[str, Part]
    pools: tuple[Part, ...]


def read(root: Node) -> Drawing:
    """Return the drawing of a parsed diagram; what has no diagram interchange has no box and no waypoints."""
    shapes = {shape.get("bpmnElement", ""): shape for shape in root.iter(DI + "BPMNShape", DI + "BPMNEdge")}
    nodes: dict[str, Part] = {}
    flows: list[Part] = []
    lanes: dict[str, Part] = {}
    for process in children(root, "process"):
        membership = {text.text or "": lane.get("id", "") for lane in process.iter(BPMN + "lane") for text in children(lane, "flowNodeRef")}
        lanes |= {lane.get("id", ""): _part(lane, shapes) for lane in process.iter(BPMN + "lane")}
        for node, inside in _walk(process, ()):
            if local(node) == "sequenceFlow":
                flows.append(_part(node, shapes, inside))
            else:
                part = _part(node, shapes, inside, membership.get(node.get("id", ""), ""))
                nodes[part.id] = part
    pools = tuple(_part(pool, shapes) for pool in root.iter(BPMN + "participant"))
    return Drawing(nodes, tuple(flows), lanes, pools)


def _walk(scope: Node, inside: tuple[str, ...]) -> Iterator[tuple[Node, tuple[str, ...]]]:
    """Give each node and flow with the subprocesses around it."""
    for node in children(scope):
        kind = local(node)
        if kind == "sequenceFlow" or _is_node(kind):
            yield node, inside
        if kind in SUBPROCESSES:
            yield from _walk(node, (*inside, node.get("id", "")))


def _is_node(kind: str) -> bool:
    return kind in SUBPROCESSES or kind in {"task", "callActivity"} or kind.endswith(("Task", "Event", "Gateway"))


def _part(node: Node, shapes: dict[str, Node], inside: tuple[str, ...] = (), lane: str = "") -> Part:
    drawn = shapes.get(node.get("id", ""))
    line = node.sourceline
    return Part(
        id=node.get("id", ""),
        kind=local(node),
        name=node.get("name", ""),
        line=line if isinstance(line, int) else None,
        box=_box(drawn),
        label=_box(drawn.find(DI + "BPMNLabel")) if drawn is not None else None,
        waypoints=_waypoints(drawn),
        source=node.get("sourceRef", ""),
        target=node.get("targetRef", ""),
        host=node.get("attachedToRef", ""),
        lane=lane,
        inside=inside,
    )


def _waypoints(drawn: Node | None) -> tuple[Point, ...]:
    if drawn is None:
        return ()
    return tuple((float(point.get("x", 0)), float(point.get("y", 0))) for point in drawn.iter(WAYPOINT))


def _box(drawn: Node | None) -> Box | None:
    bounds = drawn.find(BOUNDS) if drawn is not None else None
    if bounds is None:
        return None
    return Box(*(float(bounds.get(side, 0)) for side in ("x", "y", "width", "height")))

