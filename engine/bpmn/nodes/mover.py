"""What a node kind may ask of the machine that moves the tokens of one case. Implemented in `engine.runtime.tokens`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from engine.bpmn.nodes.node import Node
    from engine.bpmn.nodes.token import Token


class Mover(Protocol):
    """The verbs of a machine, as the node kinds know them."""

    def ready(self, token: Token) -> None:
        """Queue a token whose node can run now; a task of a person is announced instead."""

    def passed(self, token: Token) -> None:
        """The token's node is done: close its scope, record it and move on."""

    def gathered(self, token: Token) -> list[Token]:
        """Return the tokens waiting at the same join in the same scope, this one included, oldest first."""

    def merge(self, token: Token, others: list[Token]) -> None:
        """Let `token` stand for all the others, which vanish."""

    def crowded(self, token: Token, ways: frozenset[str]) -> bool:
        """Say whether another token of the scope stands on one of these nodes, given by name."""

    def condition(self, token: Token, text: str) -> bool:
        """Evaluate a condition; anything but true and false stops the case."""

    def compute(self, token: Token) -> None:
        """Evaluate a script task and write its result."""

    def decide(self, token: Token) -> None:
        """Evaluate a business rule task's decision and write its result."""

    def work(self, token: Token) -> bool:
        """Run a job: True when a function of ours did it at once, False when it waits for a worker."""

    def subscribe(self, token: Token, nodes: tuple[Node, ...]) -> None:
        """Make the token wait for the events of these nodes (several at an event-based gateway)."""

    def throw(self, token: Token) -> None:
        """Throw the event of the token's node."""

    def terminate(self, token: Token) -> None:
        """End everything else in the token's scope."""

    def descend(self, token: Token) -> None:
        """Start the inside of a subprocess or call activity."""

    def multiply(self, token: Token) -> bool:
        """Start the items of a multi-instance; True when there are none."""

    def item_done(self, token: Token) -> None:
        """An item of a multi-instance is done: collect its output, start the next one or end the body."""
