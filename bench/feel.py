"""FEEL side by side: ours, npm `@bpmn-io/feelin` and PyPI `pySFeel`, on every expression of our own files and three heavy ones.

The other two are installed into a throw-away folder (never a dependency: pySFeel is GPL); without npm or a network their columns stay
empty. Ours is compiled once, as everywhere in jiesu, so the comparison is of evaluation; compiling is shown beside it. feelin and pySFeel
offer no compiled form: they parse at every evaluation. `same` tells whether feelin answers the same value.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
import timeit
import venv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from bench.machine import machine, median, table
from engine import feel
from engine.feel import BUILTINS
from engine.feel.expression import _compiled

ROOT = Path(__file__).resolve().parent.parent
FEELIN, PYSFEEL = "@bpmn-io/feelin", "pySFeel"
SPENT = 0.1  # seconds for each expression and engine
ORDERS = [{"id": number, "amount": number * 37 % 1000, "level": "AB"[number % 2]} for number in range(300)]
HEAVY = [
    ("count(for i in 1..1000 return i * i)", {}),
    ('sum(orders[amount > 500 and level = "A"].amount)', {"orders": ORDERS}),
    ("some a in orders, b in orders satisfies a.id + b.id = -1", {"orders": ORDERS[:60]}),
]
GATEWAY = ('amount > 10000 and level = "A"', {"amount": 20000, "level": "A"})
TEMPORAL = re.compile(r"\b(now|today)\(\)")

NODE = """
import { evaluate } from '@bpmn-io/feelin';
import { readFileSync } from 'node:fs';
const { spent, tasks } = JSON.parse(readFileSync(0, 'utf8'));
const found = tasks.map(({ text, variables }) => {
  try {
    const { value } = evaluate(text, variables);
    let micros = Infinity;
    for (let round = 0; round < 5; round++) {
      let turns = 0;
      const start = process.hrtime.bigint(), limit = BigInt(spent / 5 * 1e9);
      do { evaluate(text, variables); turns++; } while (process.hrtime.bigint() - start < limit);
      micros = Math.min(micros, Number(process.hrtime.bigint() - start) / 1e3 / turns);
    }
    return { micros, value: JSON.stringify(value ?? null) };
  } catch (error) { return { error: String(error) }; }
});
console.log(JSON.stringify(found));
"""

PYTHON = """
import json, sys, time
import pySFeel
data = json.load(sys.stdin)
def literal(value):
    return json.dumps(value, ensure_ascii=False)
found = []
for task in data["tasks"]:
    try:
        parser = pySFeel.SFeelParser()
        for name, value in task["variables"].items():
            parser.sFeelParse(name + " <- " + literal(value))
        status, value = parser.sFeelParse(task["text"])
        if "errors" in status:
            found.append({"error": str(status["errors"][0])})
            continue
        rounds = []
        for _ in range(5):
            turns, start = 0, time.perf_counter()
            while time.perf_counter() - start < data["spent"] / 5:
                parser.sFeelParse(task["text"])
                turns += 1
            rounds.append((time.perf_counter() - start) / turns * 1e6)
        found.append({"micros": min(rounds)})
    except Exception as error:
        found.append({"error": str(error)})
print(json.dumps(found))
"""


@dataclass(frozen=True, slots=True)
class Task:
    """An expression with the variables it is evaluated with."""

    text: str
    variables: dict[str, Any]


def own_expressions() -> Iterator[str]:
    """Yield every FEEL expression of our diagrams, decision tables and forms."""
    for path in sorted(ROOT.glob("processes/*/*.bpmn")):
        for element in etree.fromstring(path.read_bytes()).iter():
            texts = [*element.attrib.values(), element.text or ""]
            yield from (str(text).strip()[1:].strip() for text in texts if str(text).strip().startswith("="))
    for path in sorted(ROOT.glob("processes/*/*.dmn")):
        for element in etree.fromstring(path.read_bytes()).iter("{*}inputExpression", "{*}outputEntry", "{*}literalExpression"):
            yield "".join(map(str, element.itertext())).strip()
    for path in sorted(ROOT.glob("forms/*/*.form")):
        yield from _form_expressions(json.loads(path.read_text(encoding="utf-8")))


def _form_expressions(part: Any) -> Iterator[str]:
    if isinstance(part, str) and part.startswith("="):
        yield part[1:].strip()
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _form_expressions(inner)


def tasks() -> list[Task]:
    """Return our own expressions that need no function of the host and no clock, the gateway of the notes, and the heavy ones."""
    found = [Task(*GATEWAY), *(Task(text, variables) for text, variables in HEAVY)]
    known = {task.text for task in found}
    for text in own_expressions():
        if not text or text in known or TEMPORAL.search(text):
            continue
        known.add(text)
        try:
            variables = sorted(feel.compile(text).variables)
        except feel.SyntaxError_:
            continue
        called = {name for name in variables if re.search(rf"\b{re.escape(name)}\(", text)}
        if not called - set(BUILTINS):
            found.append(Task(text, {name: _plausible(text, name, place) for place, name in enumerate(variables, 1)}))
    return found


def _plausible(text: str, name: str, place: int) -> Any:
    """Return a value for a variable: what the expression compares it with, else a number."""
    compared = re.search(rf'\b{re.escape(name)} *!?= *("[^"]*"|true|false)', text)
    return place if compared is None else json.loads(compared[1])


def measure(call: Callable[[], object]) -> float:
    """Return microseconds of one call: the best of several rounds, since other programs share the machine."""
    start = time.perf_counter()
    call()
    turns = max(1, int(SPENT / 5 / max(time.perf_counter() - start, 1e-6)))
    return min(timeit.repeat(call, number=turns, repeat=5)) / turns * 1e6


def ours(task: Task) -> tuple[float, float, str]:
    """Return microseconds of an evaluation and of a compilation, and the value as JSON."""
    expression = feel.compile(task.text)
    value = json.dumps(feel.to_json(expression.evaluate(task.variables)), default=float, ensure_ascii=False)
    evaluated = measure(lambda: expression.evaluate(task.variables))
    return evaluated, measure(lambda: _compiled(task.text, frozenset(), {}, False)), value


def feelin(folder: Path, work: list[Task]) -> list[dict[str, Any]]:
    """Install feelin into the folder and run it; empty results when that is not possible."""
    (folder / "run.mjs").write_text(NODE, encoding="utf-8")
    (folder / "package.json").write_text('{"private": true}', encoding="utf-8")
    return _run(work, [["npm", "install", "--no-audit", "--no-fund", FEELIN]], ["node", "run.mjs"], folder)


def pysfeel(folder: Path, work: list[Task]) -> list[dict[str, Any]]:
    """Install pySFeel into an environment in the folder and run it; empty results when that is not possible."""
    venv.create(folder / "venv", with_pip=True)
    python = str(folder / "venv" / "bin" / "python")
    return _run(work, [[python, "-m", "pip", "install", "--quiet", PYSFEEL]], [python, "-c", PYTHON], folder)


def _run(work: list[Task], before: list[list[str]], command: list[str], folder: Path) -> list[dict[str, Any]]:
    given = json.dumps({"spent": SPENT, "tasks": [{"text": task.text, "variables": task.variables} for task in work]})
    try:
        for step in before:
            subprocess.run(step, cwd=folder, check=True, capture_output=True, timeout=300)
        done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, input=given, timeout=600)
        found: list[dict[str, Any]] = json.loads(done.stdout)
        return found
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        print(f"{command[0]}: {error}", file=sys.stderr)
        return [{} for _ in work]


def _same(one: str, other: str | None) -> str:
    if other is None:
        return ""
    left, right = (json.loads(text, parse_int=Decimal, parse_float=Decimal) for text in (one, other))
    close = isinstance(left, Decimal) and isinstance(right, Decimal) and abs(left - right) < Decimal("1e-9")
    return "yes" if left == right or close else "no"


def _shown(found: dict[str, Any]) -> str:
    return f"{found['micros']:.1f}" if "micros" in found else "–"


def _faster(found: dict[str, Any], micros: float) -> str:
    return f"{found['micros'] / micros:.0f}×" if "micros" in found else "–"


def main() -> None:
    """Measure and print."""
    work = tasks()
    mine = [ours(task) for task in work]
    with tempfile.TemporaryDirectory(prefix="jiesu-bench-") as name:
        theirs, others = feelin(Path(name), work), pysfeel(Path(name), work)
    print(machine())
    rows = []
    for task, (evaluated, compiled, value), one, other in zip(work, mine, theirs, others, strict=True):
        shown = " ".join(task.text.split())
        times = [f"{evaluated:.2f}", f"{compiled:.0f}", _shown(one), _shown(other), _faster(one, evaluated), _faster(other, evaluated)]
        rows.append([shown if len(shown) <= 58 else shown[:57] + "…", *times, _same(value, one.get("value"))])
    head = ["expression", "ours µs", "compile µs", "feelin µs", "pySFeel µs", "feelin/ours", "pySFeel/ours", "same"]
    table("FEEL: microseconds for one evaluation", head, rows)
    for title, found in ((FEELIN, theirs), (PYSFEEL, others)):
        ratios = [part["micros"] / evaluated for part, (evaluated, _, _) in zip(found, mine, strict=True) if "micros" in part]
        if ratios:
            print(f"{title}: {median(ratios):.0f}× slower at the median, {min(ratios):.0f}× at least, over {len(ratios)} expressions")


if __name__ == "__main__":
    main()
