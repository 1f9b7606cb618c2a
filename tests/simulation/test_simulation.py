"""Thousands of acts of people, timers, messages and crashes, decided by one seed: nothing lost, doubled or stuck."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation.world import World
from tests.support.town import town


def lived(folder: Path, seed: int, steps: int, name: str = "world") -> World:
    """Let a world live for so many steps, checked at the end (and now and then on the way)."""
    with town(f"sqlite:///{folder}/{name}.db") as found:
        world = World(found, seed)
        for number in range(steps):
            world.step()
            if number % 250 == 249:
                world.check()
        world.check()
        world.log.append(world.fingerprint())
        return world


def test_a_seed_replays_exactly(tmp_path: Path) -> None:
    first, second = lived(tmp_path, 7, 120, "first"), lived(tmp_path, 7, 120, "second")
    assert first.log == second.log
    assert first.crashes > 5
    assert len(first.numbers) > 5


@pytest.mark.parametrize("seed", range(3))
def test_worlds_keep_their_order(tmp_path: Path, seed: int) -> None:
    world = lived(tmp_path, seed, 250)
    assert world.crashes > 10


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 112))
def test_long_lives_keep_their_order(tmp_path: Path, seed: int) -> None:
    assert lived(tmp_path, seed, 1500).acknowledged > 1000
