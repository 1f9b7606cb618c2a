"""Reads what Camunda Modeler keeps in `bpmn:extensionElements`: one small function per zeebe element.

Facts of the dialect: zeebe-bpmn-moddle, the schema Camunda Modeler itself writes with.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.bpmn.data import IoMapping
from engine.bpmn.xml import BPMN, ZEEBE, Node, local


def read(node: Node) -> dict[str, Any]:
    """Return the `Element` fields that the extensions of this node give (never those of nested nodes)."""
    fields: dict[str, Any] = {}
    for box in node.findall(BPMN + "extensionElements"):
        for extension in box:
            if isinstance(extension.tag, str) and extension.tag.startswith(ZEEBE):
                reader = READERS.get(local(extension))
                if reader is not None:
                    fields.update(reader(extension))
    return fields


def find(node: Node, name: str) -> Node | None:
    """Return the first zeebe extension of this local name."""
    for box in node.findall(BPMN + "extensionElements"):
        found = box.find(ZEEBE + name)
        if found is not None:
            return found
    return None


def _assignment(node: Node) -> dict[str, Any]:
    names = {"assignee": "assignee", "candidateGroups": "candidate_groups", "candidateUsers": "candidate_users"}
    return {field: node.get(attribute) for attribute, field in names.items() if node.get(attribute)}


def _form(node: Node) -> dict[str, Any]:
    return {"form_id": node.get("formId") or node.get("externalReference")}


def _schedule(node: Node) -> dict[str, Any]:
    return {"due_date": node.get("dueDate") or None, "follow_up_date": node.get("followUpDate") or None}


def _priority(node: Node) -> dict[str, Any]:
    return {"priority": node.get("priority") or None}


def _job(node: Node) -> dict[str, Any]:
    return {"job_type": node.get("type") or None, "retries": node.get("retries") or None}


def _headers(node: Node) -> dict[str, Any]:
    return {"headers": {h.get("key") or "": h.get("value") or "" for h in node.findall(ZEEBE + "header")}}


def _script(node: Node) -> dict[str, Any]:
    return {"script": node.get("expression") or None, "result_variable": node.get("resultVariable") or None}


def _decision(node: Node) -> dict[str, Any]:
    return {"decision_id": node.get("decisionId") or None, "result_variable": node.get("resultVariable") or None}


def _called(node: Node) -> dict[str, Any]:
    return {
        "called_process": node.get("processId") or None,
        "propagate_child": node.get("propagateAllChildVariables", "true") == "true",
        "propagate_parent": node.get("propagateAllParentVariables", "true") == "true",
    }


def _mapping(node: Node) -> dict[str, Any]:
    def lines(name: str) -> tuple[IoMapping, ...]:
        return tuple(IoMapping(m.get("source") or "", m.get("target") or "") for m in node.findall(ZEEBE + name))

    return {"inputs": lines("input"), "outputs": lines("output")}


def _properties(node: Node) -> dict[str, Any]:
    return {"properties": {p.get("name") or "": p.get("value") or "" for p in node.findall(ZEEBE + "property")}}


READERS: dict[str, Callable[[Node], dict[str, Any]]] = {
    "assignmentDefinition": _assignment,
    "calledDecision": _decision,
    "calledElement": _called,
    "formDefinition": _form,
    "ioMapping": _mapping,
    "priorityDefinition": _priority,
    "properties": _properties,
    "script": _script,
    "taskDefinition": _job,
    "taskHeaders": _headers,
    "taskSchedule": _schedule,
}
