"""From a parsed file to our frozen `Process`: every flow node and sequence flow at every depth, nothing judged yet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.bpmn import events, extensions
from engine.bpmn.data import Element, Flow, Loop, Process
from engine.bpmn.xml import BPMN, Node, child, children, local, text_of

TASKS = ("task", "userTask", "manualTask", "scriptTask", "businessRuleTask", "serviceTask", "sendTask", "receiveTask")
GATEWAYS = ("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway")
EVENTS = ("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent")
SCOPES = ("subProcess", "transaction", "adHocSubProcess")
FLOW_NODES = frozenset((*TASKS, *GATEWAYS, *EVENTS, *SCOPES, "callActivity"))
ACTIVITIES = frozenset((*TASKS, *SCOPES, "callActivity"))


def processes(file_name: str, data: bytes, root: Node) -> list[tuple[Process, Node]]:
    """Return every executable process of a file with its node."""
    known = events.definitions(root)
    return [(_process(file_name, data, node, known), node) for node in children(root, "process") if node.get("isExecutable") == "true"]


def flow_nodes(node: Node) -> Iterator[tuple[Node, str | None]]:
    """Yield every flow node below a process with the id of the embedded subprocess it stands in."""
    waiting: list[tuple[Node, str | None]] = [(node, None)]
    while waiting:
        scope, scope_id = waiting.pop(0)
        for item in children(scope):
            if local(item) in FLOW_NODES:
                yield item, scope_id
                if local(item) in SCOPES:
                    waiting.append((item, item.get("id")))


def _process(file_name: str, data: bytes, node: Node, known: events.Definitions) -> Process:
    process_id = node.get("id") or ""
    lanes = _lanes(node)
    found = [_element(item, scope, process_id, lanes, known) for item, scope in flow_nodes(node)]
    extra = extensions.read(node)
    properties = extra.get("properties", {})
    tag = extensions.find(node, "versionTag")
    return Process(
        id=process_id,
        name=node.get("name") or "",
        name_en=properties.get("name_en", ""),
        file_name=file_name,
        xml=data,
        elements={element.id: element for element in found},
        flows={flow.id: flow for flow in _flows(node, process_id)},
        properties=properties,
        version_tag=tag.get("value") if tag is not None else None,
        documentation=text_of(child(node, "documentation")),
        line=node.sourceline,
    )


def _element(node: Node, scope: str | None, process_id: str, lanes: dict[str, str], known: events.Definitions) -> Element:
    fields: dict[str, Any] = extensions.read(node)
    properties = fields.get("properties", {})
    kind = local(node)
    interrupts = "isInterrupting" if kind == "startEvent" else "cancelActivity"
    element_id = node.get("id") or ""
    if element_id not in lanes and scope in lanes:
        lanes[element_id] = lanes[scope]
    return Element(
        id=element_id,
        kind=kind,
        process_id=process_id,
        name=node.get("name") or "",
        name_en=properties.get("name_en", ""),
        scope=scope,
        lane=lanes.get(element_id),
        documentation=text_of(child(node, "documentation")),
        attached_to=node.get("attachedToRef"),
        interrupting=node.get(interrupts, "true") == "true",
        event=events.read(node, known),
        loop=_loop(node),
        triggered=node.get("triggeredByEvent") == "true",
        default_flow=node.get("default"),
        line=node.sourceline,
        **fields,
    )


def _loop(node: Node) -> Loop | None:
    marker = child(node, "multiInstanceLoopCharacteristics")
    if marker is None:
        return None
    zeebe = extensions.find(marker, "loopCharacteristics")
    values = zeebe if zeebe is not None else marker
    return Loop(
        sequential=marker.get("isSequential") == "true",
        input_collection=values.get("inputCollection") or "",
        input_element=values.get("inputElement") or "",
        output_collection=values.get("outputCollection") or "",
        output_element=values.get("outputElement") or "",
        completion_condition=text_of(child(marker, "completionCondition")),
    )


def _flows(node: Node, process_id: str) -> Iterator[Flow]:
    for flow in node.iter(BPMN + "sequenceFlow"):
        condition = child(flow, "conditionExpression")
        yield Flow(
            id=flow.get("id") or "",
            source=flow.get("sourceRef") or "",
            target=flow.get("targetRef") or "",
            name=flow.get("name") or "",
            condition=(text_of(condition) or None) if condition is not None else None,
            process_id=process_id,
            line=flow.sourceline,
        )


def _lanes(node: Node) -> dict[str, str]:
    """Element id to lane name; nested lanes come later in the file, so the innermost wins."""
    lanes: dict[str, str] = {}
    for lane in node.iter(BPMN + "lane"):
        for reference in children(lane, "flowNodeRef"):
            lanes[text_of(reference)] = lane.get("name") or lane.get("id") or ""
    return lanes
