"""From our `Process` to SpiffWorkflow specs made of our node kinds: one spec per scope (process or embedded subprocess).

Built straight from our reading, without recursion: the library's own parser knows neither the dialect nor flow ids, and
its recursion fails on long chains.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

from engine.bpmn.data import Element, Process
from engine.bpmn.nodes.boundary import Boundary
from engine.bpmn.nodes.catch import Catch
from engine.bpmn.nodes.end import End
from engine.bpmn.nodes.eventgateway import EventGateway
from engine.bpmn.nodes.exclusive import Exclusive
from engine.bpmn.nodes.inclusive import Inclusive
from engine.bpmn.nodes.job import Job
from engine.bpmn.nodes.multi import Multi
from engine.bpmn.nodes.node import Node, Way
from engine.bpmn.nodes.parallel import Parallel
from engine.bpmn.nodes.person import PersonTask
from engine.bpmn.nodes.rule import Rule
from engine.bpmn.nodes.script import Script
from engine.bpmn.nodes.start import Start
from engine.bpmn.nodes.subprocess import Call, Subprocess
from engine.bpmn.nodes.throw import Throw
from engine.bpmn.nodes.trigger import Trigger

ITEM = "#item"  # suffix of the node that a multi-instance's items stand on; no XML id can hold "#"

KINDS: dict[str, Callable[..., Node]] = {
    "boundaryEvent": Boundary,
    "businessRuleTask": Rule,
    "endEvent": End,
    "eventBasedGateway": EventGateway,
    "exclusiveGateway": Exclusive,
    "inclusiveGateway": Inclusive,
    "intermediateCatchEvent": Catch,
    "intermediateThrowEvent": Throw,
    "manualTask": PersonTask,
    "parallelGateway": Parallel,
    "receiveTask": Catch,
    "scriptTask": Script,
    "sendTask": Throw,
    "serviceTask": Job,
    "startEvent": Start,
    "task": PersonTask,
    "userTask": PersonTask,
}


class Scope(BpmnProcessSpec):  # the library's word: a process spec
    """The nodes of one process or embedded subprocess. `nodes` by name; `triggers` are armed when the scope starts."""

    def __init__(self, name: str, process: Process, owner: Element | None) -> None:
        super().__init__(name=name, filename=process.file_name)
        self.process = process
        self.owner = owner
        self.task_specs.clear()  # the library's start, join and end: our machine starts and ends a scope
        self.start = Node(self, "Start", Element(id="Start", kind="root", process_id=process.id))
        self.triggers: tuple[Trigger, ...] = ()

    @property
    def nodes(self) -> dict[str, Node]:
        """All nodes by name: the element id, or with `ITEM` for the items of a multi-instance."""
        found: dict[str, Node] = self.task_specs
        return found

    def begin(self, start_event: str | None = None) -> Start | None:
        """Return the start node: the named one, else the none start, else the only one."""
        starts = [node for node in self.nodes.values() if isinstance(node, Start)]
        if start_event is not None:
            return next((node for node in starts if node.name == start_event), None)
        nameless = [node for node in starts if node.element.event is None]
        return nameless[0] if nameless else starts[0] if len(starts) == 1 else None


def scopes(processes: Iterable[Process]) -> dict[str, Scope]:
    """Return the scopes of all processes: `<process>` and `<process>/<subprocess>`."""
    built: dict[str, Scope] = {}
    for process in processes:
        built[process.id] = _scope(process.id, process, None)
        for element in process.elements.values():
            if element.kind == "subProcess":
                name = scope_name(process.id, element.id)
                built[name] = _scope(name, process, element)
    return built


def scope_name(process_id: str, subprocess_id: str) -> str:
    """The name of the scope inside an embedded subprocess."""
    return f"{process_id}/{subprocess_id}"


def _scope(name: str, process: Process, owner: Element | None) -> Scope:
    scope = Scope(name, process, owner)
    here = process.within(owner.id if owner else None)
    for element in here:
        _node(scope, element)
    triggers = []
    for element in here:
        if element.triggered:
            start = next(e for e in process.within(element.id) if e.kind == "startEvent")
            triggers.append(Trigger(scope, start.id, start, scope.nodes[element.id]))
    scope.triggers = tuple(triggers)
    _connect(scope)
    return scope


def _node(scope: Scope, element: Element) -> Node:
    if element.loop is None:
        return _plain(scope, element.id, element)
    item = _plain(scope, element.id + ITEM, element)
    return Multi(scope, element.id, element, item)


def _plain(scope: Scope, name: str, element: Element) -> Node:
    if element.kind == "subProcess":
        return Subprocess(scope, name, element, scope_name(scope.process.id, element.id))
    if element.kind == "callActivity":
        return Call(scope, name, element, element.called_process or "")
    return KINDS[element.kind](scope, name, element)


def _connect(scope: Scope) -> None:
    process, nodes = scope.process, scope.nodes
    own = [node for node in nodes.values() if not node.name.endswith(ITEM) and not isinstance(node, Trigger) and node is not scope.start]
    for node in own:
        flows = process.leaving(node.element.id)
        node.ways = tuple(Way(nodes[f.target], f, f.id == node.element.default_flow) for f in flows)
        node.sources = frozenset(f.source for f in process.entering(node.element.id))
        node.boundaries = tuple(b for b in own if b.element.attached_to == node.element.id and isinstance(b, Boundary))
        if node.element.event is not None and node.element.event.kind == "link" and isinstance(node, Throw):
            node.ways = tuple(Way(target) for target in own if _is_link_target(target, node.element.event.name))
    for node in nodes.values():
        if isinstance(node, (Catch, Boundary, Trigger, EventGateway)):
            awaited = [way.node for way in node.ways] if isinstance(node, EventGateway) else [node]
            node.event_kinds = frozenset(n.element.event.kind for n in awaited if n.element.event is not None)
    for node in own:
        if isinstance(node, Inclusive) and len(node.sources) > 1:
            node.leads_here = {source: _leading_to(source, node, own) for source in node.sources}


def _is_link_target(node: Node, name: str) -> bool:
    event = node.element.event
    return isinstance(node, Catch) and event is not None and event.kind == "link" and event.name == name


def _leading_to(source: str, join: Node, nodes: list[Node]) -> frozenset[str]:
    """Names of the nodes with a path of flows to `source`, itself included, that does not visit the join behind it."""
    before: dict[str, set[str]] = {}
    for node in nodes:
        for way in node.ways:
            before.setdefault(way.node.name, set()).add(node.name)
    found, waiting = {source}, [source]
    while waiting:
        for name in before.get(waiting.pop(), ()):
            if name not in found and name != join.name:
                found.add(name)
                waiting.append(name)
    return frozenset(found)
