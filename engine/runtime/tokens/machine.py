"""One process instance in memory: its tokens move until everything waits.

The machine knows no database, no form and no clock; the host gives it keys, time, variables and FEEL. Every verb either
ends at rest or raises; after `Stopped` the machine must be thrown away and the stored state used again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn import Element, Processes
from engine.bpmn.nodes.eventgateway import EventGateway
from engine.bpmn.nodes.inclusive import Inclusive
from engine.bpmn.nodes.token import Token
from engine.runtime.tokens import codec
from engine.runtime.tokens.errors import NotWaiting, Stopped, stopped
from engine.runtime.tokens.events import Events
from engine.runtime.tokens.host import Host
from engine.runtime.tokens.moves import ROWS

STEPS = 10_000  # steps in one advance before a diagram is taken to loop for ever


@dataclass(frozen=True, slots=True)
class OpenToken:
    """A token that stands on an element. `parent_key`: the multi-instance, subprocess or call around it."""

    key: int
    element: Element
    process_id: str
    entered_at: datetime
    parent_key: int | None


class Machine(Events):
    """The verbs other parts use. `drain()` tells what a verb has done."""

    @classmethod
    def start(cls, processes: Processes, process_id: str, host: Host, start_event: str | None = None) -> Machine:
        """Start an instance at a start event (None: the none start event) and advance to rest."""
        machine = cls(processes, process_id, host)
        machine.go(start_event)
        return machine

    @classmethod
    def load(cls, processes: Processes, process_id: str, state: str, host: Host) -> Machine:
        """Restore an instance from what `dump` gave."""
        machine = cls(processes, process_id, host)
        codec.load(machine, state)
        return machine

    def dump(self) -> str:
        """Return the state as compact JSON: open tokens with keys and entering times, and local scopes."""
        return codec.dump(self)

    # verbs

    def go(self, start_event: str | None = None) -> None:
        """Put the first token on a start event and advance to rest; for a host that must know the machine before it moves."""
        with self._moving(self.instance.spec.start.element):
            self.begin(self.instance, start_event)

    def complete(self, key: int, variables: Mapping[str, Any] | None = None) -> None:
        """Complete a person's task or a job with its variables. Raises `NotWaiting`, `Stopped`."""
        token = self._task(key)
        with self._moving(token.node.element):
            self.result(token, variables or {})
            if token._state == TaskState.READY:
                token.run()
            else:
                token.complete()

    def fire(self, key: int, index: int | None = None, variables: Mapping[str, Any] | None = None) -> None:
        """Tell a timer, message or signal event that it has happened. `index`: which event of an event-based gateway."""
        if not self.is_waiting(key, index):
            raise NotWaiting(key=key)
        token = self.tokens[key]
        with self._moving(token.node.element):
            self.happen(token, index, variables or {})

    def throw_error(self, key: int, code: str, variables: Mapping[str, Any] | None = None) -> None:
        """A job's BPMN error: the nearest error event that catches the code happens. Uncaught: `Stopped`."""
        token = self._task(key)
        with self._moving(token.node.element):
            if not self.climb(token, "error", code, variables, own=True):
                raise Stopped(token.node.element, "uncaught", code=code)

    def signal(self, name: str, variables: Mapping[str, Any] | None = None) -> int:
        """Give a signal from outside to everyone waiting for it; return how many."""
        with self._moving(self.instance.spec.start.element):
            return self.hear(name, variables or {})

    def refresh(self) -> None:
        """Look at the conditional events again after the case's variables were changed from outside."""
        with self._moving(self.instance.spec.start.element):
            pass

    # questions

    def evaluate(self, key: int, text: str) -> Any:
        """Return the value of a raw text (FEEL with "=", else literal) as the token sees its variables."""
        return self.feel(self._token(key), text)

    def scope(self, key: int) -> Mapping[str, Any]:
        """Return the variables visible at a token."""
        return self.view(self._token(key))

    def is_waiting(self, key: int, index: int | None = None) -> bool:
        """Say whether a message, timer or signal can be told to happen."""
        token = self.tokens.get(key)
        if token is None or not token.is_waiting:
            return False
        node = token.node
        if isinstance(node, EventGateway):
            if index is None or not 0 <= index < len(node.ways):
                return False
            node = node.ways[index].node
        elif index is not None:
            return False
        return bool(node.event_kinds & ROWS)

    @property
    def open(self) -> list[OpenToken]:
        """The tokens that have entered an element and not left it, in the order of their arrival."""
        return [self._shown(token) for token in self.tokens.values() if not token.is_armed]

    def _shown(self, token: Token) -> OpenToken:
        element = token.node.element
        return OpenToken(token.id, element, element.process_id, token.entered_at, self.parent_key(token))

    # moving

    @contextmanager
    def _moving(self, element: Element) -> Iterator[None]:
        try:
            yield
            self._advance()
        except (Stopped, NotWaiting):
            raise
        except Exception as error:
            raise stopped(element, error) from error

    def _advance(self) -> None:
        steps = 0
        while True:
            while self.queue:
                token = self.queue.popleft()
                if token.id in self.tokens and token._state == TaskState.READY:
                    steps += 1
                    if steps > STEPS:
                        raise Stopped(token.node.element, "steps", limit=STEPS)
                    self._step(token)
            if self.completed or not (self.check_conditions() or self._wake_join()):
                return

    def _step(self, token: Token) -> None:
        try:
            token.run()
        except Stopped:
            raise
        except Exception as error:
            raise stopped(token.node.element, error) from error

    def _wake_join(self) -> bool:
        for token in self.tokens.values():
            if token.is_waiting and isinstance(token.node, Inclusive) and token.node.join(token):
                token._ready()
                return True
        return False

    def _token(self, key: int) -> Token:
        if key not in self.tokens:
            raise NotWaiting(key=key)
        return self.tokens[key]

    def _task(self, key: int) -> Token:
        token = self._token(key)
        is_person = token.node.manual and token._state == TaskState.READY
        is_job = "job" in token.internal_data and token._state == TaskState.STARTED
        if not (is_person or is_job):
            raise NotWaiting(key=key)
        return token
