"""Functions made of boxed expressions: function definitions, business knowledge models and decision services as FEEL values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from engine.dmn.items import Items
from engine.dmn.place import Logic, Variables
from engine.dmn.xml import Element, attribute, children
from engine.feel.functions import Callable_
from engine.feel.run import Run
from engine.feel.types import ANY, UNKNOWN, AnyType, FunctionType, fit
from engine.feel.values import incoming, kind

if TYPE_CHECKING:
    from engine.dmn.evaluation import Evaluation

Parameters = tuple[tuple[str, AnyType], ...]


def formal_parameters(element: Element, items: Items) -> Parameters:
    """Return the names and types of a function's parameters."""
    return tuple((attribute(part, "name"), items.of(part)) for part in children(element, "formalParameter"))


class Boxed(Callable_):
    """A function whose body is a boxed expression, with the names around it."""

    __slots__ = ("body", "evaluation", "name", "parameters", "result", "scope", "signature", "types")

    def __init__(
        self, name: str, parameters: Parameters, body: Logic, scope: Variables, evaluation: Evaluation, result: AnyType = ANY
    ) -> None:
        self.name = name
        self.parameters = tuple(parameter for parameter, _ in parameters)
        self.types = tuple(typ for _, typ in parameters)
        self.body = body
        self.scope = scope
        self.evaluation = evaluation
        self.result = result
        self.signature = FunctionType(self.types, UNKNOWN if result == ANY else result)

    def invoke(self, arguments: Sequence[Any], run: Run) -> Any:
        """Evaluate the body with the parameters set; null when their number does not fit or a value is not of its type."""
        if len(arguments) != len(self.parameters):
            return run.refuse_call(self.name)
        scope = dict(self.scope)
        for name, typ, value in zip(self.parameters, self.types, arguments, strict=True):
            fitted, good = fit(incoming(value), typ)
            if not good:
                return run.wrong_type(self.name, kind(value))
            scope[name] = fitted
        run.budget.enter()
        try:
            return self.evaluation.fit(self.body(scope, self.evaluation), self.result, self.name)
        finally:
            run.budget.leave()
