"""What follows every move of tokens: messages that were kept for a receiver, and the level of the case."""

from __future__ import annotations

from engine.runtime.levels import raise_level
from engine.runtime.live import LiveCase
from engine.runtime.messages import receive_kept


def settle(live: LiveCase) -> None:
    """Bring the case to rest: deliver kept messages to events that began to wait, then classify again, once."""
    receive_kept(live)
    raise_level(live)
    receive_kept(live)
