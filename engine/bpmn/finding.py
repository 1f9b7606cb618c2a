"""Makes the findings of this package: where, what, and what to draw instead, in both languages."""

from __future__ import annotations

from engine.bpmn.data import Element, Flow, Process
from engine.bpmn.xml import Node
from engine.model import Finding, Severity


def about(process: Process, element: Element | Flow | None, rule: str, zh: str, en: str, severity: Severity = Severity.ERROR) -> Finding:
    """Return a finding at an element or flow of a process (or at the process itself)."""
    place = process if element is None else element
    return Finding(
        rule=f"bpmn.{rule}",
        zh=zh,
        en=en,
        file=process.file_name,
        element=place.id,
        name=place.name,
        line=place.line,
        severity=severity,
    )


def at_node(process: Process, node: Node, rule: str, zh: str, en: str, severity: Severity = Severity.ERROR) -> Finding:
    """Return a finding at a node of the XML."""
    return Finding(
        rule=f"bpmn.{rule}",
        zh=zh,
        en=en,
        file=process.file_name,
        element=node.get("id") or "",
        name=node.get("name") or "",
        line=node.sourceline,
        severity=severity,
    )
