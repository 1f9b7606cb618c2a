"""Jobs for workers outside, timers that fail, incidents and their retry."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine import clock, runtime
from engine.errors import Broken, NotFound
from engine.model import system
from engine.runtime import incidents, workers
from engine.store import tables
from tests.support.tiny import deploys, registers
from tests.support.town import SEED, Complaint, Town, town
from tests.tokens import drawing as draw

WORKER = system("worker")


def register() -> str:
    assigned = draw.zeebe("assignmentDefinition", candidateGroups="reception")
    return draw.user("register", draw.zeebe("formDefinition", formId="tiny_register"), assigned)


def desk(element_id: str) -> str:
    return draw.user(element_id, draw.zeebe("assignmentDefinition", candidateGroups="reception"))


@pytest.fixture
def yunxi(tmp_path: Path) -> Iterator[Town]:
    with town(f"sqlite:///{tmp_path}/town.db") as found:
        yield found


@pytest.fixture
def crm(yunxi: Town) -> Town:
    """A procedure that asks an outside system, and a person when that fails with BAD."""
    job = draw.service("ask", "crm.lookup", draw.mapping({"who": "=caseNumber"}, {"answer": "=found"}))
    refused = draw.boundary("refused", "ask", draw.on_error("Error_1"), interrupting=True)
    body = draw.chain("s", "register", "ask", "look", "e") + draw.chain("refused", "by_hand", "e2")
    nodes = (draw.start(), register(), job, desk("look"), refused, desk("by_hand"), draw.end(), draw.end("e2"))
    deploys(yunxi, draw.diagram(draw.ERROR, draw.process("tiny_main", *nodes, body)))
    return yunxi


def activates(found: Town, **more: Any) -> list[workers.Job]:
    with found.store.writing() as db:
        return workers.activate_jobs(db, workers.Activation("crm.lookup", "w1", **more))


def test_a_job_is_given_to_one_worker_and_its_answer_goes_on(crm: Town) -> None:
    complaint = registers(crm)
    (job,) = activates(crm)
    assert (job.case_number, job.element_id, job.variables["who"]) == (complaint.number, "ask", complaint.number)
    assert activates(crm) == []
    with crm.store.writing() as db:
        workers.complete_job(db, job.key, {"found": "老客户"}, WORKER)
    assert complaint.open == ["look"]
    assert complaint.variables["answer"] == "老客户"
    with crm.store.writing() as db, pytest.raises(workers.JobOver):
        workers.complete_job(db, job.key, {}, WORKER)


def test_a_worker_that_dies_gives_the_job_back_when_its_time_is_over(crm: Town) -> None:
    registers(crm)
    (first,) = activates(crm, timeout=timedelta(minutes=1))
    clock.pin(clock.now() + timedelta(seconds=59))
    assert activates(crm) == []
    clock.pin(clock.now() + timedelta(seconds=1))
    assert [job.key for job in activates(crm)] == [first.key]


def test_a_business_error_of_a_job_takes_its_boundary_event(crm: Town) -> None:
    complaint = registers(crm)
    (job,) = activates(crm)
    with crm.store.writing() as db:
        workers.throw_job_error(db, job.key, "BAD", {}, WORKER)
    assert complaint.open == ["by_hand"]


def test_a_job_without_retries_is_an_incident_until_somebody_retries_it(crm: Town) -> None:
    complaint = registers(crm)
    (job,) = activates(crm)
    with crm.store.writing() as db:
        workers.fail_job(db, job.key, 2, "busy", WORKER)
    assert complaint.rows(tables.incident) == []
    (job,) = activates(crm)
    with crm.store.writing() as db:
        workers.fail_job(db, job.key, 0, "gone", WORKER)
    assert activates(crm) == []
    (found,) = complaint.rows(tables.incident)
    assert "crm.lookup" in found.zh
    with crm.store.writing() as db:
        incidents.retry(db, found.key, SEED)
    assert [item.key for item in activates(crm)] == [job.key]
    with crm.store.reading() as db:
        assert incidents.open_incidents(db) == []
    with crm.store.writing() as db, pytest.raises(NotFound):
        incidents.retry(db, found.key, SEED)


def broken_gateway(yunxi: Town) -> Complaint:
    """A case whose next gateway has no way on."""
    gate = draw.exclusive("gate")
    ways = draw.flow("gate", "e", '=note = "a"') + draw.flow("gate", "e2", '=note = "b"')
    nodes = (draw.start(), register(), desk("look"), gate, draw.end(), draw.end("e2"))
    deploys(yunxi, draw.diagram(draw.process("tiny_main", *nodes, draw.chain("s", "register", "look", "gate"), ways)))
    return registers(yunxi, note="c")


def test_a_failure_behind_a_task_leaves_the_case_as_it_was_and_becomes_one_incident(yunxi: Town) -> None:
    complaint = broken_gateway(yunxi)
    before = (complaint.row.revision, complaint.open, complaint.row.variables)
    key = complaint.task("look")
    for _ in range(2):
        with pytest.raises(Broken) as failed:
            yunxi["reception"].does(complaint, "look")
        assert "gate" in failed.value.text()
        with yunxi.store.writing() as db:
            incidents.record_failure(db, key, failed.value, yunxi["reception"].actor)
    (found,) = complaint.rows(tables.incident)
    assert (found.element_id, found.kind, found.status) == ("gate", "execution", "open")
    assert (complaint.row.revision - 1, complaint.open, complaint.row.variables) == before


def test_a_timer_that_fails_is_pushed_forward_and_tried_again_after_the_fix(yunxi: Town) -> None:
    wait = draw.catch("wait", draw.duration("PT1H"))
    gate = draw.exclusive("gate")
    ways = draw.flow("gate", "e", '=note = "a"') + draw.flow("gate", "e2", '=note = "b"')
    nodes = (draw.start(), register(), wait, gate, draw.end(), draw.end("e2"))
    deploys(yunxi, draw.diagram(draw.process("tiny_main", *nodes, draw.chain("s", "register", "wait", "gate"), ways)))
    complaint, healthy = registers(yunxi, note="c"), registers(yunxi, note="a")
    yunxi.waits(hours=1)
    assert healthy.row.status == "closed"
    (found,) = complaint.rows(tables.incident)
    assert found.kind == "timer"
    assert yunxi.work() == 0
    assert len(complaint.rows(tables.incident)) == 1
    with yunxi.store.writing() as db:
        live = runtime.lock_case(db, complaint.key)
        live.write("note", "b")
        live.save(SEED)
        incidents.retry(db, found.key, SEED)
    assert yunxi.work() == 1
    assert complaint.row.status == "closed"


def test_a_timer_that_succeeds_when_it_is_tried_again_closes_its_incident(yunxi: Town) -> None:
    ways = draw.flow("gate", "e", '=note = "a"') + draw.flow("gate", "e2", '=note = "b"')
    nodes = (draw.start(), register(), draw.catch("wait", draw.duration("PT1H")), draw.exclusive("gate"), draw.end(), draw.end("e2"))
    deploys(yunxi, draw.diagram(draw.process("tiny_main", *nodes, draw.chain("s", "register", "wait", "gate"), ways)))
    complaint = registers(yunxi, note="c")
    yunxi.waits(hours=1)
    with yunxi.store.writing() as db:
        live = runtime.lock_case(db, complaint.key)
        live.write("note", "b")
        live.save(SEED)
    yunxi.waits(minutes=5)
    assert complaint.row.status == "closed"
    assert [row.status for row in complaint.rows(tables.incident)] == ["resolved"]


def test_a_cycle_fires_as_often_as_it_says_and_catches_up(yunxi: Town) -> None:
    again = draw.boundary("again", "look", draw.cycle('=cycle(3, duration("PT1H"))'))
    count = draw.script("count", "=(if n = null then 0 else n) + 1", "n")
    body = draw.chain("s", "register", "look", "e") + draw.chain("again", "count", "e2")
    nodes = (draw.start(), register(), desk("look"), again, count, draw.end(), draw.end("e2"))
    deploys(yunxi, draw.diagram(draw.process("tiny_main", *nodes, body)))
    complaint = registers(yunxi)
    yunxi.waits(minutes=59)
    assert complaint.variables.get("n") is None
    yunxi.waits(minutes=1)
    assert complaint.variables["n"] == 1
    yunxi.waits(hours=10)
    while yunxi.work():
        pass
    assert complaint.variables["n"] == 3
    assert complaint.open == ["look"]


def test_recursion_and_unknown_parts_are_refused_when_deployed(yunxi: Town) -> None:
    nodes = (draw.start(), register(), draw.call("again", "tiny_main"), draw.end())
    with pytest.raises(runtime.PackageRefused) as refused:
        deploys(yunxi, draw.diagram(draw.process("tiny_main", *nodes, draw.chain("s", "register", "again", "e"))))
    assert any("again" in found.element for found in refused.value.findings)
    nodes = (draw.start(), register(), draw.rule("decide", "nowhere", "x"), draw.end())
    with pytest.raises(runtime.PackageRefused) as refused:
        deploys(yunxi, draw.diagram(draw.process("tiny_main", *nodes, draw.chain("s", "register", "decide", "e"))))
    assert [(found.rule, found.element, found.name) for found in refused.value.findings] == [("missing-decision", "decide", "")]
