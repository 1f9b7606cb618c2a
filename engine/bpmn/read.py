"""The door: bytes of Camunda Modeler files in, runnable processes or a list of findings out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.bpmn import building, expressions, reading, refusals, timers, xml
from engine.bpmn.data import Process
from engine.bpmn.errors import Refused
from engine.bpmn.processes import Processes
from engine.model import Finding, Severity

FUNCTIONS = {timers.CYCLE.name: timers.CYCLE}  # what FEEL may call in any diagram; hosts add it to theirs


def read(files: Mapping[str, bytes], functions: Mapping[str, Any] | None = None) -> Processes:
    """Read diagrams (file name → bytes) that call each other; `functions` are the host functions FEEL may name.

    Raises `Refused` with every finding of every file at once.
    """
    findings: list[Finding] = []
    processes: list[Process] = []
    for file_name, data in files.items():
        try:
            root = xml.parse(file_name, data)
        except xml.Unreadable as error:
            findings.append(error.finding)
            continue
        findings += refusals.in_file(file_name, root)
        for process, node in reading.processes(file_name, data, root):
            findings += refusals.in_xml(process, node)
            findings += refusals.in_process(process)
            findings += expressions.check(process, {**FUNCTIONS, **(functions or {})})
            processes.append(process)
    findings += refusals.in_release(processes)
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if errors:
        raise Refused(findings)
    return Processes(processes, building.scopes(processes), findings)
