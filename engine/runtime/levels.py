"""General becomes major while the case runs; a level never falls by itself (modelling, Patterns)."""

from __future__ import annotations

from typing import Any

from engine import feel
from engine.runtime.live import LiveCase
from engine.runtime.messages import deliver

MAJOR = "major"
UPGRADED = "upgraded"


def raise_level(live: LiveCase) -> None:
    """Run the classify decision again if one of its inputs changed; if the level rises, publish `upgraded` and go on to rest."""
    settings = live.package.settings
    level = settings.classify_result.get("level", "level")
    before = live.variables.get(level)
    if not settings.classify or before in (None, MAJOR) or not _touched(live, settings.classify):
        return
    reasons = live.decide(settings.classify, live.variables, None)
    if not any(isinstance(row, dict) and row.get("level") == MAJOR for row in reasons or []):
        return
    live.write(settings.classify_result.get("variable", "levelReasons"), reasons)
    live.write(level, MAJOR)
    live.note("level.raised", **{"from": before, "to": MAJOR, "reasons": feel.to_json(reasons)})
    deliver(live, UPGRADED)


def _touched(live: LiveCase, decision_id: str) -> bool:
    inputs: Any = live.package.decisions[decision_id].decisions[decision_id].inputs
    return not set(inputs).isdisjoint(live.changes)
