"""What can go wrong while tokens move."""

from __future__ import annotations

from engine.bpmn import Element
from engine.errors import Broken, Conflict, JiesuError

REASONS: dict[str, tuple[str, str]] = {
    "condition": (
        "条件“{expression}”的结果既不是 true 也不是 false，而是 {value}。",
        "the condition “{expression}” gave {value}, neither true nor false.",
    ),
    "no_way": ("没有任何出口连线的条件成立，也没有默认连线。", "no condition of the outgoing flows is true and there is no default flow."),
    "timer": ("定时器的值“{expression}”不是有效的时间：{value}。", "the timer value “{expression}” is no valid time: {value}."),
    "correlation": ("消息“{name}”的关联键“{expression}”为空。", "the correlation key “{expression}” of message “{name}” is null."),
    "collection": ("多实例的集合“{expression}”不是列表。", "the collection “{expression}” of the multi-instance is no list."),
    "depth": ("子流程嵌套超过 {limit} 层，流程可能在反复调用自己。", "more than {limit} nested calls; the process probably calls itself."),
    "steps": (
        "连续执行了 {limit} 步仍没有等待的任务，流程图里有无法停下的循环。",
        "{limit} steps without anything to wait for: the diagram loops without end.",
    ),
    "uncaught": ("错误“{code}”没有任何边界事件或事件子流程处理。", "nobody catches the error “{code}”."),
    "no_process": ("要调用的流程“{value}”不存在。", "the called process “{value}” does not exist."),
    "no_start": ("流程“{value}”没有可用的开始事件。", "the process “{value}” has no start event that fits."),
    "raised": ("{zh}", "{en}"),
    "unforeseen": ("发生未预料的错误（{name}）。", "an unexpected error ({name})."),
}


class Stopped(Broken):
    """The case stopped at an element; throw the machine away, keep the stored state, record an incident."""

    zh = "节点“{label}”（{element_id}）：{reason_zh}"
    en = "Element “{label}” ({element_id}): {reason_en}"

    def __init__(self, element: Element, reason: str, expression: str | None = None, **facts: object) -> None:
        zh, en = REASONS[reason]
        known = {"expression": expression or "", **facts}
        self.reason = reason
        self.element_id = element.id
        self.process_id = element.process_id
        self.expression = expression
        super().__init__(
            label=element.label,
            element_id=element.id,
            process_id=element.process_id,
            expression=expression,
            reason_zh=zh.format(**known),
            reason_en=en.format(**known),
        )


class NotWaiting(Conflict):
    """The task, job or event is no longer (or was never) waiting."""

    zh = "该任务或事件（{key}）已不在等待中。"
    en = "This task or event ({key}) is no longer waiting."


def stopped(element: Element, error: Exception, expression: str | None = None) -> Stopped:
    """Return the reason for an error that came from outside the machine (FEEL, a decision, a service function)."""
    if isinstance(error, Stopped):
        return error
    if isinstance(error, JiesuError):
        return Stopped(element, "raised", expression, zh=error.text("zh"), en=error.text("en"))
    return Stopped(element, "unforeseen", expression, name=type(error).__name__)  # its text may hold what a customer said; the log has it
