"""General becomes major through the real store, with a nested call, a multi-instance and pending timers open."""

from __future__ import annotations

from engine import audit
from engine.runtime.locking import look_at_case
from engine.store import migrations, open_store, tables
from tests.dmn import models
from tests.runtime.test_workers import desk, register
from tests.support.tiny import deploys, form, registers
from tests.support.town import Complaint, Town
from tests.tokens import drawing as draw

SETTINGS = """slug = "tiny"
prefix = "TINY"
title = "小制度"
title_en = "Tiny"
main = "tiny_main"
classify = "tiny_classify"
classify_result = {variable = "levelReasons", level = "level"}
"""
UPGRADED = draw.message("Message_1", "upgraded")


def deployed(found: Town) -> None:
    """main: call general (interrupted by `upgraded`) → major. general: a called visit, two opinions at once, a reminder, a wait."""
    called = draw.call("handle", "tiny_general"), draw.boundary("up", "handle", draw.on_message("Message_1"), interrupting=True)
    asked = draw.boundary("asked", "handle", draw.cycle('=cycle(3, duration("P1D"))'))
    body = draw.chain("s", "register", "level", "handle", "e") + draw.chain("up", "lead", "e2") + draw.chain("asked", "remind", "e3")
    nodes = draw.start(), register(), draw.script("level", '="general"', "level"), *called, asked, desk("lead"), desk("remind")
    main = draw.process("tiny_main", *nodes, draw.end(), draw.end("e2"), draw.end("e3"), body)

    candidates = draw.zeebe("assignmentDefinition", candidateGroups="reception")
    opinion = draw.user("opinion", candidates, body=draw.each('=["a", "b"]', "who", "opinions", "=opinion"))
    late = draw.boundary("late", "opinion", draw.duration("PT5H"), interrupting=True)
    assess = draw.user("assess", draw.zeebe("formDefinition", formId="tiny_assess"), candidates)
    wait = draw.catch("wait", draw.duration("P2D"))
    ways = draw.chain("gs", "fork", "visit", "ge1") + draw.chain("fork", "opinion", "ge2") + draw.chain("late", "ge3")
    ways += draw.chain("fork", "wait", "ge4") + draw.chain("fork", "assess", "ge5")
    ends = "".join(draw.end(f"ge{number}") for number in range(1, 6))
    inside = draw.start("gs"), draw.parallel("fork"), draw.call("visit", "tiny_visit"), opinion, late, wait, assess, ends, ways
    remind = draw.boundary("remind_visit", "go", draw.duration("PT3H"))
    visit = draw.start("vs"), desk("go"), remind, desk("call_again"), draw.end("ve"), draw.end("ve2")
    visit_ways = draw.chain("vs", "go", "ve") + draw.chain("remind_visit", "call_again", "ve2")
    parts = main, draw.process("tiny_general", *inside), draw.process("tiny_visit", *visit, visit_ways)

    rules = models.table(["harm"], ["level", "reason", "clause"], [['"yes"', '"major"', '"有人受伤"', '"T-1"']], 'hitPolicy="COLLECT"')
    classify = models.definitions(models.decision("tiny_classify", rules))
    files = {"procedure__toml": SETTINGS.encode(), "classify__dmn": classify, "assess__form": form("tiny_assess", "harm")}
    deploys(found, draw.diagram(UPGRADED, *parts), **files)


def waiting(complaint: Complaint, table: object) -> list[str]:
    return sorted(row.element_id for row in complaint.rows(table, status="waiting"))


def reloaded(found: Town) -> None:
    """Everything in memory is gone: the database is opened anew."""
    url = found.store.engine.url.render_as_string(hide_password=False)
    found.store.dispose()
    found.store = open_store(url)
    migrations.require_current(found.store)


def test_everything_of_general_is_taken_back_and_nothing_else(anywhere: Town) -> None:
    deployed(anywhere)
    complaint, bystander = registers(anywhere), registers(anywhere)
    head = anywhere["reception"]
    anywhere.waits(hours=4)  # the visit is late: its reminder is open
    head.does(complaint, "opinion", opinion="先看现场")
    assert complaint.open == ["assess", "call_again", "go", "opinion"]
    assert waiting(complaint, tables.timer) == ["asked", "late", "wait"]
    assert waiting(complaint, tables.subscription) == ["up"]
    before = bystander.open, waiting(bystander, tables.timer), bystander.row.revision

    reloaded(anywhere)
    head.does(complaint, "assess", harm="yes")

    assert complaint.open == ["lead"]
    assert complaint.variables["level"] == complaint.row.level == "major"
    assert complaint.variables["harm"] == "yes"  # what was entered in general stays
    assert waiting(complaint, tables.timer) == waiting(complaint, tables.subscription) == []
    cancelled = sorted(row.element_id for row in complaint.rows(tables.task, status="cancelled"))
    assert cancelled == ["call_again", "go", "opinion"]
    assert sorted(row.element_id for row in complaint.rows(tables.element_instance, outcome="cancelled")) == sorted(
        ["call_again", "go", "handle", "opinion", "opinion", "visit", "wait"]
    )
    (raised,) = complaint.told("level.raised")
    assert [reason["clause"] for reason in raised["reasons"]] == ["T-1"]
    assert (bystander.open, waiting(bystander, tables.timer), bystander.row.revision) == before

    reloaded(anywhere)
    anywhere.waits(days=5)
    assert complaint.open == ["lead"]  # no timer of general happens any more
    head.does(complaint, "lead")
    assert complaint.row.status == "closed"
    with anywhere.store.reading() as db:
        assert audit.verify(db)[1] == []


def test_a_reminder_outlives_what_was_upgraded(yunxi: Town) -> None:
    deployed(yunxi)
    complaint = registers(yunxi)
    yunxi.waits(days=1)
    assert "remind" in complaint.open
    reloaded(yunxi)
    yunxi["reception"].does(complaint, "assess", harm="yes")
    assert complaint.open == ["lead", "remind"]
    with yunxi.store.reading() as db:
        machine = look_at_case(db, complaint.key).machine(complaint.rows(tables.instance)[0].key)
    assert sorted(token.element.id for token in machine.open) == ["lead", "remind"]
