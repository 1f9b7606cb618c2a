"""A set of diagrams, read and ready to run. Immutable after reading and shared by all cases and threads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.bpmn.building import Scope
from engine.bpmn.data import Process
from engine.bpmn.errors import UnknownProcess
from engine.model import Finding


class Processes:
    """All executable processes of a release, by id. `warnings` lists what may run but deserves a look."""

    def __init__(self, processes: Iterable[Process], scopes: Mapping[str, Scope], warnings: Iterable[Finding] = ()) -> None:
        self._processes = {process.id: process for process in processes}
        self.scopes = dict(scopes)
        self.warnings = tuple(warnings)

    @property
    def ids(self) -> tuple[str, ...]:
        """The process ids, in the order of the files."""
        return tuple(self._processes)

    def process(self, process_id: str) -> Process:
        """Return a process; raise `UnknownProcess` when no diagram holds it."""
        if process_id not in self._processes:
            raise UnknownProcess(id=process_id)
        return self._processes[process_id]

    def __contains__(self, process_id: str) -> bool:
        return process_id in self._processes
