"""What our reading of a diagram is made of: frozen data, free of XML and of SpiffWorkflow.

Texts that may hold FEEL are kept raw: a leading "=" marks FEEL, anything else is literal (Camunda 8's rule).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

Item = TypeVar("Item")
Key = TypeVar("Key")


class IoMapping(NamedTuple):
    """One input or output mapping (`zeebe:ioMapping`): `source` is FEEL or literal, `target` a name or dotted path."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Event:
    """What an event waits for or throws.

    `kind` is one of message, timer, signal, error, escalation, conditional, terminate, link. `name` is the message's,
    signal's or link's name; `code` the error's or escalation's (None catches every code); `timer` is date, duration or
    cycle; `expression` holds the timer's value or the condition.
    """

    kind: str
    name: str = ""
    code: str | None = None
    correlation_key: str | None = None
    timer: str = ""
    expression: str = ""


@dataclass(frozen=True, slots=True)
class Loop:
    """Multi-instance marker with `zeebe:loopCharacteristics`; all values raw."""

    sequential: bool
    input_collection: str
    input_element: str = ""
    output_collection: str = ""
    output_element: str = ""
    completion_condition: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow. `condition` is raw FEEL with its "=", or None."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: str | None = None
    process_id: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """A flow node of a diagram. `kind` is the BPMN local name (`userTask`, `boundaryEvent`, …).

    `scope` is the id of the embedded subprocess it stands in, None directly in the process. `interrupting` speaks of
    boundary events and of the start event of an event subprocess. `triggered` marks an event subprocess.
    """

    id: str
    kind: str
    process_id: str
    name: str = ""
    name_en: str = ""
    scope: str | None = None
    lane: str | None = None
    documentation: str = ""
    form_id: str | None = None
    assignee: str | None = None
    candidate_groups: str | None = None
    candidate_users: str | None = None
    due_date: str | None = None
    follow_up_date: str | None = None
    priority: str | None = None
    job_type: str | None = None
    retries: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict, hash=False)
    script: str | None = None
    decision_id: str | None = None
    result_variable: str | None = None
    called_process: str | None = None
    propagate_child: bool = True
    propagate_parent: bool = True
    properties: Mapping[str, str] = field(default_factory=dict, hash=False)
    inputs: tuple[IoMapping, ...] = ()
    outputs: tuple[IoMapping, ...] = ()
    attached_to: str | None = None
    interrupting: bool = True
    event: Event | None = None
    loop: Loop | None = None
    triggered: bool = False
    default_flow: str | None = None
    line: int | None = None

    @property
    def label(self) -> str:
        """The name a person knows it by, or its id."""
        return self.name or self.id


@dataclass(frozen=True, slots=True)
class Process:
    """One executable process of a file, with all elements and flows at every depth, by id."""

    id: str
    name: str
    name_en: str
    file_name: str
    xml: bytes = field(repr=False, hash=False)
    elements: Mapping[str, Element] = field(repr=False, hash=False)
    flows: Mapping[str, Flow] = field(repr=False, hash=False)
    properties: Mapping[str, str] = field(default_factory=dict, hash=False)
    version_tag: str | None = None
    documentation: str = ""
    line: int | None = None
    _leaving: Mapping[str, tuple[Flow, ...]] = field(init=False, repr=False, compare=False)
    _entering: Mapping[str, tuple[Flow, ...]] = field(init=False, repr=False, compare=False)
    _within: Mapping[str | None, tuple[Element, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_leaving", _grouped(self.flows.values(), lambda flow: flow.source))
        object.__setattr__(self, "_entering", _grouped(self.flows.values(), lambda flow: flow.target))
        object.__setattr__(self, "_within", _grouped(self.elements.values(), lambda element: element.scope))

    @property
    def starts(self) -> tuple[Element, ...]:
        """The start events of the process itself, in the file's order: what may start a case."""
        return tuple(element for element in self.within(None) if element.kind == "startEvent")

    def within(self, scope: str | None) -> tuple[Element, ...]:
        """The elements standing directly in the process (None) or in one embedded subprocess."""
        return self._within.get(scope, ())

    def leaving(self, element_id: str) -> tuple[Flow, ...]:
        """The sequence flows that leave an element, in the file's order."""
        return self._leaving.get(element_id, ())

    def entering(self, element_id: str) -> tuple[Flow, ...]:
        """The sequence flows that enter an element, in the file's order."""
        return self._entering.get(element_id, ())


def _grouped(items: Iterable[Item], key: Callable[[Item], Key]) -> dict[Key, tuple[Item, ...]]:
    groups: dict[Key, list[Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return {name: tuple(group) for name, group in groups.items()}
