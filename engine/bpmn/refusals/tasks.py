"""Tasks that do not say what to do, and mappings that lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from engine.bpmn.data import Element, Process
from engine.bpmn.finding import about
from engine.model import Finding

TARGET = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")

MISSING: tuple[tuple[str, Callable[[Element], object], str, str], ...] = (
    (
        "scriptTask",
        lambda e: e.script,
        "脚本任务没有 FEEL 表达式。请选择“FEEL expression”并填写。",
        "The script task has no FEEL expression. Choose “FEEL expression” and write one.",
    ),
    (
        "scriptTask",
        lambda e: e.result_variable,
        "脚本任务没有结果变量。请填写“Result variable”。",
        "The script task has no result variable. Fill in “Result variable”.",
    ),
    (
        "businessRuleTask",
        lambda e: e.decision_id,
        "业务规则任务没有决策。请选择“DMN decision”并填写决策编号。",
        "The business rule task has no decision. Choose “DMN decision” and give its id.",
    ),
    (
        "businessRuleTask",
        lambda e: e.result_variable,
        "业务规则任务没有结果变量。请填写“Result variable”。",
        "The business rule task has no result variable. Fill in “Result variable”.",
    ),
    (
        "serviceTask",
        lambda e: e.job_type,
        "服务任务没有类型。请在“Task definition”填写类型。",
        "The service task has no type. Fill in the type under “Task definition”.",
    ),
    (
        "receiveTask",
        lambda e: e.event,
        "接收任务没有消息。请选择或新建消息。",
        "The receive task has no message. Choose or create one.",
    ),
    (
        "sendTask",
        lambda e: e.event or e.job_type,
        "发送任务既没有消息也没有类型。请填写其中之一。",
        "The send task has neither a message nor a type. Give it one of them.",
    ),
    (
        "callActivity",
        lambda e: e.called_process,
        "调用活动没有指明流程。请填写“Process ID”。",
        "The call activity names no process. Fill in “Process ID”.",
    ),
)


def complete(process: Process) -> Iterator[Finding]:
    """Each kind of task has what it needs to run."""
    for element in process.elements.values():
        for kind, given, zh, en in MISSING:
            if element.kind == kind and not given(element):
                yield about(process, element, "incomplete", zh, en)


def mappings(process: Process) -> Iterator[Finding]:
    """Mappings and results have variable names as targets."""
    for element in process.elements.values():
        names = [mapping.target for mapping in (*element.inputs, *element.outputs)]
        names += [element.result_variable] if element.result_variable else []
        for name in names:
            if not TARGET.fullmatch(name):
                zh = f"“{name}”不能作变量名。请用字母开头、由字母、数字、下划线组成的名称，可用点号分层。"
                en = f"“{name}” is no variable name. Use letters, digits and underscores, starting with a letter; dots make levels."
                yield about(process, element, "variableName", zh, en)
