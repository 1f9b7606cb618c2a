"""A decision model, ready to answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine import feel
from engine.dmn.errors import CyclicRequirement, UnknownDecision
from engine.dmn.evaluation import Evaluation
from engine.dmn.knowledge import Boxed
from engine.dmn.nodes import DecisionNode, InputNode, KnowledgeNode, Node, Ref, ServiceNode
from engine.dmn.place import Variables
from engine.dmn.results import Decision, Result, Table
from engine.dmn.services import service
from engine.feel.limits import Budget, LimitReached, active, answer
from engine.feel.run import Run
from engine.model import Finding

_STEPS = 5_000_000  # of one question, all its expressions together


class Model:
    """One DMN file. `decisions` by id; `findings` what is wrong with it (empty unless read leniently)."""

    def __init__(self, name: str, namespace: str, nodes: Mapping[str, Node], imports: Mapping[str, Model], findings: list[Finding]) -> None:
        self.name = name
        self.namespace = namespace
        self.nodes = nodes
        self.imports = imports
        self.findings = findings
        self.known_functions: frozenset[str] = frozenset()
        self.decisions: dict[str, Decision] = {}

    def describe(self, functions: frozenset[str]) -> None:
        """Fill `decisions`, once all nodes and imports are there."""
        self.known_functions = functions
        for node in self.nodes.values():
            if isinstance(node, DecisionNode):
                requires = tuple(ref.id for ref in node.requires if isinstance(self.follow(ref)[1], DecisionNode))
                policy = "" if node.table is None else node.table.hit_policy
                inputs = tuple(sorted(self._read_by(node, set())))
                self.decisions[node.id] = Decision(node.id, node.label or node.name, node.table, inputs, policy, requires, node.type_name)

    def decide(self, name_or_id: str, inputs: Mapping[str, Any], functions: Mapping[str, feel.HostFunction] | None = None) -> Result:
        """Answer a decision from the values of its inputs by name.

        Raises UnknownDecision, HitPolicyViolation, CyclicRequirement; everything else that goes wrong is null and a warning.
        """
        node = self._named(name_or_id, (DecisionNode,))
        evaluation = Evaluation(inputs, functions)
        value = self._bounded(lambda budget: self.value(node, evaluation), evaluation)
        read = self._read_by(node, set()) if isinstance(node, DecisionNode) else set()
        return _result(value, evaluation, {name: inputs[name] for name in sorted(read) if name in inputs}, node)

    def invoke(self, name: str, /, **arguments: Any) -> Result:
        """Call a knowledge model or decision service by the names of its parameters; a decision is decided from them."""
        node = self._named(name, (KnowledgeNode, ServiceNode, DecisionNode))
        if isinstance(node, DecisionNode):
            return self.decide(node.id, arguments)
        evaluation = Evaluation(arguments, None)

        def call(budget: Budget) -> Any:
            function = self.value(node, evaluation)
            return function.invoke_named(tuple(arguments), list(arguments.values()), Run({}, evaluation.warnings, budget))

        value = self._bounded(call, evaluation)
        return _result(value, evaluation, dict(arguments), node)

    def _bounded(self, question: Callable[[Budget], Any], evaluation: Evaluation) -> Any:
        """Answer under one budget for all expressions together, unless one is already running."""
        before = active.budget
        active.budget = budget = before or Budget(_STEPS)
        try:
            return answer(question(budget))
        except LimitReached as reached:
            evaluation.warn("limit", reached.zh, reached.en)
        except RecursionError:
            evaluation.warn("limit", "决策嵌套过深。", "The decision is nested too deep.")
        finally:
            active.budget = before
        return None

    def table(self, name: str) -> Table | None:
        """Return the table of a decision or knowledge model, as written."""
        for node in self.nodes.values():
            if isinstance(node, DecisionNode | KnowledgeNode) and name in (node.name, node.id) and node.table is not None:
                return node.table
        return next((found for model in self.imports.values() if (found := model.table(name)) is not None), None)

    def follow(self, ref: Ref) -> tuple[Model, Node | None]:
        """Return the model and node a reference points to."""
        if ref.namespace in ("", self.namespace):
            return self, self.nodes.get(ref.id)
        for model in self.imports.values():
            if model.namespace == ref.namespace:
                return model, model.nodes.get(ref.id)
        return self, None

    def value(self, node: Node, evaluation: Evaluation) -> Any:
        """Return the value of a node; each is evaluated once for a question."""
        key = (self.namespace, node.id)
        if key in evaluation.values:
            return evaluation.values[key]
        if isinstance(node, InputNode):
            return evaluation.fit(evaluation.inputs.get(node.name), node.type, node.name)
        if isinstance(node, KnowledgeNode):
            return self._knowledge(node, evaluation)
        if isinstance(node, ServiceNode):
            return service(self, node, evaluation)
        if key in evaluation.running:
            raise CyclicRequirement(name=node.name)
        evaluation.running.append(key)
        try:
            value = evaluation.fit(node.logic(self.scope(node, evaluation), evaluation), node.type, node.name)
        finally:
            evaluation.running.pop()
        evaluation.values[key] = value
        evaluation.decisions.setdefault(node.name, value)
        return value

    def scope(self, node: DecisionNode | KnowledgeNode, evaluation: Evaluation) -> Variables:
        """Return the names a decision sees: the inputs given, and what it requires."""
        variables: Variables = dict(evaluation.inputs) if isinstance(node, DecisionNode) else {}
        for ref in node.requires:
            model, required = self.follow(ref)
            if required is None:
                evaluation.warn("unknown-name", f"找不到所需的元素 {ref.id}。", f"The required element {ref.id} is missing.", ref.id)
                continue
            value = model.value(required, evaluation.of_import(self._alias(model)) if model is not self else evaluation)
            if model is self:
                variables[required.name] = value
            else:
                alias = self._alias(model)
                holder = variables if not alias else variables.setdefault(alias, {})
                if holder is not variables:
                    holder = variables[alias] = dict(holder) if isinstance(holder, Mapping) else {}
                holder[required.name] = value
        return variables

    def _alias(self, model: Model) -> str:
        return next(alias for alias, found in self.imports.items() if found is model)

    def _knowledge(self, node: KnowledgeNode, evaluation: Evaluation) -> Boxed:
        key = (self.namespace, node.id)
        function = Boxed(node.name, node.parameters, node.logic, {}, evaluation, node.type)
        evaluation.values[key] = function  # before its requirements, which may lead back here: knowledge may be recursive
        function.scope = self.scope(node, evaluation) | {node.name: function}
        return function

    def _read_by(self, node: Node, seen: set[str]) -> set[str]:
        """The names of variables a decision reads from outside, those of required decisions included."""
        if node.id in seen or not isinstance(node, DecisionNode | KnowledgeNode):
            return set()
        seen.add(node.id)
        found: set[str] = set()
        provided: set[str] = set(self.imports)
        for ref in node.requires:
            model, required = self.follow(ref)
            if isinstance(required, InputNode):
                found.add(required.name)
            elif required is not None:
                provided.add(required.name)
                found |= model._read_by(required, seen)
        own = {parameter for parameter, _ in node.parameters} | {node.name} if isinstance(node, KnowledgeNode) else set()
        return found | {name for name in node.free if name not in provided and name not in own and name not in self.known_functions}

    def _named(self, name_or_id: str, kinds: tuple[type, ...]) -> Node:
        found = self.nodes.get(name_or_id)
        if found is not None and isinstance(found, kinds):
            return found
        named = (node for node in self.nodes.values() if node.name == name_or_id or getattr(node, "label", "") == name_or_id)
        node = next((node for node in named if isinstance(node, kinds)), None)
        if node is None:
            raise UnknownDecision(name=name_or_id)
        return node

    def __iter__(self) -> Iterator[Decision]:
        return iter(self.decisions.values())


def _result(value: Any, evaluation: Evaluation, inputs: dict[str, Any], node: Node) -> Result:
    own = tuple(rule for rule in evaluation.fired if rule.decision == node.name)
    has_table = getattr(node, "table", None) is not None
    others = {name: found for name, found in evaluation.decisions.items() if name != node.name}
    return Result(
        value, own if has_table else evaluation.fired, tuple(evaluation.warnings), inputs, evaluation.tables, evaluation.fired, others
    )
