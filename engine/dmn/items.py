"""Item definitions: the types a model names, with their allowed values (DMN 1.5, 7.3.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine import feel
from engine.dmn.xml import Element, attribute, child, children, text
from engine.feel.types import ANY, AnyType, Constrained, ContextType, FunctionType, ListType, Type

_PLAIN = {
    "integer": "number",
    "long": "number",
    "double": "number",
    "int": "number",
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "any": "Any",
    "": "Any",
    "Any": "Any",
}
_KNOWN = frozenset(
    {
        "number",
        "string",
        "boolean",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
        "list",
        "context",
        "function",
    }
)
Wrong = Callable[[Element, feel.SyntaxError_], None]


class Items:
    """The types of one model, its imports included (their names carry the import's name)."""

    def __init__(self, definitions: Mapping[str, Element], imported: Mapping[str, AnyType], wrong: Wrong) -> None:
        self._definitions = definitions
        self._wrong = wrong
        self._open: set[str] = set()
        self.types: dict[str, AnyType] = dict(imported)
        for name in definitions:
            self.named(name)

    def named(self, name: str) -> AnyType:
        """Return the type of a typeRef; unknown names accept anything."""
        plain = name.removeprefix("feel:")
        if plain in self.types:
            return self.types[plain]
        if plain in self._definitions and plain not in self._open:
            self._open.add(plain)
            self.types[plain] = self._read(self._definitions[plain])
            self._open.discard(plain)
            return self.types[plain]
        return named_type(plain)

    def of(self, element: Element | None) -> AnyType:
        """Return the type an element's `typeRef` attribute names."""
        return ANY if element is None else self.named(attribute(element, "typeRef"))

    def _read(self, element: Element) -> AnyType:
        components = list(children(element, "itemComponent"))
        function = child(element, "functionItem")
        typ: AnyType
        if components:
            typ = ContextType(tuple((attribute(part, "name"), self._read(part)) for part in components))
        elif function is not None:
            given = tuple(self.of(part) for part in children(function, "parameters"))
            typ = FunctionType(given, self.named(attribute(function, "outputTypeRef")))
        else:
            typ = self.named(text(child(element, "typeRef")))
        typ = self._constrained(typ, child(element, "allowedValues"))
        if attribute(element, "isCollection") == "true":
            typ = ListType(typ)
        return self._constrained(typ, child(element, "typeConstraint"))

    def _constrained(self, typ: AnyType, allowed: Element | None) -> AnyType:
        written = text(allowed)
        if allowed is None or not written:
            return typ
        try:
            test = feel.compile_unary(written)
        except feel.SyntaxError_ as error:
            self._wrong(allowed, error)
            return typ
        return Constrained(typ, _allows(test), written)


def named_type(name: str) -> AnyType:
    """Return the type of FEEL that a typeRef names, also by an older name; anything else accepts any value."""
    plain = name.removeprefix("feel:")
    mapped = _PLAIN.get(plain, plain)
    return Type(mapped) if mapped in _KNOWN else ANY


def _allows(test: feel.UnaryTest) -> Callable[[Any], bool]:
    return lambda value: test.evaluate(value, {}) is True


def component_names(definitions: Mapping[str, Element]) -> set[str]:
    """Return the names of all components, at any depth: paths may use them."""
    found: set[str] = set()
    stack = list(definitions.values())
    while stack:
        for part in children(stack.pop(), "itemComponent"):
            found.add(attribute(part, "name"))
            stack.append(part)
    return found


def allowed_values(typ: AnyType) -> str:
    """Return the allowed values as written, empty when any value may be."""
    return typ.text if isinstance(typ, Constrained) else ""
