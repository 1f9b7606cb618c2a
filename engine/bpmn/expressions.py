"""Compiles every FEEL text of a process when the file is read, and checks literal timers, so nothing fails later for its syntax."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine import feel
from engine.bpmn import timers
from engine.bpmn.data import Element, Process
from engine.bpmn.finding import about
from engine.errors import JiesuError
from engine.model import Finding

MAY_BE_LITERAL = {
    "assignee": "assignee",
    "candidate_groups": "candidateGroups",
    "candidate_users": "candidateUsers",
    "due_date": "dueDate",
    "follow_up_date": "followUpDate",
    "priority": "priority",
    "job_type": "task type",
    "retries": "retries",
    "called_process": "processId",
    "decision_id": "decisionId",
}


def check(process: Process, functions: dict[str, Any]) -> list[Finding]:
    """Return a finding for every text that is no valid FEEL or no valid timer."""
    findings: list[Finding] = []
    for element in process.elements.values():
        for where, text in texts(element):
            findings += _compiled(process, element, where, text, functions)
        findings += _timer(process, element)
    for flow in process.flows.values():
        if flow.condition is None:
            continue
        if flow.condition.startswith("="):
            findings += _compiled(process, flow, "condition", flow.condition, functions)
        else:
            findings.append(
                about(
                    process,
                    flow,
                    "condition",
                    f"连线条件“{flow.condition}”不是 FEEL 表达式。请写成以“=”开头的表达式，例如 =amount > 1000。",
                    f"The condition “{flow.condition}” is no FEEL expression. Write one that starts with “=”, for example =amount > 1000.",
                )
            )
    return findings


def texts(element: Element) -> Iterator[tuple[str, str]]:
    """Yield the texts that are FEEL when they start with "=", and those that must be."""
    for field, where in MAY_BE_LITERAL.items():
        text = getattr(element, field)
        if text and text.startswith("="):
            yield where, text
    for mapping in (*element.inputs, *element.outputs):
        if mapping.source.startswith("="):
            yield f"mapping to {mapping.target}", mapping.source
    if element.properties.get("excluded", "").startswith("="):
        yield "excluded", element.properties["excluded"]
    yield from _must(element)


def _must(element: Element) -> Iterator[tuple[str, str]]:
    if element.script:
        yield "script", element.script
    event, loop = element.event, element.loop
    if event is not None:
        if event.correlation_key:
            yield "correlation key", event.correlation_key
        if event.kind == "conditional" and event.expression:
            yield "condition", event.expression
        if event.kind == "timer" and event.expression.startswith("="):
            yield "timer", event.expression
    if loop is not None:
        if loop.input_collection:
            yield "input collection", loop.input_collection
        if loop.output_element:
            yield "output element", loop.output_element
        if loop.completion_condition:
            yield "completion condition", loop.completion_condition


def _compiled(process: Process, place: Any, where: str, text: str, functions: dict[str, Any]) -> list[Finding]:
    if not text.startswith("="):
        zh = f"“{where}”的值“{text}”不是 FEEL 表达式，请以“=”开头。"
        en = f"The value “{text}” ({where}) is no FEEL expression; start it with “=”."
        return [about(process, place, "feel", zh, en)]
    try:
        feel.compile(text[1:], functions=functions)
    except JiesuError as error:
        zh = f"“{where}”的 FEEL 表达式“{text}”有误：{error.text('zh')}"
        en = f"The FEEL expression “{text}” ({where}) is wrong: {error.text('en')}"
        return [about(process, place, "feel", zh, en)]
    return []


def _timer(process: Process, element: Element) -> list[Finding]:
    event = element.event
    if event is None or event.kind != "timer" or event.expression.startswith("="):
        return []
    if event.expression and timers.is_valid(event.timer, event.expression):
        return []
    zh = f"定时器的值“{event.expression}”无效。时长写 PT2H 或 P3D，日期写 2026-12-01T10:00:00+08:00，周期写 R3/PT1H，或以“=”开头的 FEEL。"
    en = (
        f"The timer value “{event.expression}” is not valid. Write a duration as PT2H or P3D, a date as 2026-12-01T10:00:00+08:00, "
        "a cycle as R3/PT1H, or FEEL starting with “=”."
    )
    return [about(process, element, "timer", zh, en)]
