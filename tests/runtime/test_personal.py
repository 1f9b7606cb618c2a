"""Personal data stand apart, whichever door they come in by, and are shown in their own case only."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine import org, runtime
from engine.model import system
from engine.runtime import messages, workers
from engine.store import tables
from tests.runtime.test_workers import desk, register
from tests.stories.test_property_project import is_registered
from tests.support.tiny import VARIABLES, deploys, form, registers
from tests.support.town import Complaint, Town
from tests.tokens import drawing as draw

PHONE = "13800000000"
KNOWN = VARIABLES + "phone,string,,,phone,main,电话,Phone\n"
OUTSIDE = system("outside")


def tiny(town: Town, *nodes: str, flows: str, **files: bytes) -> None:
    """Deploy a diagram of `register`, these nodes and `look`, with a variable `phone` that is personal."""
    parts = (draw.start(), register(), *nodes, desk("look"), draw.end(), flows)
    diagram = draw.diagram(draw.message("Message_1", "more"), draw.process("tiny_main", *parts))
    deploys(town, diagram, variables__csv=KNOWN.encode(), **files)


def stands_apart(complaint: Complaint, *path: str) -> None:
    """The phone number is in the table of personal values and nowhere else."""
    (kept,) = complaint.rows(tables.personal)
    assert (kept.value, kept.kind) == (PHONE, "phone")
    value: Any = complaint.variables
    for name in path:
        value = value[name]
    assert value == {"personal": str(kept.key)}
    assert PHONE not in complaint.row.variables
    for event in complaint.events:
        assert PHONE not in event.facts + (event.submitted or "")
    assert any(str(kept.key) in (event.submitted or "") for event in complaint.events)


def test_what_a_message_brings(yunxi: Town) -> None:
    tiny(yunxi, draw.catch("wait", draw.on_message("Message_1")), flows=draw.chain("s", "register", "wait", "look", "e"))
    complaint = registers(yunxi)
    with yunxi.store.writing() as db:
        messages.correlate(db, messages.Publication("more", complaint.number, {"phone": PHONE}), OUTSIDE)
    stands_apart(complaint, "phone")


def test_what_a_kept_message_brings(yunxi: Town) -> None:
    tiny(yunxi, draw.catch("wait", draw.on_message("Message_1")), flows=draw.chain("s", "register", "look", "wait", "e"))
    complaint = registers(yunxi)
    early = messages.Publication("more", complaint.number, {"phone": PHONE}, timedelta(hours=1))
    with yunxi.store.writing() as db:
        messages.publish(db, early, OUTSIDE)
    yunxi["reception"].does(complaint, "look")
    stands_apart(complaint, "phone")
    assert [facts["name"] for facts in complaint.told("message.delivered")] == ["more"]


def test_what_a_worker_answers(yunxi: Town) -> None:
    tiny(yunxi, draw.service("ask", "crm.lookup"), flows=draw.chain("s", "register", "ask", "look", "e"))
    complaint = registers(yunxi)
    with yunxi.store.writing() as db:
        (job,) = workers.activate_jobs(db, workers.Activation("crm.lookup", "w1"))
        workers.complete_job(db, job.key, {"phone": PHONE}, OUTSIDE)
    stands_apart(complaint, "phone")


def test_what_is_sent_for_a_task_without_a_form(yunxi: Town) -> None:
    tiny(yunxi, flows=draw.chain("s", "register", "look", "e"))
    complaint = registers(yunxi)
    yunxi["reception"].does(complaint, "look", phone=PHONE)
    stands_apart(complaint, "phone")


def test_what_is_entered_in_a_group_with_a_path_of_its_own(yunxi: Town) -> None:
    field = {"type": "textfield", "key": "phone", "label": "电话", "id": "p", "properties": {"personal": "phone"}}
    body = json.loads(form("tiny_register", "note"))
    body["components"].append({"type": "group", "id": "g", "label": "联系人", "path": "contact", "components": [field]})
    tiny(yunxi, flows=draw.chain("s", "register", "look", "e"), register__form=json.dumps(body).encode())
    stands_apart(registers(yunxi, contact={"phone": PHONE}), "contact", "phone")


def test_a_reference_to_another_case_is_not_followed(yunxi: Town) -> None:
    tiny(yunxi, flows=draw.chain("s", "register", "look", "e"))
    with yunxi.store.reading() as db:
        theirs = int(is_registered(yunxi).variables["customerPhone"]["personal"])
        mine = registers(yunxi)
    with yunxi.store.reading() as db:
        assert runtime.personal_values(db, mine.key, [theirs]) == {}


@pytest.mark.parametrize("value", ["1", "x", "", "1" * 30, "١"])
def test_only_a_key_is_a_reference(value: str) -> None:
    assert runtime.reference({"personal": value}) == (1 if value == "1" else None)


def test_who_may_not_read_a_personal_value_cannot_replace_it_either(yunxi: Town) -> None:
    field = {"type": "textfield", "key": "phone", "label": "电话", "id": "p", "properties": {"personal": "phone"}}
    body = json.loads(form("tiny_register", "note"))
    body["components"].append(field)
    sheet = json.dumps(body).encode()
    shown = draw.zeebe("formDefinition", formId="tiny_look")
    look = draw.user("look_again", shown, draw.zeebe("assignmentDefinition", candidateGroups="reception"))
    parts = (draw.start(), register(), look, draw.end(), draw.chain("s", "register", "look_again", "e"))
    files = {"register__form": sheet, "look__form": sheet.replace(b"tiny_register", b"tiny_look")}
    deploys(yunxi, draw.diagram(draw.process("tiny_main", *parts)), variables__csv=KNOWN.encode(), **files)
    complaint = registers(yunxi, phone=PHONE)
    with yunxi.store.writing() as db:
        org.replace_grants(db, "property-project", {"reception": ["work", "read_case"]})
    yunxi["reception"].does(complaint, "look_again", phone="13900000000")
    with yunxi.store.reading() as db:
        assert db.execute(select(tables.personal.c.value).where(tables.personal.c.case_key == complaint.key)).scalars().all() == [PHONE]


def test_what_is_sent_for_a_hidden_field_is_not_recorded_either(yunxi: Town) -> None:
    field = {"type": "textfield", "key": "secret", "label": "电话", "id": "p", "properties": {"personal": "phone"}}
    body = json.loads(form("tiny_register", "note"))
    body["components"].append(field | {"conditional": {"hide": '=note != "yes"'}})
    tiny(yunxi, flows=draw.chain("s", "register", "look", "e"), register__form=json.dumps(body).encode())
    complaint = registers(yunxi, note="no", secret=PHONE)
    assert complaint.rows(tables.personal) == []
    for event in complaint.events:
        assert PHONE not in event.facts + (event.submitted or "")


def test_a_kept_message_for_another_case_leaves_nothing_in_this_one(yunxi: Town) -> None:
    tiny(yunxi, draw.catch("wait", draw.on_message("Message_1")), flows=draw.chain("s", "register", "look", "wait", "e"))
    complaint = registers(yunxi)
    with yunxi.store.writing() as db:
        messages.publish(db, messages.Publication("more", "someone else's", {"phone": PHONE}, timedelta(hours=1)), OUTSIDE)
    yunxi["reception"].does(complaint, "look")
    assert complaint.rows(tables.personal) == []
