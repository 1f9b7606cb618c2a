"""Carries a stored state over to another release: node names change, keys, times and half-full joins stay.

Timers and subscriptions are rows outside and keep their keys. Nothing is changed when a node has no match.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.bpmn import Processes
from engine.bpmn.building import ITEM, Scope, scope_name
from engine.bpmn.nodes.subprocess import Subprocess
from engine.runtime.tokens.codec import UnknownState, text

Names = Mapping[str, Mapping[str, str]]  # process id → old element id → new element id


def migrated(old: Processes, new: Processes, process_id: str, state: str, names: Names) -> str:
    """Return the state for the new release; raise `UnknownState` when an open token would have no node of its kind there."""
    version, completed, groups, scopes = json.loads(state, parse_float=Decimal)
    inside: dict[int, str] = {}  # owner key → scope name in the old release
    moved = []
    for owner, rows, *dynamic in groups:
        scope = old.scopes[dynamic[0] if dynamic else inside[owner] if owner else process_id]
        for row in rows:
            node = scope.nodes[row[1]]
            if isinstance(node, Subprocess):
                inside[row[3]] = node.inside
        target = _scope(new, scope, names)
        moved.append([owner, [_row(row, scope, target, names) for row in rows], *dynamic])
    return text([version, completed, moved, scopes])


def _scope(new: Processes, scope: Scope, names: Names) -> Scope:
    process_id = scope.process.id
    name = process_id if scope.owner is None else scope_name(process_id, _renamed(scope.owner.id, process_id, names))
    if name not in new.scopes:
        raise UnknownState(node=name)
    return new.scopes[name]


def _row(row: list[Any], scope: Scope, target: Scope, names: Names) -> list[Any]:
    parent, name, state, key, entered, *memory = row
    new_name = _renamed(name, scope.process.id, names)
    node = target.nodes.get(new_name)
    if node is None or type(node) is not type(scope.nodes[name]):
        raise UnknownState(node=new_name)
    if memory and "from" in memory[0]:
        source = _renamed(memory[0]["from"], scope.process.id, names)
        if source not in node.sources:
            raise UnknownState(node=source)
        memory = [{**memory[0], "from": source}]
    return [parent, new_name, state, key, entered, *memory]


def _renamed(name: str, process_id: str, names: Names) -> str:
    element_id = name.removesuffix(ITEM)
    return names.get(process_id, {}).get(element_id, element_id) + name[len(element_id) :]
