"""Functions on booleans (10.3.4.2, 10.3.4.4)."""

from __future__ import annotations

from typing import Any

from engine.feel.functions import builtin
from engine.feel.limits import spend


@builtin("not", "negand: Any", nullable=True)
def not_(value: Any) -> bool | None:
    """Return the contrary, null for what is not a boolean."""
    return not value if isinstance(value, bool) else None


@builtin("is", "value1?: Any", "value2?: Any")
def is_(one: Any = None, other: Any = None) -> bool:
    """Return whether two values are the same thing in FEEL's semantic domain: same type, same parts, same zone (10.3.2.2)."""
    from engine.feel.builtins.identity import identical

    return identical(one, other)


def _all(items: list[Any]) -> bool | None:
    return _ternary(items, False)


def _any(items: list[Any]) -> bool | None:
    return _ternary(items, True)


def _ternary(items: list[Any], decisive: bool) -> bool | None:
    spend(len(items))
    if any(item is decisive for item in items):
        return decisive
    return (not decisive) if all(item is (not decisive) for item in items) else None


for _name, _call in (("all", _all), ("and", _all), ("any", _any), ("or", _any)):
    builtin(_name, "list: list", nullable=True)(_call)
    builtin(_name, "list*: Any", nullable=True)(lambda *items, call=_call: call(list(items)))
