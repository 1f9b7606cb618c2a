"""Which event may stand where, and whether it says what it waits for or throws."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.data import Element, Process
from engine.bpmn.finding import about
from engine.bpmn.reading import ACTIVITIES
from engine.bpmn.refusals.unsupported import DEFINITIONS
from engine.model import Finding

POSITIONS: dict[str, frozenset[str]] = {
    "startEvent": frozenset(("message", "timer")),
    "triggeredStart": frozenset(("message", "timer", "signal", "conditional", "error", "escalation")),
    "intermediateCatchEvent": frozenset(("message", "timer", "signal", "conditional", "link")),
    "intermediateThrowEvent": frozenset(("message", "signal", "escalation", "link")),
    "boundaryEvent": frozenset(("message", "timer", "signal", "conditional", "error", "escalation")),
    "endEvent": frozenset(("message", "signal", "escalation", "error", "terminate")),
}
MUST_HAVE = ("intermediateCatchEvent", "boundaryEvent")
NAMES = {
    "message": ("消息", "message"),
    "signal": ("信号", "signal"),
    "error": ("错误", "error"),
    "escalation": ("上报", "escalation"),
    "link": ("链接", "link"),
    "conditional": ("条件", "condition"),
    "timer": ("定时", "timer"),
}


def positions(process: Process) -> Iterator[Finding]:
    """An event must make sense where it stands."""
    for element in process.elements.values():
        place = _position(process, element)
        allowed = POSITIONS.get(place)
        if allowed is None or (element.event is not None and element.event.kind in DEFINITIONS):
            continue
        if element.event is None:
            if element.kind in MUST_HAVE:
                zh = "这个事件没有说明等待什么。请用扳手图标选择消息、定时、信号或条件。"
                en = "This event does not say what it waits for. Choose message, timer, signal or condition with the wrench."
                yield about(process, element, "noEvent", zh, en)
        elif element.event.kind not in allowed:
            kinds_zh = "、".join(NAMES.get(kind, (kind, kind))[0] for kind in sorted(allowed))
            kinds_en = ", ".join(sorted(allowed))
            zh = f"“{element.event.kind}”事件不能放在这里。此处可用：{kinds_zh}。"
            en = f"A {element.event.kind} event cannot stand here. Possible here: {kinds_en}."
            yield about(process, element, "eventPosition", zh, en)


def references(process: Process) -> Iterator[Finding]:
    """A message, signal or link has a name, a thrown error or escalation a code, a condition its expression."""
    for element in process.elements.values():
        event = element.event
        if event is None or event.kind not in NAMES:
            continue
        zh_kind, en_kind = NAMES[event.kind]
        if event.kind in ("message", "signal", "link") and not event.name:
            zh = f"没有指定{zh_kind}，或它没有名称。请在属性面板选择或新建{zh_kind}并填写名称。"
            en = f"No {en_kind} is given, or it has no name. Choose or create the {en_kind} in the properties panel and name it."
            yield about(process, element, "reference", zh, en)
        if event.kind in ("error", "escalation") and not event.code and _throws(element):
            zh = f"抛出的{zh_kind}没有代码。请在属性面板选择{zh_kind}并填写代码。"
            en = f"The thrown {en_kind} has no code. Choose the {en_kind} in the properties panel and give it a code."
            yield about(process, element, "reference", zh, en)
        if event.kind == "conditional" and not event.expression:
            zh, en = (
                "条件事件没有表达式。请填写以“=”开头的条件。",
                "The conditional event has no expression. Write a condition starting with “=”.",
            )
            yield about(process, element, "reference", zh, en)
        if event.kind == "message" and event.name and not event.correlation_key and _waits(process, element):
            zh = f"消息“{event.name}”没有关联键，任何案件都会收到它。请在消息上填写关联键，例如 =caseNumber。"
            en = f"The message “{event.name}” has no correlation key: any case would take it. Give it one, such as =caseNumber."
            yield about(process, element, "correlation", zh, en)


def timers(process: Process) -> Iterator[Finding]:
    """A timer has a value, and repeats only where it can."""
    for element in process.elements.values():
        event = element.event
        if event is None or event.kind != "timer":
            continue
        if not event.timer:
            zh, en = "定时事件没有时间。请填写日期、时长或周期。", "The timer has no time. Give it a date, a duration or a cycle."
            yield about(process, element, "timerValue", zh, en)
        once = element.kind == "intermediateCatchEvent" or (element.kind == "boundaryEvent" and element.interrupting)
        if event.timer == "cycle" and (once or (_is_triggered(process, element) and element.interrupting)):
            zh = "这里的定时只会发生一次，不能用周期。请改用日期或时长，或改成非中断的边界事件。"
            en = "This timer happens once, so it cannot be a cycle. Use a date or duration, or a non-interrupting boundary event."
            yield about(process, element, "timerCycle", zh, en)


def boundaries(process: Process) -> Iterator[Finding]:
    """A boundary event sits on an activity; an error always interrupts."""
    for element in process.elements.values():
        catches_error = element.event is not None and element.event.kind == "error"
        if catches_error and not element.interrupting and element.kind in ("boundaryEvent", "startEvent"):
            zh, en = (
                "错误总是中断。请改成中断的错误事件，或改用上报事件。",
                "An error always interrupts. Draw an interrupting error event, or an escalation.",
            )
            yield about(process, element, "errorInterrupts", zh, en)
        if element.kind != "boundaryEvent":
            continue
        host = process.elements.get(element.attached_to or "")
        if host is None or host.kind not in ACTIVITIES or host.scope != element.scope:
            zh, en = (
                "边界事件没有附着在任务、子流程或调用活动上。请把它拖到活动的边上。",
                "This boundary event sits on no activity. Drag it onto the edge of a task, subprocess or call activity.",
            )
            yield about(process, element, "boundaryHost", zh, en)


def links(process: Process) -> Iterator[Finding]:
    """Each link leads to exactly one place in its own scope."""
    found = [e for e in process.elements.values() if e.event is not None and e.event.kind == "link" and e.event.name]
    catches = [(e.scope, e.event.name) for e in found if e.kind == "intermediateCatchEvent" and e.event is not None]
    for element in found:
        assert element.event is not None
        place = (element.scope, element.event.name)
        if element.kind == "intermediateThrowEvent" and place not in catches:
            zh = f"链接“{element.event.name}”没有对应的链接捕获事件。请在同一层画一个同名的链接捕获事件，或改用连线。"
            en = f"The link “{element.event.name}” leads nowhere. Draw a link catch event of this name in the same scope, or a flow."
            yield about(process, element, "link", zh, en)
        if element.kind == "intermediateCatchEvent" and catches.count(place) > 1:
            zh = f"同一层有两个名为“{element.event.name}”的链接捕获事件。请改名。"
            en = f"There are two link catch events called “{element.event.name}” in this scope. Rename one."
            yield about(process, element, "link", zh, en)


def _position(process: Process, element: Element) -> str:
    return "triggeredStart" if _is_triggered(process, element) else element.kind


def _is_triggered(process: Process, element: Element) -> bool:
    owner = process.elements.get(element.scope or "")
    return element.kind == "startEvent" and owner is not None and owner.triggered


def _throws(element: Element) -> bool:
    return element.kind in ("intermediateThrowEvent", "endEvent")


def _waits(process: Process, element: Element) -> bool:
    return element.kind in ("intermediateCatchEvent", "boundaryEvent", "receiveTask") or _is_triggered(process, element)
