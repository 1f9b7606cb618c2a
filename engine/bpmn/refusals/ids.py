"""Ids that would be mistaken for others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from engine.bpmn.data import Process
from engine.bpmn.finding import about, at_node
from engine.bpmn.xml import BPMN, Node
from engine.model import Finding

LEGAL = re.compile(r"[^\W\d][\w.-]*")
OURS = re.compile(r"Start|End|Root|.*__w|.*__body|.*\.EndJoin|.*\.BoundaryEventSplit")  # names of the engine below us


def duplicates(process: Process, node: Node) -> Iterator[Finding]:
    """Two things with one id: only one of them would run."""
    tags = [item for item in node.iter() if isinstance(item.tag, str) and item.tag.startswith(BPMN) and item.get("id")]
    counted = Counter(item.get("id") for item in tags)
    for item in tags:
        if counted[item.get("id")] > 1:
            counted[item.get("id")] = 0
            zh = f"编号“{item.get('id')}”在流程里出现多次。请在属性面板改成不同的编号。"
            en = f"The id “{item.get('id')}” is used more than once in this process. Give each element its own id in the properties panel."
            yield at_node(process, item, "duplicateId", zh, en)
    for flow in node.iter(BPMN + "sequenceFlow"):
        if not flow.get("id"):
            zh, en = "连线没有编号。请用 Camunda Modeler 重新保存。", "The flow has no id. Save the file again with Camunda Modeler."
            yield at_node(process, flow, "noId", zh, en)


def reserved(process: Process) -> Iterator[Finding]:
    """Ids the engine uses itself, and ids no XML file should have."""
    for element in process.elements.values():
        if LEGAL.fullmatch(element.id) and not OURS.fullmatch(element.id):
            continue
        zh = f"编号“{element.id}”不能使用。请改成以字母开头、只含字母、数字、下划线的编号，且不要用 Start 或 End。"
        en = f"The id “{element.id}” cannot be used. Choose letters, digits and underscores, starting with a letter, but not Start or End."
        yield about(process, element, "reservedId", zh, en)
