"""Parallel joins that can never be left: the branches of a choice lead into them, so one of them is waited for in vain.

Plays the token game on the flows alone, every choice open, and refuses a join that tokens reach but that no play leaves.
A join that only some plays leave hanging depends on the data and is a question for the soundness check of a release.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from engine.bpmn.data import Element, Process
from engine.bpmn.finding import about
from engine.bpmn.refusals.scopes import LARGEST_PROCESS
from engine.model import Finding

PLAYS = 3_000  # markings of one process; beyond, nothing is said
COMBINED = 5  # conditional flows of one node whose combinations are all tried
CROWD = 3  # tokens on one flow; more means an unbounded diagram

Marking = tuple[tuple[str, int], ...]  # flow (or link) → tokens, sorted


def parallel_joins(process: Process) -> Iterator[Finding]:
    """Refuse each parallel join that can be reached but never left."""
    plays = PLAYS
    if len(process.elements) > LARGEST_PROCESS:
        return
    for scope in (None, *(e.id for e in process.elements.values() if e.kind == "subProcess")):
        game = _Game(process, process.within(scope))
        complete, plays = game.play(plays) if game.joins else (True, plays)
        if complete:
            for join in game.joins:
                if join.id in game.reached and join.id not in game.left:
                    zh = "这个并行网关等待的分支来自同一个选择，永远等不齐。请改画排他网关来合并。"
                    en = "This parallel gateway waits for branches of one choice, that is for ever. Merge them with an exclusive gateway."
                    yield about(process, join, "deadlock", zh, en)


class _Game:
    def __init__(self, process: Process, elements: tuple[Element, ...]) -> None:
        self.elements = {element.id: element for element in elements}
        self.out = {e.id: tuple(f.id for f in process.leaving(e.id)) for e in elements}
        self.into = {e.id: tuple(f.id for f in process.entering(e.id)) for e in elements}
        self.target = {f.id: f.target for f in process.flows.values() if f.source in self.elements}
        self.conditional = {e.id for e in elements if any(f.condition for f in process.leaving(e.id))}
        self.boundaries: dict[str, list[Element]] = {}
        for element in elements:
            if element.kind == "boundaryEvent":
                self.boundaries.setdefault(element.attached_to or "", []).append(element)
        self.joins = [e for e in elements if e.kind == "parallelGateway" and len(self.into[e.id]) > 1]
        self.joining = {join.id for join in self.joins}
        self.reached: set[str] = set()
        self.left: set[str] = set()

    def play(self, plays: int) -> tuple[bool, int]:
        """Visit all markings, at most `plays`; say whether these were all, and how many plays are left."""
        starts = [e for e in self.elements.values() if e.kind == "startEvent"]
        waiting = [_marking(dict.fromkeys(self.out[start.id], 1)) for start in starts]
        seen = set(waiting)
        while waiting:
            marking = dict(waiting.pop())
            for after in self._moves(marking):
                if len(seen) > plays or any(count > CROWD for count in after.values()):
                    return False, plays - len(seen)
                key = _marking(after)
                if key not in seen:
                    seen.add(key)
                    waiting.append(key)
        return True, plays - len(seen)

    def _moves(self, marking: dict[str, int]) -> Iterator[dict[str, int]]:
        for flow in marking:
            element = self.elements.get(self.target.get(flow, ""))
            if element is None:
                continue
            if element.id in self.joining:
                self.reached.add(element.id)
                if all(marking.get(other) for other in self.into[element.id]):
                    self.left.add(element.id)
                    yield _moved(marking, self.into[element.id], self.out[element.id])
            else:
                for produced in self._outcomes(element):
                    yield _moved(marking, (flow,), produced)

    def _outcomes(self, element: Element) -> Iterator[tuple[str, ...]]:
        flows = self.out[element.id]
        if element.kind in ("exclusiveGateway", "eventBasedGateway"):
            yield from ((flow,) for flow in flows)
        elif element.id in self.conditional or element.kind == "inclusiveGateway":
            sizes = range(1, len(flows) + 1) if len(flows) <= COMBINED else (1, len(flows))
            for size in sizes:
                yield from combinations(flows, size)
        elif element.event is not None and element.event.kind == "link" and element.kind == "intermediateThrowEvent":
            yield from (self.out[e.id] for e in self.elements.values() if e.kind == "intermediateCatchEvent" and e.event == element.event)
        else:
            yield flows
        for boundary in self.boundaries.get(element.id, ()):
            yield self.out[boundary.id] if boundary.interrupting else (*flows, *self.out[boundary.id])


def _moved(marking: dict[str, int], taken: tuple[str, ...], put: tuple[str, ...]) -> dict[str, int]:
    after = dict(marking)
    for flow in taken:
        after[flow] -= 1
        if not after[flow]:
            del after[flow]
    for flow in put:
        after[flow] = after.get(flow, 0) + 1
    return after


def _marking(tokens: dict[str, int]) -> Marking:
    return tuple(sorted(tokens.items()))
