"""What cannot run is refused when a file is read: small rules, one topic per file, each saying what to draw instead.

A rule is a generator of findings. Those over XML see what our reading drops; the others see the frozen `Process`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from engine.bpmn.data import Process
from engine.bpmn.refusals import deadlock, events, flows, ids, loops, release, scopes, tasks, unsupported
from engine.bpmn.xml import Node
from engine.model import Finding

IN_XML = (
    unsupported.nodes,
    unsupported.markers,
    unsupported.event_definitions,
    unsupported.data_stores,
    unsupported.listeners,
    ids.duplicates,
)
IN_PROCESS = (
    ids.reserved,
    scopes.starts,
    scopes.event_subprocesses,
    scopes.size,
    flows.ends,
    flows.directions,
    flows.exclusive,
    flows.defaults,
    flows.event_gateways,
    flows.doubled,
    events.positions,
    events.references,
    events.timers,
    events.boundaries,
    events.links,
    tasks.complete,
    tasks.mappings,
    loops.multi_instance,
    deadlock.parallel_joins,
)
IN_RELEASE = (release.process_ids, release.calls, release.cycles, release.propagation)


def in_file(file_name: str, root: Node) -> list[Finding]:
    """Judge what stands outside of the processes."""
    return list(unsupported.executable(file_name, root))


def in_xml(process: Process, node: Node) -> list[Finding]:
    """Judge what only the XML of a process shows."""
    return list(chain.from_iterable(rule(process, node) for rule in IN_XML))


def in_process(process: Process) -> list[Finding]:
    """Judge one process."""
    return list(chain.from_iterable(rule(process) for rule in IN_PROCESS))


def in_release(processes: Sequence[Process]) -> list[Finding]:
    """Judge the processes together."""
    return list(chain.from_iterable(rule(processes) for rule in IN_RELEASE))
