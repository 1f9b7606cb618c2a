"""Messages from outside and inside: one case, one receiver per process, kept for their time, once by their id."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.model import system
from engine.runtime import messages
from tests.runtime.test_workers import desk, register
from tests.support.tiny import deploys, registers
from tests.support.town import Complaint, Town, town
from tests.tokens import drawing as draw

PORTAL = system("portal")
MORE = draw.message("Message_1", "more")


@pytest.fixture
def yunxi(tmp_path: Path) -> Iterator[Town]:
    with town(f"sqlite:///{tmp_path}/town.db") as found:
        yield found


def waiting(found: Town) -> None:
    """A procedure that waits for `more` after registration."""
    nodes = (draw.start(), register(), draw.catch("wait", draw.on_message("Message_1")), desk("look"), draw.end())
    deploys(found, draw.diagram(MORE, draw.process("tiny_main", *nodes, draw.chain("s", "register", "wait", "look", "e"))))


def correlates(found: Town, key: str, **variables: Any) -> messages.Delivered:
    with found.store.writing() as db:
        return messages.correlate(db, messages.Publication("more", key, variables), PORTAL)


def publishes(found: Town, key: str, minutes: float = 0, message_id: str | None = None, **variables: Any) -> messages.Delivered:
    with found.store.writing() as db:
        publication = messages.Publication("more", key, variables, timedelta(minutes=minutes), message_id)
        return messages.publish(db, publication, PORTAL)


def test_a_message_reaches_the_case_with_its_key(yunxi: Town) -> None:
    waiting(yunxi)
    first, second = registers(yunxi), registers(yunxi)
    found = correlates(yunxi, second.number, note="照片已补")
    assert (found.case_key, found.receivers) == (second.key, 1)
    assert (first.open, second.open) == ([], ["look"])
    assert second.variables["note"] == "照片已补"


def test_nobody_waiting_is_said_and_nothing_is_kept(yunxi: Town) -> None:
    waiting(yunxi)
    with pytest.raises(messages.NobodyWaits, match="PP-0"):
        correlates(yunxi, "PP-0")
    complaint = registers(yunxi)
    correlates(yunxi, complaint.number)
    with pytest.raises(messages.NobodyWaits):
        correlates(yunxi, complaint.number)


def test_a_published_message_waits_for_its_case_as_long_as_it_lives(yunxi: Town) -> None:
    waiting(yunxi)
    assert publishes(yunxi, "TINY-202611-00001", minutes=5, note="早到").case_key is None
    early = registers(yunxi)
    assert early.open == ["look"]
    assert early.variables["note"] == "早到"
    publishes(yunxi, "TINY-202611-00002", minutes=5)
    yunxi.waits(minutes=5)
    assert registers(yunxi).open == []


def test_a_message_id_makes_it_once_while_it_lives(yunxi: Town) -> None:
    waiting(yunxi)
    complaint = registers(yunxi)
    publishes(yunxi, complaint.number, minutes=5, message_id="m1")
    with pytest.raises(messages.PublishedBefore):
        publishes(yunxi, complaint.number, minutes=5, message_id="m1")
    yunxi.waits(minutes=5)
    assert publishes(yunxi, complaint.number, minutes=5, message_id="m1").case_key is None


def test_a_kept_message_reaches_each_process_of_the_case_once(yunxi: Town) -> None:
    """Main waits for it, then the called process does: one message, one receipt in each."""
    both = (draw.catch("inner", draw.on_message("Message_1")), draw.catch("twice", draw.on_message("Message_1")))
    inner = draw.process("tiny_inner", draw.start(), *both, draw.end(), draw.chain("s", "inner", "twice", "e"))
    nodes = (draw.start(), register(), draw.catch("wait", draw.on_message("Message_1")), draw.call("call", "tiny_inner"), draw.end())
    deploys(yunxi, draw.diagram(MORE, draw.process("tiny_main", *nodes, draw.chain("s", "register", "wait", "call", "e")), inner))
    complaint = registers(yunxi)
    publishes(yunxi, complaint.number, minutes=5)
    assert [facts["element"] for facts in complaint.told("message.received")] == ["wait", "inner"]
    assert complaint.row.status == "open"
    correlates(yunxi, complaint.number)
    assert complaint.row.status == "closed"


def test_a_non_interrupting_event_receives_as_often_as_messages_come(yunxi: Town) -> None:
    asked = draw.boundary("asked", "look", draw.on_message("Message_1"))
    body = draw.chain("s", "register", "look", "e") + draw.chain("asked", "answer", "e2")
    nodes = (draw.start(), register(), desk("look"), asked, desk("answer"), draw.end(), draw.end("e2"))
    deploys(yunxi, draw.diagram(MORE, draw.process("tiny_main", *nodes, body)))
    complaint: Complaint = registers(yunxi)
    for _ in range(3):
        correlates(yunxi, complaint.number)
    assert complaint.open == ["answer", "answer", "answer", "look"]
    yunxi["reception"].does(complaint, "look")
    assert complaint.open == ["answer", "answer", "answer"]
    with pytest.raises(messages.NobodyWaits):
        correlates(yunxi, complaint.number)
