"""Decision services as functions (DMN 1.5, 7.2.5 and 10.4): inputs come in by position or name, output decisions go out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.dmn.evaluation import Evaluation
from engine.dmn.knowledge import Boxed
from engine.dmn.nodes import DecisionNode, InputNode, Ref, ServiceNode
from engine.dmn.place import Variables
from engine.feel.types import ANY

if TYPE_CHECKING:
    from engine.dmn.model import Model


def service(model: Model, node: ServiceNode, evaluation: Evaluation) -> Boxed:
    """Return the service as a function of its input data and input decisions, in this order."""
    inputs = [_target(model, ref) for ref in (*node.input_data, *node.input_decisions)]
    parameters = tuple((found.name, found.type) for _, found in inputs)

    def body(scope: Variables, outer: Evaluation) -> Any:
        inner = outer.inside({name: scope[name] for name, _ in parameters})
        inner.decisions = outer.decisions  # what was decided on the way is told, also from inside
        for owner, found in inputs:
            inner.values[owner.namespace, found.id] = scope[found.name]
        results = {found.name: owner.value(found, inner) for owner, found in (_target(model, ref) for ref in node.outputs)}
        return results if len(results) != 1 else next(iter(results.values()))

    return Boxed(node.name, parameters, body, {}, evaluation, node.type)


def _target(model: Model, ref: Ref) -> tuple[Model, InputNode | DecisionNode]:
    owner, found = model.follow(ref)
    if isinstance(found, InputNode | DecisionNode):
        return owner, found
    return owner, InputNode(ref.id, ref.id, ANY)
