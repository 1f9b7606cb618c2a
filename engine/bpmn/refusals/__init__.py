"""What cannot run is refused when a file is read: rules as small functions, each with what to draw instead."""

from __future__ import annotations

from engine.bpmn.data import Process
from engine.bpmn.xml import Node
from engine.model import Finding


def in_file(file_name: str, root: Node) -> list[Finding]:
    return []


def in_xml(process: Process, node: Node) -> list[Finding]:
    return []


def in_process(process: Process) -> list[Finding]:
    return []


def in_release(processes: list[Process]) -> list[Finding]:
    return []
