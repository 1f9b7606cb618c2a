"""What follows every move of tokens: what they threw, messages that were kept for a receiver, and the level of the case."""

from __future__ import annotations

from engine.runtime.levels import raise_level
from engine.runtime.live import LiveCase
from engine.runtime.messages import receive_kept
from engine.runtime.outbox import hear_own


def settle(live: LiveCase) -> None:
    """Bring the case to rest: let it hear what was thrown and what was kept for it, then classify again, once."""
    _listen(live)
    raise_level(live)
    _listen(live)


def _listen(live: LiveCase) -> None:
    hear_own(live)
    receive_kept(live)
    hear_own(live)  # what a kept message has set going
