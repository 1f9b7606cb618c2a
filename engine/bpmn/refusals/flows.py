"""Sequence flows and gateways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.bpmn.data import Process
from engine.bpmn.finding import about
from engine.model import Finding


def ends(process: Process) -> Iterator[Finding]:
    """A flow leads from one node to another of the same scope."""
    for flow in process.flows.values():
        source, target = process.elements.get(flow.source), process.elements.get(flow.target)
        if source is None or target is None:
            zh = "连线有一端没有连到节点。请重新连接。"
            en = "This flow is not connected at both ends. Connect it again."
            yield about(process, flow, "looseFlow", zh, en)
        elif source.scope != target.scope:
            zh = "连线穿过了子流程的边框。请连到子流程本身，或在里面画开始、结束事件。"
            en = "This flow crosses the border of a subprocess. Connect the subprocess itself, with start and end events inside."
            yield about(process, flow, "crossingFlow", zh, en)


def directions(process: Process) -> Iterator[Finding]:
    """Nothing enters a start or boundary event, nothing leaves an end event."""
    for flow in process.flows.values():
        source, target = process.elements.get(flow.source), process.elements.get(flow.target)
        if target is not None and target.kind in ("startEvent", "boundaryEvent"):
            zh, en = "开始事件和边界事件不能有进入的连线。", "No flow may enter a start or boundary event."
            yield about(process, flow, "direction", f"{zh}请改变连线方向。", f"{en} Turn the flow round.")
        if source is not None and source.kind == "endEvent":
            zh, en = "结束事件之后不能再有连线。", "No flow may leave an end event."
            yield about(process, flow, "direction", f"{zh}请改画中间事件。", f"{en} Draw an intermediate event instead.")


def exclusive(process: Process) -> Iterator[Finding]:
    """Behind an exclusive gateway that splits, every flow has a condition or is the default."""
    for element in process.elements.values():
        leaving = process.leaving(element.id)
        if element.kind != "exclusiveGateway" or len(leaving) < 2:
            continue
        for flow in leaving:
            if flow.condition is None and flow.id != element.default_flow:
                zh = f"网关“{element.label}”之后的这条连线没有条件。请写条件（以“=”开头），或在右键菜单设为默认连线。"
                en = f"This flow behind “{element.label}” has no condition. Write one (starting with “=”) or make it the default flow."
                yield about(process, flow, "noCondition", zh, en)


def defaults(process: Process) -> Iterator[Finding]:
    """A default flow leaves its own node."""
    for element in process.elements.values():
        if element.default_flow and element.default_flow not in {flow.id for flow in process.leaving(element.id)}:
            zh = f"默认连线“{element.default_flow}”不是从这个节点出发的。请重新设置默认连线。"
            en = f"The default flow “{element.default_flow}” does not leave this node. Set the default flow again."
            yield about(process, element, "defaultFlow", zh, en)


def event_gateways(process: Process) -> Iterator[Finding]:
    """Behind an event-based gateway stand events only, each reached from there alone."""
    for element in process.elements.values():
        if element.kind != "eventBasedGateway":
            continue
        leaving = process.leaving(element.id)
        if len(leaving) < 2:
            zh = "事件网关之后至少要有两个事件。请补画，或直接用一个中间捕获事件。"
            en = "At least two events stand behind an event-based gateway. Draw another, or use one intermediate catch event alone."
            yield about(process, element, "eventGateway", zh, en)
        for flow in leaving:
            target = process.elements.get(flow.target)
            if target is None:
                continue
            is_catch = target.kind == "intermediateCatchEvent" and target.event is not None and target.event.kind != "link"
            if not (is_catch or target.kind == "receiveTask"):
                zh = f"事件网关之后只能直接连中间捕获事件或接收任务，不能连“{target.label}”。请在中间加一个捕获事件。"
                en = f"Only events stand behind an event-based gateway, not “{target.label}”. Put a catch event between."
                yield about(process, flow, "eventGateway", zh, en)
            elif len(process.entering(target.id)) > 1 or any(e.attached_to == target.id for e in process.elements.values()):
                zh = f"“{target.label}”由事件网关引出，不能再有别的进入连线或边界事件。"
                en = f"“{target.label}” stands behind an event-based gateway: no other flow enters it, no boundary event sits on it."
                yield about(process, flow, "eventGateway", zh, en)


def doubled(process: Process) -> Iterator[Finding]:
    """Two flows from one node into one parallel join: one of the two tokens would wait for ever."""
    for element in process.elements.values():
        if element.kind != "parallelGateway":
            continue
        counted = Counter(flow.source for flow in process.entering(element.id))
        for flow in process.entering(element.id):
            if counted[flow.source] > 1:
                counted[flow.source] = 0
                zh = f"从同一节点到并行网关“{element.label}”有两条连线。请只留一条。"
                en = f"Two flows lead from one node into the parallel gateway “{element.label}”. Keep one of them."
                yield about(process, flow, "doubledFlow", zh, en)
