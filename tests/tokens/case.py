"""A case for the tests: the host of a machine, with the rows (tasks, timers, subscriptions, jobs) a store would keep."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from engine import bpmn, feel
from engine.bpmn import Element
from engine.clock import ZONE
from engine.runtime import tokens
from engine.runtime.tokens import Effect, Machine, Subscribed, TimerSet

MORNING = datetime(2026, 11, 20, 9, tzinfo=ZONE)


class Case:
    """Complaint C-1 on one machine. `stored=True` dumps and loads the machine after every act."""

    def __init__(
        self,
        processes: bpmn.Processes | bytes,
        process_id: str = "p",
        variables: Mapping[str, Any] | None = None,
        *,
        start: str | None = None,
        decide: Callable[[str, Mapping[str, Any]], Any] | None = None,
        services: Mapping[str, Callable[[Mapping[str, Any]], Any]] | None = None,
        stored: bool = True,
        number: str = "C-1",
    ) -> None:
        self.processes = bpmn.read({"test.bpmn": processes}) if isinstance(processes, bytes) else processes
        self.process_id = process_id
        self.variables: dict[str, Any] = {"caseNumber": number, **{k: feel.to_json(v) for k, v in (variables or {}).items()}}
        self.clock = MORNING
        self.stored = stored
        self._decide, self._services = decide, services or {}
        self._keys = count(1001)
        self.effects: list[Effect] = []
        self.tasks: dict[int, tokens.TaskOpened] = {}
        self.jobs: dict[int, tokens.JobOpened] = {}
        self.timers: dict[tuple[int, int | None], TimerSet] = {}
        self.subscriptions: dict[tuple[int, int | None], Subscribed] = {}
        self.machine = Machine.start(self.processes, process_id, self, start)
        self._settle()

    # the host

    def next_key(self) -> int:
        return next(self._keys)

    def now(self) -> datetime:
        return self.clock

    def write(self, name: str, value: Any) -> None:
        self.variables[name] = value

    def evaluate(self, text: str, scope: Mapping[str, Any], element: Element) -> Any:
        return feel.compile(text, functions=bpmn.FUNCTIONS).evaluate(scope)

    def decide(self, decision_id: str, scope: Mapping[str, Any], element: Element) -> Any:
        assert self._decide is not None
        return self._decide(decision_id, scope)

    def call(self, job_type: str, element: Element, headers: Mapping[str, str], scope: Mapping[str, Any]) -> Any:
        service = self._services.get(job_type)
        return service(scope) if service else tokens.PENDING

    # acts

    def complete(self, task: str | int, **variables: Any) -> Case:
        """Complete the oldest open task of this element id (or of this key)."""
        key = task if isinstance(task, int) else self.keys(task)[0]
        self.machine.complete(key, variables)
        return self._settle()

    def finish_job(self, element_id: str, **variables: Any) -> Case:
        key = next(key for key, job in self.jobs.items() if job.element.id == element_id)
        self.machine.complete(key, variables)
        return self._settle()

    def fail_job(self, element_id: str, code: str, **variables: Any) -> Case:
        key = next(key for key, job in self.jobs.items() if job.element.id == element_id)
        self.machine.throw_error(key, code, variables)
        return self._settle()

    def send(self, name: str, key: str = "C-1", **variables: Any) -> bool:
        """Send a message to the oldest subscription that matches; False when nobody waits."""
        for (token, index), row in self.subscriptions.items():
            if row.name == name and row.correlation_key in (None, key):
                self.machine.fire(token, index, variables)
                self._settle()
                return True
        return False

    def signal(self, name: str, **variables: Any) -> int:
        heard = self.machine.signal(name, variables)
        self._settle()
        return heard

    def wait(self, until: datetime | None = None, **delta: float) -> int:
        """Let time pass and fire what is due, earliest first, as the loop of a late worker does; return how many."""
        self.clock = until or self.clock + timedelta(**delta)
        fired = 0
        while due := [row for row in self.timers.values() if row.due <= self.clock]:
            row = min(due, key=lambda r: r.due)
            self._reschedule(row)
            self.machine.fire(row.key, row.index)
            self._settle()
            fired += 1
        return fired

    def reload(self) -> Case:
        """Store, forget, load."""
        self.machine = Machine.load(self.processes, self.process_id, self.machine.dump(), self)
        return self

    # what is there

    def keys(self, element_id: str) -> list[int]:
        return [key for key, task in self.tasks.items() if task.element.id == element_id]

    @property
    def names(self) -> list[str]:
        """The element ids of the open tasks, sorted."""
        return sorted(task.element.id for task in self.tasks.values())

    @property
    def next_due(self) -> datetime | None:
        return min((row.due for row in self.timers.values()), default=None)

    @property
    def completed(self) -> bool:
        return self.machine.completed

    @property
    def data(self) -> dict[str, Any]:
        """The case's variables without its number."""
        return {name: value for name, value in self.variables.items() if name != "caseNumber"}

    def scope(self, task: str | int) -> dict[str, Any]:
        return dict(self.machine.scope(task if isinstance(task, int) else self.keys(task)[0]))

    @property
    def local(self) -> dict[int, Any]:
        """The local scopes that are open."""
        return self.machine.scopes.local

    def left(self, *hows: str) -> list[str]:
        """The element ids left so far, in order."""
        return [e.element_id for e in self.effects if isinstance(e, tokens.Left) and (not hows or e.how in hows)]

    def thrown(self) -> list[tuple[Any, ...]]:
        messages = [(e.name, e.correlation_key, dict(e.variables)) for e in self.effects if isinstance(e, tokens.MessageThrown)]
        return messages + [(e.name,) for e in self.effects if isinstance(e, tokens.SignalThrown)]

    def flows(self) -> list[str]:
        """The sequence flows taken so far, in order."""
        return [flow for e in self.effects if isinstance(e, tokens.Left) for flow in e.flows]

    # rows

    def _settle(self) -> Case:
        for effect in self.machine.drain():
            self.effects.append(effect)
            self._keep(effect)
        if self.stored:
            self.reload()
        self._check_rows()
        return self

    def _keep(self, effect: Effect) -> None:
        match effect:
            case tokens.TaskOpened():
                self.tasks[effect.key] = effect
            case tokens.TaskClosed():
                del self.tasks[effect.key]
            case tokens.JobOpened():
                self.jobs[effect.key] = effect
            case tokens.JobClosed():
                del self.jobs[effect.key]
            case tokens.TimerSet():
                self.timers[effect.key, effect.index] = effect
            case tokens.Subscribed():
                self.subscriptions[effect.key, effect.index] = effect
            case tokens.EventGone():
                self.timers = {k: v for k, v in self.timers.items() if k[0] != effect.key}
                self.subscriptions = {k: v for k, v in self.subscriptions.items() if k[0] != effect.key}

    def _reschedule(self, row: TimerSet) -> None:
        """What a store does with a timer row it fires: gone, or the next round of a cycle."""
        if row.kind == "cycle" and row.repeats != 1:
            assert row.interval is not None
            left = row.repeats - 1 if row.repeats is not None else None
            self.timers[row.key, row.index] = replace(row, due=tokens.next_due(row.due, row.interval), repeats=left)
        else:
            del self.timers[row.key, row.index]

    def _check_rows(self) -> None:
        """Every row belongs to a token that waits, and a completed case has no rows."""
        assert all(self.machine.is_waiting(key, index) for key, index in (*self.timers, *self.subscriptions))
        assert all(key in self.machine.tokens for key in (*self.tasks, *self.jobs))
        if self.completed:
            assert not (self.tasks or self.jobs or self.timers or self.subscriptions or self.machine.tokens or self.local)


def exact(text: str) -> Decimal:
    """A decimal number as it must come out of the store."""
    return Decimal(text)
