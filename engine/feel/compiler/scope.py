"""What the compiler knows while it turns a tree into closures: which slot of the frame holds which local name.

A frame is a list: slot 0 the variables from outside, slot 1 the Run, then one slot for each local name of the expression. FEEL values never
change, so a loop may overwrite its slot, and a function simply keeps a copy of the frame it was defined in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.feel.syntax import Node
from engine.feel.types import AnyType

Frame = list[Any]
Closure = Callable[[Frame], Any]
VALUE = 2  # the slot of `?`, the value a unary test looks at


class Scope:
    """Local names, innermost layer last. A layer is a dict of name → slot, or the slot of the item of a filter."""

    def __init__(self, types: Mapping[str, AnyType]) -> None:
        self.types = types
        self.size = VALUE + 1
        self.nodes = 0
        self.free: set[str] = set()
        self.layers: list[dict[str, int] | int] = []

    def compile(self, node: Node) -> Closure:
        """Return the closure of a node."""
        self.nodes += 1
        return COMPILERS[type(node)](node, self)

    def slot(self) -> int:
        """Return a new slot of the frame."""
        self.size += 1
        return self.size - 1

    def lookup(self, name: str) -> tuple[tuple[int, ...], int | None]:
        """Return the slots of filter items that may hold the name (innermost first), and the slot that holds it for certain."""
        maybe: list[int] = []
        for layer in reversed(self.layers):
            if isinstance(layer, int):
                maybe.append(layer)
                if name == "item":
                    return tuple(maybe), layer
            elif name in layer:
                return tuple(maybe), layer[name]
        return tuple(maybe), None


def quietly(closure: Closure) -> Closure:
    """Return the closure without its warnings, for the places that ask whether something is there at all."""

    def evaluate(frame: Frame) -> Any:
        run = frame[1]
        warnings, run.warnings = run.warnings, None
        try:
            return closure(frame)
        finally:
            run.warnings = warnings

    return evaluate


COMPILERS: dict[type, Callable[[Any, Scope], Closure]] = {}


def compiles(node: type) -> Callable[[Callable[[Any, Scope], Closure]], Callable[[Any, Scope], Closure]]:
    """Register the function that compiles a kind of node (decorator)."""

    def register(function: Callable[[Any, Scope], Closure]) -> Callable[[Any, Scope], Closure]:
        COMPILERS[node] = function
        return function

    return register
