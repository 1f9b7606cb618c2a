"""What follows a task fails: the case is as it was, administrators find an incident, and the person keeps what they typed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.model import system
from engine.runtime import incidents
from engine.store import loads, tables
from tests.dmn import models
from tests.runtime.test_workers import register
from tests.support.office import Office, office
from tests.support.tiny import deploys, form, registers
from tests.support.town import Complaint, town
from tests.tokens import drawing as draw

ADMIN = system("admin")


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Office]:
    with town(f"sqlite:///{tmp_path}/town.db") as found, office(found, tmp_path) as opened:
        yield opened


def deployed(here: Office, behind: str, *ways: str, **files: bytes) -> Complaint:
    """A case with the task `look`, which shows a field `word`, and something broken behind it."""
    assigned = draw.zeebe("assignmentDefinition", candidateGroups="reception")
    look = draw.user("look", draw.zeebe("formDefinition", formId="tiny_look"), assigned)
    body = draw.chain("s", "register", "look", "next") + "".join(ways)
    nodes = draw.start(), register(), look, behind, draw.end(), draw.end("e2"), body
    deploys(here.town, draw.diagram(draw.process("tiny_main", *nodes)), look__form=form("tiny_look", "word"), **files)
    return registers(here.town, note="甲")


def no_way(here: Office) -> Complaint:
    """No way leads on from the gateway unless the word is one of two."""
    ways = draw.flow("next", "e", '=word = "a"'), draw.flow("next", "e2", '=if word = "b" then true else note')
    return deployed(here, draw.exclusive("next"), *ways)


def test_a_failure_behind_a_task_keeps_what_was_typed_and_becomes_an_incident(here: Office) -> None:
    found = no_way(here)
    here.town["reception"].claims(found, "look")
    page = here.desk("reception").get(f"/tasks/{found.task('look')}")

    for _ in range(2):
        page = page.send("//form[.//*[@name='word']]", word="已换控制板，待观察")
        assert page.status == 500
        assert page.all("//*[@name='word']/@value") == ["已换控制板，待观察"]
        assert "next" in page.text

    assert found.open == ["look"]
    assert "word" not in found.variables
    (incident,) = found.rows(tables.incident)
    facts = loads(incident.facts)
    assert (incident.element_id, incident.kind, incident.status) == ("next", "execution", "open")
    assert (facts["process"], facts["element"], facts["reason"]) == ("tiny_main", "next", "condition")
    assert facts["expression"] == '=if word = "b" then true else note'
    assert facts["names"] == ["note", "word"]
    assert "甲" not in incident.facts and "控制板" not in incident.facts

    page.send("//form[.//*[@name='word']]", word="a")
    assert found.row.status == "closed"


def test_what_nobody_expected_becomes_an_incident_too_without_its_text(here: Office) -> None:
    urgent = draw.user("next", draw.zeebe("priorityDefinition", priority="=word"))
    found = deployed(here, urgent, draw.chain("next", "e"))
    here.town["reception"].claims(found, "look")
    page = here.desk("reception").get(f"/tasks/{found.task('look')}").send("//form[.//*[@name='word']]", word="13800000000 很急")
    assert page.status == 500
    assert page.all("//*[@name='word']/@value") == ["13800000000 很急"]
    (incident,) = found.rows(tables.incident)
    assert "ValueError" in incident.zh and "13800000000" not in incident.zh + incident.en + incident.facts


def test_a_registration_that_fails_keeps_what_was_typed(here: Office) -> None:
    ways = draw.flow("next", "e", '=note = "a"'), draw.flow("next", "e2", '=note = "b"')
    body = draw.chain("s", "register", "next") + "".join(ways)
    nodes = draw.start(), register(), draw.exclusive("next"), draw.end(), draw.end("e2"), body
    deploys(here.town, draw.diagram(draw.process("tiny_main", *nodes)))
    page = here.desk("reception").get("/intake/tiny").send("//form[.//*[@name='note']]", note="丙")
    assert page.status == 500
    assert page.all("//*[@name='note']/@value") == ["丙"]


def test_many_incidents_are_retried_after_one_fix(here: Office) -> None:
    wait = draw.catch("wait", draw.duration("PT1H"))
    gate, ways = draw.exclusive("gate"), draw.flow("gate", "e", '=note = "a"') + draw.flow("gate", "e2", '=note = "b"')
    body = draw.chain("s", "register", "wait", "gate") + ways
    nodes = draw.start(), register(), wait, gate, draw.end(), draw.end("e2"), body
    deploys(here.town, draw.diagram(draw.process("tiny_main", *nodes)))
    complaints = [registers(here.town, note="c") for _ in range(3)]
    here.town.waits(hours=1)
    with here.town.store.writing() as db:
        found = [row.key for row in incidents.open_incidents(db)]
        for complaint in complaints:
            live = incidents.lock_case(db, complaint.key)
            live.write("note", "a")
            live.save(ADMIN)
    assert len(found) == 3
    with here.town.store.writing() as db:
        assert incidents.retry_all(db, found, ADMIN) == 3
        assert incidents.retry_all(db, found, ADMIN) == 0
    assert here.town.work() == 3
    assert [complaint.row.status for complaint in complaints] == ["closed"] * 3


def test_a_decision_that_fails_names_its_inputs(here: Office) -> None:
    rules = models.table(["word"], ["out"], [["-", "1"], ["-", "2"]])  # unique, and both rules fit
    found = deployed(
        here,
        draw.rule("next", "which", "out"),
        draw.chain("next", "e"),
        which__dmn=models.definitions(models.decision("which", rules)),
    )
    here.town["reception"].claims(found, "look")
    here.desk("reception").get(f"/tasks/{found.task('look')}").send("//form[.//*[@name='word']]", word="a")
    (incident,) = found.rows(tables.incident)
    facts = loads(incident.facts)
    assert (facts["element"], facts["decision"], facts["names"]) == ("next", "which", ["word"])
    assert "同时命中" in incident.zh


def test_a_registration_with_an_unforeseen_end_keeps_what_was_typed(here: Office) -> None:
    first = draw.user("first", draw.zeebe("priorityDefinition", priority="=note"))
    nodes = draw.start(), register(), first, draw.end(), draw.chain("s", "register", "first", "e")
    deploys(here.town, draw.diagram(draw.process("tiny_main", *nodes)))
    page = here.desk("reception").get("/intake/tiny").send("//form[.//*[@name='note']]", note="丙")
    assert page.status == 500
    assert page.all("//*[@name='note']/@value") == ["丙"]
