"""The nodes of a decision requirements graph, compiled: inputs, decisions, knowledge models, services."""

from __future__ import annotations

from dataclasses import dataclass

from engine.dmn.knowledge import Parameters
from engine.dmn.place import Logic
from engine.dmn.results import Table
from engine.feel.types import AnyType


@dataclass(frozen=True, slots=True)
class Ref:
    """Points to a node: the namespace of its model ("" for the own one) and its id."""

    namespace: str
    id: str


@dataclass(frozen=True, slots=True)
class InputNode:
    """Input data."""

    id: str
    name: str
    type: AnyType


@dataclass(frozen=True, slots=True)
class DecisionNode:
    """A decision with its requirements. `free` are the names its expressions read from outside."""

    id: str
    name: str
    type: AnyType
    type_name: str
    logic: Logic
    requires: tuple[Ref, ...]
    free: frozenset[str]
    table: Table | None
    label: str = ""
    kind: str = ""  # local name of the boxed expression: decisionTable, literalExpression, context, …
    text: str = ""  # of a literal expression, as written


@dataclass(frozen=True, slots=True)
class KnowledgeNode:
    """A business knowledge model: a named function."""

    id: str
    name: str
    type: AnyType
    parameters: Parameters
    logic: Logic
    requires: tuple[Ref, ...]
    free: frozenset[str]
    table: Table | None


@dataclass(frozen=True, slots=True)
class ServiceNode:
    """A decision service: a function over decisions, some of which are given from outside."""

    id: str
    name: str
    type: AnyType
    outputs: tuple[Ref, ...]
    input_decisions: tuple[Ref, ...]
    input_data: tuple[Ref, ...]
    label: str = ""


Node = InputNode | DecisionNode | KnowledgeNode | ServiceNode
