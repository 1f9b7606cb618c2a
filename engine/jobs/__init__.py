"""The loop behind the pages: due timers, late tasks, old request tokens. One or many may run; a second does no harm."""

from engine.jobs.loop import loop, offer_anew, run_once

__all__ = ["loop", "offer_anew", "run_once"]
