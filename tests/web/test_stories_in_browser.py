"""Every story of `property-project` told once more through the pages: in Chinese and English, at a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.stories import test_property_project as told
from tests.support.screens import Look, Screens, town_on_screens

LOOKS = [Look("zh", 1366, 768), Look("en", 390, 844), Look("en", 1366, 768), Look("zh", 390, 844)]
EACH_PATH = [
    told.test_a_general_complaint_runs_from_registration_to_archive,
    told.test_a_major_complaint_is_reported_and_handed_over_at_once,
    told.test_written_complaints_need_a_register_entry_an_instruction_and_a_written_reply,
    told.test_a_user_who_does_not_accept_is_handled_again,
]


def looked_at(stories: list[Any], first: int) -> list[Any]:
    """Give each story one of the looks in turn."""
    looks = [LOOKS[(first + number) % len(LOOKS)] for number in range(len(stories))]
    return [pytest.param(story, look, id=f"{story.__name__}-{look}") for story, look in zip(stories, looks, strict=True)]


@pytest.fixture(scope="module")
def screens(browser: Browser) -> Iterator[Screens]:
    found = Screens(browser)
    yield found
    found.close()


def tell(story: Any, home: Path, screens: Screens, look: Look) -> None:
    with town_on_screens(home, screens, look) as town:
        story(town)
    assert screens.trouble == []


@pytest.mark.parametrize(("story", "look"), looked_at(EACH_PATH, 0))
def test_a_story_of_each_path(story: Any, look: Look, tmp_path: Path, screens: Screens) -> None:
    tell(story, tmp_path, screens, look)


@pytest.mark.long
@pytest.mark.parametrize(("story", "look"), looked_at(told.STORIES, 1))
def test_every_story(story: Any, look: Look, tmp_path: Path, screens: Screens) -> None:
    tell(story, tmp_path, screens, look)
