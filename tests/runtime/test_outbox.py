"""What a case throws: heard by itself at once, by other cases a moment later, and never lost when that fails."""

from __future__ import annotations

import pytest

from engine.model import system
from engine.runtime import incidents, messages, outbox
from engine.store import tables
from tests.runtime.test_workers import desk, register
from tests.support.tiny import deploys, form, registers
from tests.support.town import SEED, Complaint, Town
from tests.tokens import drawing as draw

ALARM = draw.on_signal("Signal_1")
MORE = draw.message("Message_1", "more")


def alarmed(found: Town) -> None:
    """Each case may raise an alarm (task `raise`); each that is open hears it: its own branch, and a handler beside the task."""
    heard = draw.event_subprocess("heard", ALARM, desk("heard_u"))
    body = draw.chain("s", "register", "fork", "raise", "ring", "e") + draw.chain("fork", "wait", "after", "e2")
    nodes = draw.start(), register(), draw.parallel("fork"), desk("raise"), draw.throw("ring", ALARM), draw.catch("wait", ALARM)
    ends = desk("after"), draw.end(), draw.end("e2")
    deploys(found, draw.diagram(draw.SIGNAL, draw.process("tiny_main", *nodes, *ends, heard, body)))


def test_a_signal_is_heard_by_every_case_that_waits_for_it(anywhere: Town) -> None:
    alarmed(anywhere)
    first, second, third = registers(anywhere), registers(anywhere), registers(anywhere)
    head = anywhere["reception"]

    head.does(first, "raise")

    assert first.open == ["after", "heard_u"]
    assert second.open == third.open == ["raise"]
    assert anywhere.work() == 2
    assert second.open == third.open == ["after", "heard_u", "raise"]
    assert [facts["element"] for facts in second.told("signal.received")] == ["heard_s", "wait"]
    assert anywhere.work() == 0


def test_a_handler_that_does_not_interrupt_hears_it_each_time_and_a_later_case_does_not(yunxi: Town) -> None:
    alarmed(yunxi)
    first, second = registers(yunxi), registers(yunxi)
    yunxi["reception"].does(first, "raise")
    late = registers(yunxi)  # begins to wait before the loop carries the signal, but after it was thrown
    assert yunxi.work() == 1
    assert (second.open, late.open) == (["after", "heard_u", "raise"], ["raise"])
    yunxi.waits(seconds=1)
    yunxi["reception"].does(second, "raise")
    assert yunxi.work() == 2
    assert first.open == ["after", "heard_u", "heard_u"]


def test_another_instance_of_the_case_hears_it_at_once(yunxi: Town) -> None:
    waits = draw.start("rs") + draw.catch("rc", ALARM) + desk("ru") + draw.end("re") + draw.chain("rs", "rc", "ru", "re")
    nodes = draw.start(), register(), desk("raise"), draw.throw("ring", ALARM), desk("after"), draw.end()
    body = draw.chain("s", "register", "raise", "ring", "after", "e")
    main = draw.process("tiny_main", *nodes, body)
    deploys(yunxi, draw.diagram(draw.SIGNAL, main, draw.process("tiny_review", waits)))
    complaint = registers(yunxi)
    with yunxi.store.writing() as db:
        live = outbox.lock_case(db, complaint.key)
        live.start("tiny_review", "review")
        live.save(SEED)
    yunxi["reception"].does(complaint, "raise")
    assert complaint.open == ["after", "ru"]
    assert yunxi.work() == 0


def test_a_thrown_message_is_received_in_its_own_case_at_once(yunxi: Town) -> None:
    told = draw.throw("tell", draw.on_message("Message_1"), draw.mapping({"word": '="已到场"'}))
    body = draw.chain("s", "register", "fork", "look", "tell", "e") + draw.chain("fork", "wait", "after", "e2")
    nodes = draw.start(), register(), draw.parallel("fork"), desk("look"), told, draw.end()
    other = draw.catch("wait", draw.on_message("Message_1")), desk("after"), draw.end("e2")
    deploys(yunxi, draw.diagram(MORE, draw.process("tiny_main", *nodes, *other, body)))
    complaint, bystander = registers(yunxi), registers(yunxi)
    yunxi["reception"].does(complaint, "look")
    assert complaint.open == ["after"]
    assert complaint.variables["word"] == "已到场"
    assert (bystander.open, yunxi.work()) == (["look"], 0)


def speaking(found: Town, broken: bool = False) -> tuple[Complaint, Complaint]:
    """The first case waits for a word from the second; `broken`: nothing can follow that word."""
    told = draw.throw("tell", draw.on_message("Message_1"), draw.mapping({"word": '="请看"'}))
    ways = draw.flow("which", "tell", "=first != null") + draw.flow("which", "wait", flow_id="default")
    gate = draw.exclusive("gate") + draw.flow("gate", "after", "=word = 1" if broken else "=true") + draw.flow("gate", "e", "=word = 2")
    body = draw.chain("s", "register", "which") + ways + draw.chain("tell", "e") + draw.chain("wait", "gate") + draw.chain("after", "e2")
    waits = draw.catch("wait", draw.on_message("Message_1")), gate, desk("after"), draw.end("e2")
    nodes = draw.start(), register(), draw.exclusive("which", "default"), told, draw.end()
    to_the_first = draw.message("Message_1", "more", "=if first != null then first else caseNumber")
    drawn = draw.diagram(to_the_first, draw.process("tiny_main", *nodes, *waits, body))
    deploys(found, drawn, register__form=form("tiny_register", "first"))
    first = registers(found)
    return first, registers(found, first=first.number)


def test_a_message_for_another_case_reaches_it_a_moment_later(anywhere: Town) -> None:
    first, second = speaking(anywhere)
    assert (first.open, second.row.status) == ([], "closed")
    assert anywhere.work() == 1
    assert (first.open, first.variables["word"]) == (["after"], "请看")


def test_a_message_nobody_waits_for_is_gone(yunxi: Town) -> None:
    first, _ = speaking(yunxi)
    yunxi.work()
    third = registers(yunxi, first=first.number)
    assert yunxi.work() == 1
    assert (third.row.status, first.open) == ("closed", ["after"])
    assert yunxi.work() == 0


def test_what_fails_behind_a_message_is_an_incident_and_is_carried_after_the_fix(yunxi: Town) -> None:
    _, second = speaking(yunxi, broken=True)
    yunxi.work()
    (found,) = second.rows(tables.incident)
    assert (found.kind, found.status) == ("message", "open")
    assert "gate" in found.zh
    yunxi.waits(minutes=5)
    assert len(second.rows(tables.incident)) == 1
    with yunxi.store.writing() as db:
        db.execute(tables.outbox.delete())  # somebody mends it: takes the word back
        incidents.retry(db, found.key, SEED)
    assert second.rows(tables.incident)[0].status == "resolved"


def test_events_that_answer_each_other_for_ever_stop_the_act(yunxi: Town) -> None:
    ping, pong = draw.on_message("Message_1"), draw.on_message("Message_2")
    one = draw.event_subprocess("one", ping, draw.throw("one_t", pong), steps=("one_t",))
    two = draw.event_subprocess("two", pong, draw.throw("two_t", ping), steps=("two_t",))
    nodes = draw.start(), register(), desk("look"), draw.throw("first", ping), draw.end()
    # two processes, or one of them would be served only once
    called = draw.process("tiny_other", draw.start("qs"), desk("stay"), draw.end("qe"), two, draw.chain("qs", "stay", "qe"))
    side = draw.parallel("fork") + draw.call("side", "tiny_other") + draw.end("e2") + draw.chain("fork", "side", "e2")
    body = draw.chain("s", "register", "fork", "look", "first", "e")
    known = draw.message("Message_1", "ping") + draw.message("Message_2", "pong")
    deploys(yunxi, draw.diagram(known, draw.process("tiny_main", *nodes, one, side, body), called))
    complaint = registers(yunxi)
    with pytest.raises(outbox.EndlessAnswers, match=r"p[io]ng"):
        yunxi["reception"].does(complaint, "look")
    assert complaint.open == ["look", "stay"]
    with yunxi.store.writing() as db, pytest.raises(messages.NobodyWaits):
        messages.correlate(db, messages.Publication("other", complaint.number), system("portal"))
