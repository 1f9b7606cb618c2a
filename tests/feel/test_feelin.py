"""Every FEEL expression of our own files gives the value that `@bpmn-io/feelin` gives, for the values it is written for and for others.

feelin is fetched into a throw-away folder; it is what Modeler itself evaluates with. Expressions that need a host function
or the clock are left out.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bench.feel import FEELIN, Task, tasks
from engine import feel

NODE = """
import { evaluate } from '@bpmn-io/feelin';
import { readFileSync } from 'node:fs';
const answer = ({ text, variables }) => {
  try { return { value: evaluate(text, variables).value ?? null }; } catch (error) { return { error: String(error) }; }
};
console.log(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(answer)));
"""
OTHERS: dict[type, tuple[Any, ...]] = {str: (None, "", "other"), bool: (None, True, False), int: (None, 0, 3, -2)}
ROW = {name: name for name in ("text", "text_en", "reason", "reason_en", "clause")} | {"origin": "config"}
ROWS: tuple[Any, ...] = (None, [], [ROW], [ROW, ROW | {"origin": "source"}])
LISTED = re.compile(r"\bin (\w+) (?:return|satisfies)\b")


@pytest.fixture
def feelin(node: Path, tmp_path: Path) -> Path:
    """A folder with feelin in it."""
    (tmp_path / "package.json").write_text('{"private": true}', encoding="utf-8")
    (tmp_path / "run.mjs").write_text(NODE, encoding="utf-8")
    npm = [shutil.which("npm") or "npm", "install", "--no-audit", "--no-fund", FEELIN]
    if subprocess.run(npm, cwd=tmp_path, capture_output=True, timeout=240).returncode:
        pytest.skip(f"没有 {FEELIN} / {FEELIN} cannot be fetched here")
    return tmp_path


def varied(task: Task) -> list[Task]:
    """The task, and the task with one variable after the other at another value.

    Of its own kind: of values of different kinds the standard says that they compare to null, which feelin does not do.
    """
    listed = set(LISTED.findall(task.text))
    given = {**task.variables, **{name: ROWS[-1] for name in listed if name in task.variables}}
    others = {name: ROWS if name in listed else OTHERS.get(type(value), ()) for name, value in given.items()}
    return [Task(task.text, given), *(Task(task.text, {**given, name: other}) for name in given for other in others[name])]


def shown(value: Any) -> Any:
    """A value with its numbers to nine digits, as feelin's are binary."""
    return json.loads(json.dumps(value), parse_float=lambda text: round(Decimal(text), 9), parse_int=Decimal)


@pytest.mark.long
def test_our_own_expressions_give_what_feelin_gives(node: Path, feelin: Path) -> None:
    work = [other for task in tasks() for other in varied(task)]
    given = json.dumps([{"text": task.text, "variables": task.variables} for task in work])
    done = subprocess.run([str(node), "run.mjs"], cwd=feelin, input=given, capture_output=True, text=True, timeout=200, check=True)

    theirs = json.loads(done.stdout)
    mine = [json.loads(json.dumps(feel.to_json(feel.evaluate(task.text, task.variables)), default=float)) for task in work]

    differ = [
        (task.text, task.variables, ours, other)
        for task, ours, other in zip(work, mine, theirs, strict=True)
        if "error" in other or shown(ours) != shown(other["value"])
    ]
    assert len(work) > 400
    assert differ == []
