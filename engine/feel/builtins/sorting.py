"""`sort` with a function that tells which of two items comes first (10.3.4.11)."""

from __future__ import annotations

from functools import cmp_to_key
from typing import TYPE_CHECKING, Any

from engine.feel.functions import Callable_, builtin
from engine.feel.limits import list_of, spend
from engine.feel.values import ascending

if TYPE_CHECKING:
    from engine.feel.run import Run


@builtin("sort", "list: list", "precedes: function", run=True)
def sort(run: Run, items: list[Any], precedes: Callable_) -> list[Any]:
    """Return the items ordered by `precedes(a, b)`; equal items keep their order."""

    def compare(one: Any, other: Any) -> int:
        spend(2)
        if precedes.invoke([one, other], run) is True:
            return -1
        return 1 if precedes.invoke([other, one], run) is True else 0

    return list_of(sorted(items, key=cmp_to_key(compare)))


@builtin("sort", "list: list")
def sort_naturally(items: list[Any]) -> list[Any] | None:
    """Return the items in ascending order; null when they cannot be ordered."""
    found = ascending(items)
    return None if found is None else list_of(found)
