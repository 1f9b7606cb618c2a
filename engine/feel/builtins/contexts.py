"""Functions on contexts (10.3.4.9)."""

from __future__ import annotations

from typing import Any

from engine.feel.functions import builtin
from engine.feel.limits import list_of, spend

_DEEPEST = 50


@builtin("get value", "m: context", "key: string", nullable=True)
def get_value(context: dict[str, Any], key: str) -> Any:
    """Return the entry, null when there is none."""
    return context.get(key)


@builtin("get value", "context: context", "keys: list", nullable=True)
def get_value_at(context: dict[str, Any], keys: list[Any]) -> Any:
    """Return the entry at the end of a path of keys."""
    found: Any = context
    for key in keys:
        found = found.get(key) if type(found) is dict and type(key) is str else None
    return found if keys else None


@builtin("get entries", "m: context")
def get_entries(context: dict[str, Any]) -> list[Any]:
    """Return the entries as a list of `{key, value}`."""
    return list_of([{"key": key, "value": value} for key, value in context.items()])


@builtin("context", "entries: list")
def context(entries: list[Any]) -> dict[str, Any] | None:
    """Return the context made of `{key, value}` entries; null when one is malformed or a key comes twice."""
    made: dict[str, Any] = {}
    for entry in entries:
        if type(entry) is not dict or type(entry.get("key")) is not str or "value" not in entry or entry["key"] in made:
            return None
        made[entry["key"]] = entry["value"]
    spend(len(made))
    return made


@builtin("context put", "context: context", "key: string", "value: Any")
def context_put(context: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    """Return the context with one entry set."""
    spend(len(context))
    return {**context, key: value}


@builtin("context put", "context: context", "keys: list", "value: Any")
def context_put_at(context: dict[str, Any], keys: list[Any], value: Any) -> dict[str, Any] | None:
    """Return the context with the entry at the end of a path of keys set; missing levels are made."""
    if not keys or len(keys) > _DEEPEST or not all(type(key) is str for key in keys):
        return None
    levels: list[Any] = [context]
    for key in keys[:-1]:
        below = levels[-1].get(key)
        if below is not None and type(below) is not dict:
            return None
        levels.append(below or {})
    made = value
    for level, key in zip(reversed(levels), reversed(keys), strict=True):
        made = context_put(level, key, made)
    return dict(made)


@builtin("context merge", "contexts: list")
def context_merge(contexts: list[Any]) -> dict[str, Any] | None:
    """Return one context with all entries, later ones winning."""
    merged: dict[str, Any] = {}
    for part in contexts:
        if type(part) is not dict:
            return None
        spend(len(part))
        merged.update(part)
    return merged
