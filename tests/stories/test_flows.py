"""Every sequence flow of every diagram is taken by some story, and every end is reached: measured by telling the stories once more."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from engine.store import tables
from tests.procedures.written import SLUGS, written
from tests.stories import test_dealer, test_dealer_conclusion, test_property_project
from tests.support.town import Town, town

TOLD: dict[str, list[Any]] = {
    "property-project": test_property_project.STORIES,
    "dealer": [*test_dealer.STORIES, *test_dealer_conclusion.STORIES],
}
Taken = Counter[tuple[str, str]]  # (process id, id of a flow or of an end event)


@cache
def taken(procedure: str, folder: Path) -> Taken:
    """What the stories of a procedure went through, each in a town of its own."""
    found: Taken = Counter()
    for number, story in enumerate(TOLD[procedure]):
        with town(f"sqlite:///{folder}/{procedure}-{number}.db", procedure=procedure) as place:
            story(place)
            found += _seen(place)
    return found


def _seen(place: Town) -> Taken:
    column = tables.element_instance.c
    with place.store.reading() as db:
        passed = db.execute(select(column.process_id, column.element_id, column.outcome, column.flows)).all()
    flows = Counter((row.process_id, flow) for row in passed for flow in row.flows.split())
    return flows + Counter((row.process_id, row.element_id) for row in passed if row.outcome == "completed")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("towns")


def test_each_procedure_has_its_stories() -> None:
    assert sorted(TOLD) == SLUGS


@pytest.mark.parametrize("procedure", TOLD)
def test_every_sequence_flow_is_taken_by_some_story(procedure: str, folder: Path) -> None:
    drawn = {(process.id, flow) for process in written(procedure).processes for flow in process.flows}

    assert sorted(drawn - set(taken(procedure, folder))) == []


@pytest.mark.parametrize("procedure", TOLD)
def test_every_node_is_passed_by_some_story(procedure: str, folder: Path) -> None:
    drawn = {(process.id, element.id) for process, element in written(procedure).elements}

    assert sorted(drawn - set(taken(procedure, folder))) == []
