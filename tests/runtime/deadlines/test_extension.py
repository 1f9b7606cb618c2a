"""More time for a task (延期): one row, its timers, the old time on record."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine import clock, runtime
from engine.audit import verify
from engine.runtime import extension
from engine.store import tables
from tests.calendar.lists import at
from tests.runtime.deadlines.tempo import (
    ONE_DAY,
    RECEPTION,
    deployed,
    does,
    drawn,
    imports,
    is_assigned,
    lines,
    table,
    timer,
    untouched,
)
from tests.support.town import Complaint, Town
from tests.tokens.drawing import boundary, chain, cycle, date, due, duration, each, end, user


def extends(town: Town, complaint: Complaint, until: str, reason: str = "等待供应商配件", element: str = "propose") -> None:
    with town.store.writing() as db:
        runtime.extend(db, complaint.task(element), at(until), reason, town["reception"].actor)


def test_an_extension_changes_one_row_and_keeps_the_old_time_on_record(tempo: Town) -> None:
    complaint = is_assigned(tempo, "2026-11-20 16:00")
    other = is_assigned(tempo, "2026-11-20 16:00")
    before, task_before = untouched(other), complaint.task_row("propose")
    events, revision = len(complaint.events), complaint.row.revision
    extends(tempo, complaint, "2026-11-25 12:00")
    after = complaint.task_row("propose")
    assert after.due_at == at("2026-11-25 12:00")
    changed = {name for name, value in after._mapping.items() if value != task_before._mapping[name]}
    assert changed == {"due_at", "due_facts"}
    assert timer(complaint, "late").due_at == at("2026-11-25 12:00")
    assert untouched(other) == before
    assert (len(complaint.events), complaint.row.revision) == (events + 1, revision + 1)
    told = complaint.told("deadline.extended")[0]
    assert (told["was"], told["due"], told["reason"]) == ("2026-11-23T08:00:00.000000Z", "2026-11-25T04:00:00.000000Z", "等待供应商配件")
    assert told["timers"] == [{"element": "late", "was": told["was"], "due": told["due"]}]
    assert lines(complaint, "propose")[-2:] == [
        "落在 11-23（周一，工作日）同一时刻 16:00",
        "延期 2026-11-23 16:00 → 2026-11-25 12:00（等待供应商配件；林晓雨，2026-11-20 16:00）",
    ]
    with tempo.store.reading() as db:
        assert verify(db)[1] == []


def test_the_timer_fires_at_the_new_time_only(tempo: Town) -> None:
    complaint = is_assigned(tempo, "2026-11-20 16:00")
    extends(tempo, complaint, "2026-11-25 12:00")
    clock.pin(at("2026-11-25 11:59:59"))
    assert tempo.work() == 0
    clock.pin(at("2026-11-25 12:00:00"))
    assert tempo.work() == 1
    assert complaint.open == ["hasten", "propose"]


def test_forms_and_expressions_read_the_new_due_time(tempo: Town) -> None:
    complaint = is_assigned(tempo, "2026-11-20 16:00")
    extends(tempo, complaint, "2026-11-25 12:00")
    with tempo.store.reading() as db:
        shown = runtime.open_task(db, complaint.task("propose"), tempo["reception"].key)
        assert shown.context.evaluate("date and time(taskDue)", shown.variables) == at("2026-11-25 12:00")


def test_every_timer_that_reads_the_due_time_moves_and_no_other(yunxi: Town) -> None:
    around = (
        boundary("reminder", "propose", date('=date and time(taskDue) - duration("PT2H")')),
        boundary("urging", "propose", cycle('="R3/" + substring(taskDue, 1, 19) + "/P1D"')),
        boundary("countdown", "propose", duration("=date and time(taskDue) - now()")),
        boundary("plain", "propose", duration("P9D")),
        *(f for name in ("reminder", "urging", "countdown", "plain") for f in (end(f"e_{name}"), chain(name, f"e_{name}"))),
    )
    deployed(yunxi, drawn(*around), table(propose=ONE_DAY))
    complaint = is_assigned(yunxi, "2026-11-20 16:00")
    before = {name: timer(complaint, name).due_at for name in ("late", "reminder", "urging", "countdown", "plain")}
    extends(yunxi, complaint, "2026-11-25 12:00")
    by = {name: timer(complaint, name).due_at - moment for name, moment in before.items()}
    assert by == dict.fromkeys(("late", "reminder", "urging", "countdown"), timedelta(hours=44)) | {"plain": timedelta(0)}


def test_several_extensions_are_all_told(tempo: Town) -> None:
    complaint = is_assigned(tempo, "2026-11-20 16:00")
    extends(tempo, complaint, "2026-11-25 12:00")
    extends(tempo, complaint, "2026-11-26 12:00", "配件延误")
    assert [line for line in lines(complaint, "propose") if line.startswith("延期")] == [
        "延期 2026-11-23 16:00 → 2026-11-25 12:00（等待供应商配件；林晓雨，2026-11-20 16:00）",
        "延期 2026-11-25 12:00 → 2026-11-26 12:00（配件延误；林晓雨，2026-11-20 16:00）",
    ]
    assert lines(complaint, "propose", "en")[-1].startswith("Extended 2026-11-25 12:00 → 2026-11-26 12:00")


def test_an_extended_deadline_is_not_recomputed(tempo: Town) -> None:
    complaint = is_assigned(tempo, "2026-12-31 10:00")
    extends(tempo, complaint, "2027-01-02 12:00")
    assert imports(tempo).moved == ()
    assert complaint.task_row("propose").due_at == at("2027-01-02 12:00")


def test_late_work_that_is_extended_may_become_late_again(tempo: Town) -> None:
    complaint = is_assigned(tempo, "2026-11-20 16:00")
    clock.pin(at("2026-11-23 16:00:01"))
    tempo.work()
    extends(tempo, complaint, "2026-11-25 12:00")
    assert complaint.task_row("propose").overdue_at is None
    clock.pin(at("2026-11-25 12:00:01"))
    tempo.work()
    assert len(complaint.told("task.overdue")) == 2


@pytest.mark.parametrize(
    ("until", "reason", "error"),
    [
        ("2026-11-23 16:00", "x", extension.NotLater),
        ("2026-11-23 15:59", "x", extension.NotLater),
        ("2026-11-25 12:00", "  ", extension.NoReason),
    ],
)
def test_an_extension_is_later_and_has_a_reason(tempo: Town, until: str, reason: str, error: type[Exception]) -> None:
    complaint = is_assigned(tempo, "2026-11-20 16:00")
    before = untouched(complaint)
    with pytest.raises(error):
        extends(tempo, complaint, until, reason)
    assert untouched(complaint) == before


def test_only_open_tasks_with_a_deadline_can_be_extended(tempo: Town) -> None:
    complaint = is_assigned(tempo, "2026-11-20 16:00")
    key = complaint.task("propose")
    tempo["reception"].does(complaint, "propose")
    with tempo.store.writing() as db:
        with pytest.raises(extension.TaskClosed, match="提出解决方法"):
            runtime.extend(db, key, at("2026-11-25 12:00"), "x", tempo["reception"].actor)
        with pytest.raises(extension.NoDeadline, match="归档"):
            runtime.extend(db, complaint.task("archive"), at("2026-11-25 12:00"), "x", tempo["reception"].actor)


def test_around_several_people_the_earliest_open_deadline_counts(yunxi: Town) -> None:
    """Two are asked together: the timer on both waits for the earlier of the two due times."""
    both = user("propose", RECEPTION, due('=due("propose")'), body=each("=[1, 2]", "part"), name="提出解决方法")
    deployed(yunxi, drawn(propose=both), table(propose=ONE_DAY))
    complaint = is_assigned(yunxi, "2026-11-20 16:00")
    first, second = (row.key for row in complaint.rows(tables.task, status="open", element_id="propose"))
    with yunxi.store.writing() as db:
        runtime.extend(db, first, at("2026-11-25 12:00"), "等待", yunxi["reception"].actor)
    assert timer(complaint, "late").due_at == at("2026-11-23 16:00")
    with yunxi.store.writing() as db:
        runtime.extend(db, second, at("2026-11-26 12:00"), "等待", yunxi["reception"].actor)
    assert timer(complaint, "late").due_at == at("2026-11-25 12:00")
    does(yunxi["reception"], first)
    does(yunxi["reception"], second)
    assert complaint.open == ["archive"]


def test_recomputed_together_all_items_and_their_timer_move(yunxi: Town) -> None:
    both = user("propose", RECEPTION, due('=due("propose")'), body=each("=[1, 2]", "part"), name="提出解决方法")
    deployed(yunxi, drawn(propose=both), table(propose=ONE_DAY))
    complaint = is_assigned(yunxi, "2026-12-31 10:00")
    assert len(imports(yunxi).moved) == 2
    assert timer(complaint, "late").due_at == at("2027-01-04 10:00")
