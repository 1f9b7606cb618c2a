"""The token machine alone: load, complete one task, store; CPU and bytes, over cases of 28 and of 40 tasks.

The diagram: a main process and four called ones, every third task with a boundary timer, a parallel pair in each call.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any

from bench.machine import machine, median, percentile, table
from engine import bpmn, feel
from engine.runtime.tokens import Machine
from tests.tokens import drawing as draw


class Case:
    """A case that holds nothing but variables."""

    def __init__(self) -> None:
        self.variables: dict[str, Any] = {"amount": 3, "text": "示例 " * 400}
        self._keys = count(2**51 + 1)

    def write(self, name: str, value: Any) -> None:
        self.variables[name] = value

    def next_key(self) -> int:
        return next(self._keys)

    def now(self) -> datetime:
        return datetime(2026, 11, 23, tzinfo=UTC)

    def evaluate(self, text: str, scope: Mapping[str, Any], element: Any) -> Any:
        return feel.compile(text).evaluate(scope)

    def decide(self, decision_id: str, scope: Mapping[str, Any], element: Any) -> Any:
        raise AssertionError("there are no decisions here")

    def call(self, job_type: str, element: Any, headers: Mapping[str, str], scope: Mapping[str, Any]) -> dict[str, Any] | None:
        return None


def part(name: str, tasks: int) -> str:
    """Return a called process with so many tasks, two of them side by side."""
    names = [f"{name}_t{number}" for number in range(tasks - 2)]
    nodes = [draw.start(f"{name}_s"), *[draw.user(task) for task in names], draw.parallel(f"{name}_a"), draw.parallel(f"{name}_j")]
    nodes += [draw.user(f"{name}_left"), draw.user(f"{name}_right"), draw.end(f"{name}_e")]
    for task in names[::3]:
        remind = draw.script(f"{task}_r", "=1", "reminded")
        nodes += [draw.boundary(f"{task}_b", task, draw.duration("P2D")), remind, draw.end(f"{task}_e")]
        nodes.append(draw.chain(f"{task}_b", f"{task}_r", f"{task}_e"))
    flows = draw.chain(f"{name}_s", *names, f"{name}_a") + draw.chain(f"{name}_j", f"{name}_e")
    flows += draw.chain(f"{name}_a", f"{name}_left", f"{name}_j") + draw.chain(f"{name}_a", f"{name}_right", f"{name}_j")
    return draw.process(name, *nodes, flows)


def diagram(tasks: int) -> bytes:
    """Return main with four calls of `tasks / 4` tasks each."""
    calls = [f"call{number}" for number in range(4)]
    main = draw.process("main", draw.start(), *[draw.call(c, f"p{c}") for c in calls], draw.end(), draw.chain("s", *calls, "e"))
    return draw.diagram(main, *[part(f"p{c}", tasks // 4) for c in calls])


def run(processes: bpmn.Processes, kept: bool) -> tuple[list[float], list[int]]:
    """Complete a case; `kept`: the machine stays in memory, else it is loaded and stored at each completion."""
    case = Case()
    live = Machine.start(processes, "main", case)
    state, taken, sizes = live.dump(), [], []
    while True:
        start = time.process_time()
        if not kept:
            live = Machine.load(processes, "main", state, case)
        task = next((token.key for token in live.open if token.element.kind == "userTask"), None)
        if task is None:
            return taken, sizes
        live.complete(task, {"seen": 1})
        live.drain()
        state = live.dump()
        taken.append(time.process_time() - start)
        sizes.append(len(state.encode()))


def main() -> None:
    """Measure and print."""
    rows = []
    for tasks in (28, 40):
        data = diagram(tasks)
        start = time.process_time()
        processes = bpmn.read({"bench.bpmn": data})
        read = time.process_time() - start
        for kept in (False, True):
            runs = [run(processes, kept) for _ in range(60)]
            taken = [one for seconds, _ in runs for one in seconds]
            sizes = [one for _, found in runs for one in found]
            how = "kept in memory + store" if kept else "load + complete + store"
            cells = [f"{median(taken) * 1000:.3f}", f"{percentile(taken, 0.95) * 1000:.3f}", str(max(sizes)), f"{median(sizes):.0f}"]
            rows.append([f"{tasks} tasks: {how}", *cells, f"{read * 1000:.0f}"])
    table("tokens only", ["", "CPU ms", "p95 ms", "state max B", "median B", "read ms"], rows)


if __name__ == "__main__":
    if "bench.__main__" not in sys.modules:
        print(machine())
    main()
