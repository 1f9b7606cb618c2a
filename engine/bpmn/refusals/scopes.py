"""How a process or subprocess begins, and how large it may be."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.data import Element, Process
from engine.bpmn.finding import about
from engine.model import Finding

LARGEST = 400  # nodes in one scope; a diagram of 25 is already large (modelling.md)
LARGEST_PROCESS = 1_000  # nodes in all scopes of a process


def starts(process: Process) -> Iterator[Finding]:
    """A process has a start event, and at most one without an event; a subprocess exactly one without."""
    for owner in _scopes(process):
        if owner is not None and owner.triggered:
            continue
        here = [e for e in process.within(owner.id if owner else None) if e.kind == "startEvent"]
        nameless = [e for e in here if e.event is None]
        if not here:
            zh, en = "没有开始事件。请画一个。", "There is no start event. Draw one."
            yield about(process, owner, "noStart", zh, en)
        for extra in nameless[1:]:
            zh = "只能有一个无事件的开始事件。请删去多余的，或改成消息、定时开始事件。"
            en = "There may be only one start event without an event. Remove this one, or make it a message or timer start event."
            yield about(process, extra, "severalStarts", zh, en)
        if owner is not None and len(nameless) < len(here):
            zh = "子流程要从无事件的开始事件开始。由事件启动的请画成事件子流程。"
            en = "A subprocess begins with a start event without an event. Draw an event subprocess for what an event starts."
            yield about(process, owner, "subprocessStart", zh, en)


def event_subprocesses(process: Process) -> Iterator[Finding]:
    """An event subprocess begins with exactly one event and stands by itself."""
    for element in process.elements.values():
        if not element.triggered:
            continue
        here = [e for e in process.within(element.id) if e.kind == "startEvent"]
        if len(here) != 1 or here[0].event is None:
            zh = "事件子流程必须有且只有一个带事件（消息、定时、信号、条件、错误或上报）的开始事件。"
            en = "An event subprocess has exactly one start event, with a message, timer, signal, condition, error or escalation."
            yield about(process, element, "eventSubprocessStart", zh, en)
        attached = any(e.attached_to == element.id for e in process.elements.values())
        if process.entering(element.id) or process.leaving(element.id) or attached:
            zh = "事件子流程不能有进出的连线，也不能带边界事件。请删去它们，由开始事件启动它。"
            en = "No flow enters or leaves an event subprocess and no boundary event sits on it. Remove them; its start event starts it."
            yield about(process, element, "eventSubprocessFlow", zh, en)
        if element.loop is not None:
            zh = "事件子流程不能是多实例。请把多实例画在它里面的子流程或任务上。"
            en = "An event subprocess cannot be multi-instance. Put the marker on a subprocess or task inside it."
            yield about(process, element, "eventSubprocessLoop", zh, en)


def size(process: Process) -> Iterator[Finding]:
    """More nodes than anybody can review."""
    if len(process.elements) > LARGEST_PROCESS:
        zh = f"这个流程共有 {len(process.elements)} 个节点，超过 {LARGEST_PROCESS} 个的上限。请拆成几个流程，用调用活动连接。"
        en = f"There are {len(process.elements)} nodes in this process, more than {LARGEST_PROCESS}. Split it over several."
        yield about(process, None, "size", zh, en)
    for owner in _scopes(process):
        here = process.within(owner.id if owner else None)
        if len(here) > LARGEST:
            zh = f"一张图里有 {len(here)} 个节点，超过 {LARGEST} 个的上限。请拆成几个流程，用调用活动连接。"
            en = f"There are {len(here)} nodes in one diagram, more than {LARGEST}. Split it and connect the parts with call activities."
            yield about(process, owner, "size", zh, en)


def _scopes(process: Process) -> list[Element | None]:
    return [None, *(e for e in process.elements.values() if e.kind == "subProcess")]
