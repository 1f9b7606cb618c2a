"""Functions on lists (10.3.4.4), except those that reckon or sort."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.feel.builtins.whole import place, whole
from engine.feel.functions import Callable_, builtin
from engine.feel.limits import LimitReached, list_of, spend
from engine.feel.values import equal, kind

if TYPE_CHECKING:
    from engine.feel.run import Run


@builtin("list contains", "list: list", "element: Any")
def list_contains(items: list[Any], element: Any) -> bool:
    """Return whether one item equals the element."""
    spend(len(items))
    return any(equal(item, element) is True for item in items)


@builtin("count", "list: list")
def count(items: list[Any]) -> Decimal:
    """Return the number of items."""
    return Decimal(len(items))


@builtin("count", "c*: Any")
def count_of(*items: Any) -> Decimal | None:
    """Return the number of arguments."""
    return None if items == (None,) else Decimal(len(items))


@builtin("sublist", "list: list", "start position: number", "length?: number")
def sublist(items: list[Any], start: Decimal, length: Decimal | None = None) -> list[Any] | None:
    """Return the items from `start` (1-based, negative from the end)."""
    first = place(start, len(items))
    if first is None:
        return None
    if length is None:
        return list_of(items[first:])
    size = whole(length)
    return None if size is None or size < 0 or first + size > len(items) else list_of(items[first : first + size])


@builtin("append", "list: list", "item*: Any")
def append(items: list[Any], *more: Any) -> list[Any]:
    """Return the list with items at its end."""
    return list_of([*items, *more])


@builtin("concatenate", "list*: list")
def concatenate(*lists: list[Any]) -> list[Any]:
    """Return the lists one after the other."""
    return list_of([item for items in lists for item in items])


@builtin("insert before", "list: list", "position: number", "newItem: Any")
def insert_before(items: list[Any], position: Decimal, item: Any) -> list[Any] | None:
    """Return the list with an item before a position."""
    found = place(position, len(items))
    return None if found is None else list_of([*items[:found], item, *items[found:]])


@builtin("remove", "list: list", "position: number")
def remove(items: list[Any], position: Decimal) -> list[Any] | None:
    """Return the list without the item at a position."""
    found = place(position, len(items))
    return None if found is None else list_of([*items[:found], *items[found + 1 :]])


@builtin("list replace", "list: list", "position: number", "newItem: Any")
def list_replace(items: list[Any], position: Decimal, item: Any) -> list[Any] | None:
    """Return the list with the item at a position replaced."""
    found = place(position, len(items))
    return None if found is None else list_of([*items[:found], item, *items[found + 1 :]])


@builtin("list replace", "list: list", "match: function", "newItem: Any", run=True)
def list_replace_matching(run: Run, items: list[Any], match: Callable_, new: Any) -> list[Any] | None:
    """Return the list with each item replaced for which `match(item, newItem)` is true; null when it answers no boolean."""
    made: list[Any] = []
    for item in items:
        found = match.invoke([item, new], run)
        if not isinstance(found, bool):
            return None
        made.append(new if found else item)
    return list_of(made)


@builtin("reverse", "list: list")
def reverse(items: list[Any]) -> list[Any]:
    """Return the list from its end."""
    return list_of(items[::-1])


@builtin("index of", "list: list", "match: Any")
def index_of(items: list[Any], match: Any) -> list[Any]:
    """Return the positions of the items equal to `match`."""
    spend(len(items))
    return [Decimal(index) for index, item in enumerate(items, 1) if equal(item, match) is True]


@builtin("union", "list*: list")
def union(*lists: list[Any]) -> list[Any]:
    """Return all items of the lists, each once."""
    return distinct_values(concatenate(*lists))


@builtin("distinct values", "list: list")
def distinct_values(items: list[Any]) -> list[Any]:
    """Return the items, each once."""
    made: list[Any] = []
    simple: set[tuple[str, Any]] = set()
    for item in items:
        known = kind(item)
        if known in ("string", "number", "boolean", "null"):
            if (known, item) not in simple:
                simple.add((known, item))
                made.append(item)
        else:
            spend(2 * len(made))
            if not any(equal(item, other) is True for other in made):
                made.append(item)
    return list_of(made)


@builtin("duplicate values", "list: list")
def duplicate_values(items: list[Any]) -> list[Any]:
    """Return the items that come more than once, each once (Modeler's addition)."""
    spend(len(items) * min(len(items), 1000))
    return distinct_values([item for item in items if sum(equal(item, other) is True for other in items) > 1])


@builtin("flatten", "list: list")
def flatten(items: list[Any]) -> list[Any]:
    """Return the items of all lists inside lists."""
    made: list[Any] = []
    stack = [iter(items)]
    while stack:
        item = next(stack[-1], stack)
        if item is stack:
            stack.pop()
        elif type(item) is list:
            spend(5)
            stack.append(iter(item))
        else:
            made.append(item)
            if len(made) % 1000 == 0:
                spend(2000)
        if len(stack) > 1000:
            raise LimitReached("列表嵌套过深。", "A list is nested too deep.")
    return list_of(made)


@builtin("is empty", "list: list")
def is_empty(items: list[Any]) -> bool:
    """Return whether a list has no items (Modeler's addition)."""
    return not items


@builtin("partition", "list: list", "size: number")
def partition(items: list[Any], size: Decimal) -> list[Any] | None:
    """Return the list cut into lists of `size` items (Modeler's addition)."""
    step = whole(size)
    if step is None or step < 1:
        return None
    return list_of([list_of(items[start : start + step]) for start in range(0, len(items), step)])
