"""Where a value lies inside nested data: reading and writing by path, never by anything but plain keys and row numbers."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final

from engine.forms.model import Component, Path

ABSENT: Final = object()


def parts(dotted: str) -> tuple[str, ...]:
    """Split a dotted key or path of a component; an empty one has no parts."""
    return tuple(dotted.split(".")) if dotted else ()


def own(component: Component) -> tuple[str, ...]:
    """Return where a component keeps its value, or a container its children, below what is around it."""
    return parts(component.key) or parts(str(component.settings.get("path") or ""))


def dotted(path: Path) -> str:
    """Write a path as HTML names and errors show it: `items.0.amount`."""
    return ".".join(str(part) for part in path)


def get(data: Any, path: Path) -> Any:
    """Return what lies at the path, or `ABSENT`."""
    for part in path:
        if isinstance(part, int):
            if not isinstance(data, list) or part >= len(data):
                return ABSENT
        elif not isinstance(data, Mapping) or part not in data:
            return ABSENT
        data = data[part]
    return data


def put(data: dict[str, Any], path: Path, value: Any) -> None:
    """Write a value at the path; what stands in the way and cannot hold it is replaced."""
    here: Any = data
    for part, following in pairwise(path):
        there = _child(here, part)
        if not isinstance(there, list if isinstance(following, int) else dict):
            there = [] if isinstance(following, int) else {}
            _set(here, part, there)
        here = there
    _set(here, path[-1], value)


def copied(value: Any) -> Any:
    """Return nested data that can be written to without touching the original."""
    if isinstance(value, Mapping):
        return {name: copied(part) for name, part in value.items()}
    return [copied(part) for part in value] if isinstance(value, list) else value


def _child(holder: Any, part: str | int) -> Any:
    if isinstance(part, int):
        return holder[part] if part < len(holder) else None
    return holder.get(part)


def _set(holder: Any, part: str | int, value: Any) -> None:
    if isinstance(part, int):
        holder.extend({} for _ in range(part + 1 - len(holder)))
    holder[part] = value
