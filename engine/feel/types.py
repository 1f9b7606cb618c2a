"""The types of FEEL and of item definitions: what a value is an instance of, and how a value is fitted to a type (DMN 1.5, 10.3.2.9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from engine.feel import moments
from engine.feel.limits import spend
from engine.feel.values import Function, Range, kind

SIMPLE = frozenset(
    {
        "Any",
        "Null",
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
        "range",
        "function",
    }
)
ALIASES = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "any": "Any",
    "duration": "days and time duration",
}


@dataclass(frozen=True, slots=True)
class Type:
    """A named type: one of SIMPLE, or an item definition to be looked up when the expression is compiled."""

    name: str


@dataclass(frozen=True, slots=True)
class ListType:
    """`list<item>`."""

    item: AnyType


@dataclass(frozen=True, slots=True)
class RangeType:
    """`range<item>`."""

    item: AnyType


@dataclass(frozen=True, slots=True)
class ContextType:
    """`context<name: type, …>`; a value may have more entries than these."""

    entries: tuple[tuple[str, AnyType], ...]


@dataclass(frozen=True, slots=True)
class FunctionType:
    """`function<type, …> -> type`."""

    parameters: tuple[AnyType, ...]
    result: AnyType


@dataclass(frozen=True, slots=True)
class Constrained:
    """An item definition with allowed values: `allows(value)` answers whether a single value is among them."""

    base: AnyType
    allows: Callable[[Any], bool] = field(compare=False)
    text: str = ""


AnyType = Type | ListType | RangeType | ContextType | FunctionType | Constrained
ANY = Type("Any")
UNKNOWN = Type("?")  # what cannot be told without evaluating; conforms to everything


def resolve(typ: AnyType, known: Mapping[str, AnyType]) -> AnyType:
    """Replace names of item definitions by what `known` says of them; unknown names stay."""
    if isinstance(typ, Type):
        name = ALIASES.get(typ.name, typ.name)
        return known.get(typ.name, Type(name))
    if isinstance(typ, ListType | RangeType):
        return type(typ)(resolve(typ.item, known))
    if isinstance(typ, ContextType):
        return ContextType(tuple((name, resolve(entry, known)) for name, entry in typ.entries))
    if isinstance(typ, FunctionType):
        return FunctionType(tuple(resolve(entry, known) for entry in typ.parameters), resolve(typ.result, known))
    return typ


def conforms(value: Any, typ: AnyType, strict: bool = False) -> bool:
    """Return `value instance of typ`; null is an instance of nothing but `Null`.

    Allowed values do not matter to it (10.3.2.9); `strict` counts them, as the declared type of a variable does.
    """
    if isinstance(typ, Type):
        found = kind(value)
        return value is not None if typ.name == "Any" else found == "null" if typ.name == "Null" else found == typ.name
    if isinstance(typ, Constrained):
        return conforms(value, typ.base, strict) and (not strict or typ.allows(value))
    spend(1)
    if isinstance(typ, ListType):
        return type(value) is list and all(item is None or conforms(item, typ.item, strict) for item in value)
    if isinstance(typ, RangeType):
        return type(value) is Range and all(end is None or conforms(end, typ.item, strict) for end in (value.start, value.end))
    if isinstance(typ, ContextType):
        return type(value) is dict and all(_has(value, name, entry, strict) for name, entry in typ.entries)
    signature = getattr(value, "signature", None)
    return isinstance(value, Function) and (signature is None or conforming(signature, typ))


def _has(value: dict[str, Any], name: str, typ: AnyType, strict: bool) -> bool:
    """Parts of a value may be null, but must be there."""
    return name in value and (value[name] is None or conforms(value[name], typ, strict))


def conforming(one: AnyType, other: AnyType) -> bool:
    """Return whether every value of `one` is a value of `other` (functions: parameters the other way round)."""
    if isinstance(other, Constrained):
        return conforming(one, other.base)
    if isinstance(one, Constrained):
        return conforming(one.base, other)
    if other == ANY or UNKNOWN in (one, other) or one == Type("Null"):
        return True
    if isinstance(one, ListType | RangeType) and type(one) is type(other):
        return conforming(one.item, other.item)
    if isinstance(one, ContextType) and isinstance(other, ContextType):
        mine = dict(one.entries)
        return all(name in mine and conforming(mine[name], entry) for name, entry in other.entries)
    if isinstance(one, FunctionType) and isinstance(other, FunctionType):
        fit = len(one.parameters) == len(other.parameters) and conforming(one.result, other.result)
        return fit and all(conforming(theirs, mine) for mine, theirs in zip(one.parameters, other.parameters, strict=True))
    return one == other


def fit(value: Any, typ: AnyType) -> tuple[Any, bool]:
    """Fit a value to a declared type by the implicit conversions of 10.3.2.9.4 (singleton lists, date → midnight UTC).

    Returns the fitted value and True, or None and False when it does not fit. Null fits every type.
    """
    if value is None or _accepts(value, typ):
        return value, True
    if type(value) is list and len(value) == 1 and not isinstance(typ, ListType) and _accepts(value[0], typ):
        return value[0], True
    if isinstance(typ, ListType) and type(value) is not list and _accepts([value], typ):
        return [value], True
    if isinstance(typ, Constrained) and isinstance(typ.base, ListType) and type(value) is not list and _accepts([value], typ):
        return [value], True
    if typ == Type("date and time") and kind(value) == "date":
        return moments.combine(value, moments.make_time(0, 0, moments.fixed_zone(timedelta(0)))), True
    return None, False


def _accepts(value: Any, typ: AnyType) -> bool:
    return typ == ANY or (isinstance(typ, Type) and typ.name not in SIMPLE) or conforms(value, typ, strict=True)


def type_text(typ: AnyType) -> str:
    """Return the type as FEEL writes it."""
    if isinstance(typ, Type):
        return typ.name
    if isinstance(typ, ListType | RangeType):
        return f"{'list' if isinstance(typ, ListType) else 'range'}<{type_text(typ.item)}>"
    if isinstance(typ, ContextType):
        return "context<" + ", ".join(f"{name}: {type_text(entry)}" for name, entry in typ.entries) + ">"
    if isinstance(typ, FunctionType):
        return "function<" + ", ".join(map(type_text, typ.parameters)) + f"> -> {type_text(typ.result)}"
    return type_text(typ.base)
