"""Cases that nobody registers: made by the clock or by a message, in the right unit, once however many loops run."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import select

from engine import clock, jobs
from engine.model import system
from engine.runtime import messages, starting
from engine.store import loads, tables
from tests.runtime.test_workers import desk, register
from tests.support.tiny import deploys, registers
from tests.support.town import Complaint, Town
from tests.tokens import drawing as draw

PORTAL = system("portal")
HOTLINE = draw.message("Message_1", "hotline", "")


def monthly(timer: str, name: str = "look", **properties: str) -> bytes:
    """A procedure whose people register complaints, and that looks at something by itself at its time."""
    kept = draw.zeebe("properties", *(draw.zeebe("property", name=key, value=value) for key, value in properties.items()))
    by_clock = draw.start("clock", draw.extend(kept) if properties else "", timer)
    body = draw.chain("s", "register", name, "e") + draw.chain("clock", name)
    return draw.diagram(draw.process("tiny_main", draw.start(), by_clock, register(), desk(name), draw.end(), body))


def by_message(slug: str = "tiny") -> bytes:
    """A procedure that begins with a registration or with a message from the hotline."""
    called = draw.start("called", draw.on_message("Message_1"))
    task = draw.user(
        "register",
        draw.zeebe("formDefinition", formId=f"{slug}_register"),
        draw.zeebe("assignmentDefinition", candidateGroups="reception"),
    )
    body = draw.chain("s", "register", "look", "e") + draw.chain("called", "look")
    return draw.diagram(HOTLINE, draw.process(f"{slug}_main", draw.start(), called, task, desk("look"), draw.end(), body))


def made(found: Town, procedure: str = "tiny") -> list[Complaint]:
    """Every case of the procedure, in the order of their making."""
    column = tables.case.c
    with found.store.reading() as db:
        rows = db.execute(select(column.key, column.number).where(column.procedure == procedure).order_by(column.key)).all()
    return [Complaint(found, row.key, row.number) for row in rows]


def units(found: Town, complaints: list[Complaint]) -> set[str]:
    """The short names of the units of these cases."""
    names = {key: slug for slug, key in found.units.items()}
    return {names[complaint.row.unit_key] for complaint in complaints}


def says(found: Town, key: str = "", name: str = "hotline", **variables: Any) -> messages.Delivered:
    with found.store.writing() as db:
        return messages.correlate(db, messages.Publication(name, key, variables), PORTAL)


def test_the_clock_makes_a_case_in_each_unit_that_registers(yunxi: Town) -> None:
    deploys(yunxi, monthly(draw.cycle("R/P1D")))
    yunxi.waits(hours=23, minutes=59, seconds=59)
    assert made(yunxi) == []

    yunxi.waits(seconds=1)

    assert units(yunxi, made(yunxi)) == {"pp_yunxi", "pp_zhuhai"}
    assert all(complaint.open == ["look"] for complaint in made(yunxi))
    assert made(yunxi)[0].told("case.started")[0]["element"] == "clock"
    yunxi["reception"].does(next(item for item in made(yunxi) if item.row.unit_key == yunxi.units["pp_yunxi"]), "look")
    assert sorted(item.row.status for item in made(yunxi)) == ["closed", "open"]
    yunxi.waits(days=1)
    assert len(made(yunxi)) == 4


def test_a_start_may_go_by_another_role(yunxi: Town) -> None:
    deploys(yunxi, monthly(draw.date("2026-12-01T09:00:00+08:00"), unit_role="company_leader"))
    yunxi.waits(days=10)
    (only,) = made(yunxi)
    assert units(yunxi, [only]) == {"pp_company"}
    yunxi.waits(days=300)
    assert made(yunxi)[1:] == []


def test_times_that_nobody_was_there_for_are_not_made_up_for(yunxi: Town) -> None:
    deploys(yunxi, monthly(draw.cycle("R/2026-11-01T08:00:00+08:00/P1D"), unit_role="company_leader"))
    assert yunxi.work() == 0  # the first of November has passed
    yunxi.waits(days=9)  # a loop that was away for nine mornings
    assert len(made(yunxi)) == 1
    with yunxi.store.reading() as db:
        due = db.execute(select(tables.start_timer.c.due_at)).scalar_one()
    assert due.astimezone(clock.ZONE).isoformat() == "2026-12-03T08:00:00+08:00"


def test_a_cycle_ends_and_a_new_release_keeps_its_time(yunxi: Town) -> None:
    deploys(yunxi, monthly(draw.cycle("R2/P1D"), unit_role="company_leader"))
    yunxi.waits(hours=20)
    second = deploys(yunxi, monthly(draw.cycle("R2/P1D"), "look_closer", unit_role="company_leader"))
    yunxi.waits(hours=4)
    assert [(item.row.release_key, item.open) for item in made(yunxi)] == [(second, ["look_closer"])]
    yunxi.waits(days=1)
    yunxi.waits(days=5)
    assert len(made(yunxi)) == 2


def test_a_release_without_the_start_makes_no_more_cases(yunxi: Town) -> None:
    deploys(yunxi, monthly(draw.cycle("R/P1D")))
    nodes = draw.start(), register(), draw.end(), draw.chain("s", "register", "e")
    deploys(yunxi, draw.diagram(draw.process("tiny_main", *nodes)))
    yunxi.waits(days=3)
    assert made(yunxi) == []


def test_a_start_that_fails_makes_nothing_and_is_tried_again(yunxi: Town) -> None:
    gate = draw.exclusive("gate") + draw.flow("gate", "e", "=caseNumber = 1") + draw.flow("gate", "e2", "=caseNumber = 2")
    body = draw.chain("s", "register", "e") + draw.chain("clock", "gate")
    nodes = draw.start(), draw.start("clock", draw.cycle("R/P1D")), register(), gate, draw.end(), draw.end("e2"), body
    deploys(yunxi, draw.diagram(draw.process("tiny_main", *nodes)))
    yunxi.waits(days=1)
    assert made(yunxi) == []
    with yunxi.store.reading() as db:
        row = db.execute(select(tables.start_timer)).one()
    assert (row.due_at, row.try_at) == (clock.now(), clock.now() + starting.RETRY)


def test_two_loops_make_it_once(anywhere: Town) -> None:
    deploys(anywhere, monthly(draw.cycle("R/P1D"), unit_role="company_leader"))
    clock.pin(clock.now() + starting.timedelta(days=1))
    with anywhere.store.reading() as db:
        (row,) = starting.due_starts(db)  # both loops have seen it
    ready, outcomes = threading.Barrier(2), []

    def looks() -> None:
        ready.wait()
        with anywhere.store.writing() as db:
            outcomes.append(starting.start_due(db, row.key))

    loops = [threading.Thread(target=looks) for _ in range(2)]
    for thread in loops:
        thread.start()
    for thread in loops:
        thread.join()
    assert sorted(outcomes) == [False, True]
    assert len(made(anywhere)) == 1
    assert jobs.run_once(anywhere.store) == 0


def test_a_message_starts_a_case_in_the_unit_it_names(yunxi: Town) -> None:
    deploys(yunxi, by_message())
    found = says(yunxi, unit="pp_zhuhai", note="热线来电")
    (complaint,) = made(yunxi)
    assert (found.case_key, found.receivers) == (complaint.key, 1)
    assert units(yunxi, [complaint]) == {"pp_zhuhai"}
    assert complaint.variables == {"caseNumber": complaint.number, "note": "热线来电"}
    assert complaint.open == ["look"]
    assert loads(complaint.events[0].submitted) == {"note": "热线来电"}


def test_a_message_that_names_no_unit_is_refused_where_there_are_several(yunxi: Town) -> None:
    deploys(yunxi, by_message())
    with pytest.raises(starting.UnitUnknown, match="hotline"):
        says(yunxi)
    with pytest.raises(starting.UnitUnknown):
        says(yunxi, unit="nowhere")
    with pytest.raises(messages.NobodyWaits):
        says(yunxi, name="other")
    assert made(yunxi) == []


def test_a_published_message_starts_one_case_however_long_it_is_kept(yunxi: Town) -> None:
    deploys(yunxi, by_message())
    publication = messages.Publication("hotline", "12345-1", {"unit": "pp_yunxi"}, starting.timedelta(hours=1), "12345-1")
    with yunxi.store.writing() as db:
        messages.publish(db, publication, PORTAL)
    with yunxi.store.writing() as db, pytest.raises(messages.PublishedBefore):
        messages.publish(db, publication, PORTAL)
    yunxi.waits(minutes=30)
    assert len(made(yunxi)) == 1


def test_a_message_thrown_by_a_case_starts_one_of_another_procedure_in_its_unit(yunxi: Town) -> None:
    deploys(yunxi, by_message("other"), "other")
    told = draw.throw("tell", draw.on_message("Message_1"), draw.mapping({"reason": '="漏水"'}))
    nodes = draw.start(), register(), told, desk("look"), draw.end(), draw.chain("s", "register", "tell", "look", "e")
    deploys(yunxi, draw.diagram(HOTLINE, draw.process("tiny_main", *nodes)))
    registers(yunxi)
    assert made(yunxi, "other") == []
    assert yunxi.work() == 1
    (other,) = made(yunxi, "other")
    assert units(yunxi, [other]) == {"pp_yunxi"}
    assert other.variables["reason"] == "漏水"
