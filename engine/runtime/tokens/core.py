"""What all layers of a machine share: the case's tokens, queue, local scopes and effects."""

from __future__ import annotations

from collections import deque
from typing import cast

from engine.bpmn import Processes
from engine.bpmn.nodes.mover import Mover
from engine.bpmn.nodes.token import Token
from engine.runtime.tokens.effects import Effect
from engine.runtime.tokens.host import Host
from engine.runtime.tokens.instance import Instance, Part
from engine.runtime.tokens.scopes import Scopes


class Core:
    """One instance in memory. Nothing in here is shared between cases but `processes`."""

    def __init__(self, processes: Processes, process_id: str, host: Host) -> None:
        processes.process(process_id)  # raises UnknownProcess
        self.processes = processes
        self.process_id = process_id
        self.host = host
        self.scopes = Scopes(host)
        self.tokens: dict[int, Token] = {}
        self.queue: deque[Token] = deque()
        self.effects: list[Effect] = []
        self.completed = False
        self.mover = cast(Mover, self)  # all layers together are what the nodes know
        self.instance = Instance(processes.scopes[process_id], processes.scopes, self.mover)

    def emit(self, effect: Effect) -> None:
        """Remember what happened until the next drain."""
        self.effects.append(effect)

    def drain(self) -> list[Effect]:
        """Return what happened since the last drain, in order."""
        effects, self.effects = self.effects, []
        return effects

    def parent_key(self, token: Token) -> int | None:
        """The key of the multi-instance, subprocess or call around a token."""
        if token.is_item:
            return int(token.parent.id)
        workflow = token.workflow
        return workflow.owner.id if isinstance(workflow, Part) else None
