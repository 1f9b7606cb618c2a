"""What FEEL in a diagram or table may ask of the case besides its built-ins."""

from __future__ import annotations

from engine import runtime
from engine.runtime.language import SIGNATURES
from tests.calendar.lists import at
from tests.runtime.deadlines.tempo import (
    deployed,
    drawn,
    is_assigned,
    lines,
    table,
    task,
    timer,
)
from tests.support.town import Town
from tests.tokens.drawing import catch, chain, date, due

ASKED = [
    ('workdays(date("2026-09-30"), date("2026-10-08"))', 1),
    ('workdays("2026-11-23T10:00", "2026-11-30")', 5),
    ('workdays(date("2026-11-30"), date("2026-11-23"))', -5),
    ('workdays(a: date("2026-11-20"), b: date("2026-11-23"))', 1),
    ('workdays(null, date("2026-11-23"))', None),
    ('workdays(date("2026-01-01"), date("9999-01-01"))', None),
    ('add working time(date and time("2026-11-20T17:00:00"), duration("PT2H"))', at("2026-11-23 10:00")),
    ('add working time("2026-11-20T17:00", "PT2H")', at("2026-11-23 10:00")),
    ('add working time(date("2026-11-23"), duration("PT1H"))', at("2026-11-23 10:00")),
    ('add working time(date("2026-11-23"), duration("P1M"))', None),
    ('add working time(date("2026-11-23"), duration("-PT1H"))', None),
    ('add working time(date("9999-12-31"), duration("PT100H"))', None),
    ("add working time(1, 2)", None),
    ('role members("reception")', ["property-project.reception", "property-project.reception2"]),
    ('role members("company_leader")', ["property-project.company_leader"]),
    ('role members("nobody")', []),
    ("role members(7)", None),
    ('count(role members("reception")) + workdays(date("2026-11-20"), date("2026-11-23"))', 3),
]


def test_what_feel_may_ask_besides(tempo: Town) -> None:
    complaint = is_assigned(tempo, "2026-11-20 16:00")
    with tempo.store.writing() as db:
        live = runtime.lock_case(db, complaint.key)
        answers = [(text, live.evaluate(text, {}, None)) for text, _ in ASKED]
    assert answers == ASKED


def test_the_host_functions_are_known_wherever_feel_is_compiled(yunxi: Town) -> None:
    assert set(SIGNATURES) >= {"due", "workdays", "add working time", "role members", "completed by"}
    hours = task("propose", due('=add working time("2026-11-20T16:00", duration("PT4H"))'))
    pause = catch("pause", date('=due("pause")')), chain("pause", "e")
    deadlines_ = table(pause='count(role members("reception")), "workingDay", "propose", "first", "X", "source"')
    deployed(yunxi, drawn(*pause, propose=hours, behind="pause"), deadlines_)
    complaint = is_assigned(yunxi, "2026-11-20 16:00")
    assert complaint.task_row("propose").due_at == at("2026-11-23 11:00")
    assert lines(complaint, "propose") == ["时限 2026-11-23 11:00（日期由流程给出）"]
    yunxi["reception"].does(complaint, "propose")
    assert timer(complaint, "pause").due_at == at("2026-11-24 16:00")
