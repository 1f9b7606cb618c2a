"""The state of an instance as one compact JSON text, free of key order.

`[version, completed, [[owner key | 0, [[parent row | -1, node, state, key, entered µs, memory?], …], scope?], …],
[[key, parent key | 0, variables, barriers], …]]`: one group per open scope, one row per open token. Finished tokens are
gone already, so there is nothing to prune.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.bpmn.nodes.subprocess import Subprocess
from engine.bpmn.nodes.token import ROOT, Token
from engine.errors import Broken
from engine.runtime.tokens.instance import Instance, Part
from engine.runtime.tokens.scopes import LocalScope

if TYPE_CHECKING:
    from engine.runtime.tokens.machine import Machine

VERSION = 1
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class UnknownState(Broken):
    """A stored state that these diagrams cannot continue."""

    zh = "已保存的流程状态无法继续：流程图中没有节点“{node}”。"
    en = "The stored state cannot be continued: the diagrams have no node “{node}”."


def dump(machine: Machine) -> str:
    """Return the state of a machine at rest."""
    groups = [_group(0, machine.instance)] + [_group(key, part) for key, part in machine.instance.subprocesses.items()]
    scopes = [[key, s.parent or 0, s.variables, s.hides_outer + 2 * s.keeps_inner] for key, s in machine.scopes.local.items()]
    return text([VERSION, int(machine.completed), groups, scopes])


def load(machine: Machine, state: str) -> None:
    """Fill a new machine with a stored state."""
    _version, completed, groups, scopes = json.loads(state, parse_float=Decimal)
    for key, parent, variables, barriers in scopes:
        machine.scopes.local[key] = LocalScope(parent or None, variables, bool(barriers & 1), bool(barriers & 2))
    machine.completed = machine.instance.completed = bool(completed)
    for owner, rows, *scope in groups:
        workflow = _part(machine, owner, scope) if owner else machine.instance
        _plant(machine, workflow, rows)
    machine.tokens = dict(sorted(machine.tokens.items()))  # keys grow, so this is the order of arrival


def _group(owner: int, workflow: Instance | Part) -> list[Any]:
    rows: list[list[Any]] = []
    places = {ROOT: -1}
    for token in workflow.tokens():
        places[token.id] = len(rows)
        row = [places[token._parent], token.node.name, token._state, token.id, (token.entered_at - EPOCH) // timedelta(microseconds=1)]
        rows.append([*row, token.internal_data] if token.internal_data else row)
    if isinstance(workflow, Part) and workflow.spec.name != _inside(workflow.owner):
        return [owner, rows, workflow.spec.name]
    return [owner, rows]


def _part(machine: Machine, owner: int, scope: list[str]) -> Part:
    token = machine.tokens[owner]
    name = scope[0] if scope else _inside(token)
    if name not in machine.processes.scopes:
        raise UnknownState(node=name)
    part = Part(machine.processes.scopes[name], token, machine.instance)
    machine.instance.subprocesses[owner] = part
    return part


def _plant(machine: Machine, workflow: Instance | Part, rows: list[list[Any]]) -> None:
    placed: list[Token] = []
    nodes = {**workflow.spec.nodes}
    for parent, name, state, key, entered, *memory in rows:
        if name not in nodes:
            raise UnknownState(node=name)
        around = workflow.task_tree if parent < 0 else placed[parent]
        token = Token(machine, workflow, nodes[name], around, key, EPOCH + timedelta(microseconds=entered))
        token._set_state(state)
        token.internal_data = memory[0] if memory else {}
        machine.tokens[key] = token
        placed.append(token)


def _inside(token: Token) -> str:
    return token.node.inside if isinstance(token.node, Subprocess) else ""


def text(value: Any) -> str:
    """Compact JSON; exact decimals, which the standard encoder cannot write, take the slower way."""
    try:
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    except TypeError:
        return _exact(value)


def _exact(value: Any) -> str:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(str(key), ensure_ascii=False)}:{_exact(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_exact, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
