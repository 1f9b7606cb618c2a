"""`due()` in running cases: from when, in which unit, how it is explained; to the second on both sides."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine import clock, runtime
from engine.calendar import Kind
from engine.errors import Broken
from engine.runtime import deadlines
from engine.store import loads, tables
from tests.calendar.lists import at
from tests.runtime.deadlines.tempo import (
    ONE_DAY,
    deployed,
    drawn,
    is_assigned,
    lines,
    registered,
    table,
    task,
    timer,
)
from tests.support.town import Town
from tests.tokens.drawing import chain, flow


def test_friday_afternoon_is_due_on_monday_at_the_same_time(tempo: Town) -> None:
    """Q8, DL-4-G3: counted from the assignment, which happens in the very act that opens the task."""
    complaint = is_assigned(tempo, "2026-11-20 16:00")
    assert complaint.task_row("propose").due_at == at("2026-11-23 16:00")
    assert timer(complaint, "late").due_at == at("2026-11-23 16:00")


def test_the_explanation_over_national_day_line_by_line(tempo: Town) -> None:
    complaint = is_assigned(tempo, "2026-09-30 15:00")
    assert lines(complaint, "propose") == [
        "时限 2026-10-08 15:00（一个工作日，DL-4-G3）",
        "起算 2026-09-30 15:00 确定受理责任人（任务完成）",
        "日历 工作日 · 2026 年国务院安排（第 1 版）",
        "跳过 10-01 至 10-07 国庆节放假",
        "落在 10-08（周四，工作日）同一时刻 15:00",
        "延期 无",
    ]
    assert lines(complaint, "propose", "en") == [
        "Due 2026-10-08 15:00 (one working day, DL-4-G3)",
        "Starts 2026-09-30 15:00, when “确定受理责任人” was completed",
        "Calendar: working days · the State Council's arrangement for 2026 (version 1)",
        "Skips 10-01 to 10-07 National Day holiday",
        "Falls on 10-08 (Thursday, a working day) at the same time, 15:00",
        "Extended: no",
    ]


def test_a_make_up_saturday_is_a_working_day_and_says_why(tempo: Town) -> None:
    complaint = is_assigned(tempo, "2026-10-09 16:30")
    assert complaint.task_row("propose").due_at == at("2026-10-10 16:30")
    assert "落在 10-10（周六，国庆节调休上班）同一时刻 16:30" in lines(complaint, "propose")
    assert "Falls on 10-10 (Saturday, a make-up workday for National Day) at the same time, 16:30" in lines(complaint, "propose", "en")


def test_what_is_assigned_at_night_counts_from_the_next_opening_and_says_so(tempo: Town) -> None:
    complaint = is_assigned(tempo, "2026-11-20 20:15")
    assert complaint.task_row("propose").due_at == at("2026-11-24 09:00")
    said = lines(complaint, "propose")
    assert said[1] == "起算 2026-11-20 20:15 确定受理责任人（任务完成）；不在办公时间内，自 2026-11-23 09:00 起计"
    assert said[3:5] == ["办公 09:00–12:00、13:30–18:00（默认，非原文）", "跳过 11-21 至 11-22 周末"]


def test_a_provisional_deadline_says_that_it_is_and_why(tempo: Town) -> None:
    complaint = is_assigned(tempo, "2026-12-31 10:00")
    said = lines(complaint, "propose")
    assert said[0] == "时限 2027-01-01 10:00（一个工作日，DL-4-G3，暂定）"
    assert said[3] == "落在 2027-01-01（周五，工作日）同一时刻 10:00"
    assert said[4] == "暂定 2027 年放假安排尚未公布，按周末推算；安排导入后重新计算"
    english = lines(complaint, "propose", "en")
    assert english[0].endswith("(one working day, DL-4-G3, provisional)")
    assert "Provisional: the holidays of 2027 are not announced yet; recomputed once they are imported" in english


@pytest.mark.parametrize(
    ("seconds", "late"),
    [(-1, False), (0, False), (0.999999, False), (1, True)],
)
def test_the_second_of_the_due_time_still_belongs_to_it(tempo: Town, seconds: float, late: bool) -> None:
    complaint = is_assigned(tempo, "2026-11-20 16:00")
    due_at = complaint.task_row("propose").due_at
    clock.pin(due_at + timedelta(seconds=seconds))
    tempo.work()
    assert (complaint.task_row("propose").overdue_at is not None) is late
    assert deadlines.is_late(due_at, clock.now()) is late
    assert complaint.told("task.overdue") != [] if late else complaint.told("task.overdue") == []


@pytest.mark.parametrize(("seconds", "hastened"), [(-1, False), (0, True)])
def test_a_boundary_timer_fires_with_the_due_time(tempo: Town, seconds: int, hastened: bool) -> None:
    complaint = is_assigned(tempo, "2026-11-20 16:00")
    clock.pin(at("2026-11-23 16:00") + timedelta(seconds=seconds))
    tempo.work()
    assert ("hasten" in complaint.open) is hastened
    assert "propose" in complaint.open


def test_fractions_of_a_second_do_not_shorten_a_deadline(tempo: Town) -> None:
    clock.pin(at("2026-11-20 15:00"))
    complaint = registered(tempo)
    clock.pin(at("2026-11-20 16:00").replace(microsecond=700_000))
    tempo["reception"].does(complaint, "assign")
    assert complaint.task_row("propose").due_at == at("2026-11-23 16:00")


@pytest.mark.parametrize(("again", "day"), [("first", "2026-11-24"), ("each", "2026-11-25")])
def test_a_refused_proposal_wins_a_new_day_only_where_the_table_says_each(yunxi: Town, again: str, day: str) -> None:
    deployed(yunxi, drawn(), table(propose=f'1, "workingDay", "task", "{again}", "DL-4-G3", "source"'))
    complaint = is_assigned(yunxi, "2026-11-23 10:00")
    clock.pin(at("2026-11-24 09:30"))
    yunxi["reception"].does(complaint, "propose", again=True)
    time = "10:00" if again == "first" else "09:30"
    assert complaint.task_row("propose").due_at == at(f"{day} {time}")


@pytest.mark.parametrize(("again", "due_at"), [("first", "2026-11-24 10:00"), ("each", "2026-11-26 11:00")])
def test_from_an_element_means_its_first_or_latest_completion(yunxi: Town, again: str, due_at: str) -> None:
    behind = drawn(flow("accepted", "archive", "=done = true", "to_archive"), task("archive"), chain("archive", "e"), behind="assign")
    behind = behind.replace(b'"again"', b'"back"', 1)
    deployed(yunxi, behind, table(propose=f'1, "workingDay", "assign", "{again}", "DL-4-G3", "source"'))
    complaint = is_assigned(yunxi, "2026-11-23 10:00")
    clock.pin(at("2026-11-24 09:30"))
    yunxi["reception"].does(complaint, "propose")
    clock.pin(at("2026-11-25 11:00"))
    yunxi["reception"].does(complaint, "assign")
    assert complaint.task_row("propose").due_at == at(due_at)


def test_from_the_case_counts_from_registration(yunxi: Town) -> None:
    deployed(yunxi, drawn(), table(propose='2, "workingDay", "case", "first", "X-1", "config"'))
    complaint = is_assigned(yunxi, "2026-11-23 10:00")
    assert complaint.task_row("propose").due_at == at("2026-11-25 09:50")
    said = lines(complaint, "propose")
    assert said[0] == "时限 2026-11-25 09:50（两个工作日，X-1）"
    assert said[1] == "起算 2026-11-23 09:50 案件登记"
    assert said[-1].startswith("非原文")


def test_from_an_element_that_has_not_happened_there_is_no_deadline_and_no_timer(yunxi: Town) -> None:
    deployed(yunxi, drawn(), table(propose='1, "workingDay", "archive", "first", "X-1", "source"'))
    complaint = is_assigned(yunxi, "2026-11-23 10:00")
    assert complaint.task_row("propose").due_at is None
    assert complaint.rows(tables.timer) == []
    assert lines(complaint, "propose") == []


def test_a_stage_without_a_row_has_no_deadline_and_warns(yunxi: Town) -> None:
    deployed(yunxi, drawn(), table(other=ONE_DAY))
    complaint = is_assigned(yunxi, "2026-11-23 10:00")
    assert complaint.task_row("propose").due_at is None
    with yunxi.store.writing() as db:
        live = runtime.lock_case(db, complaint.key)
        assert live.evaluate('due("propose")', {}, None) is None
        assert [warning.kind for warning in live.warnings] == ["no-rule"]


@pytest.mark.parametrize(
    ("row", "due_at", "limit"),
    [
        ('20, "minute"', "2026-11-23 10:20:00", "20 分钟"),  # P7-4
        ('48, "hour"', "2026-11-25 10:00:00", "48 小时"),
        ('2, "day"', "2026-11-25 10:00:00", "两个自然日"),  # MC-5.2: calendar days, to the minute (Q14)
        ('12, "workingDay"', "2026-12-09 10:00:00", "12 个工作日"),
        ('4, "workingHour"', "2026-11-23 15:30:00", "4 个办公小时"),
        ('1.5, "workingHour"', "2026-11-23 11:30:00", "1.5 个办公小时"),
        ('1, "nextDayEnd"', "2026-11-24 23:59:59", "次日结束前"),
    ],
)
def test_every_unit_counts_in_its_own_way(yunxi: Town, row: str, due_at: str, limit: str) -> None:
    deployed(yunxi, drawn(), table(propose=f'{row}, "assign", "first", "X-1", "source"'))
    complaint = is_assigned(yunxi, "2026-11-23 10:00")
    assert complaint.task_row("propose").due_at == at(due_at)
    assert f"（{limit}，X-1）" in lines(complaint, "propose")[0]
    assert lines(complaint, "propose")[-1] == "延期 无"


@pytest.mark.parametrize(("entered", "due_at"), [("2026-11-24T17:00", "2026-11-24 17:00"), ("2026-11-24", "2026-11-24 23:59:59")])
def test_a_date_entered_on_the_case(yunxi: Town, entered: str, due_at: str) -> None:
    deployed(yunxi, drawn(), table(propose='0, "dateOnCase", "replyAt", "each", "PP-2-2", "source"'))
    complaint = is_assigned(yunxi, "2026-11-23 10:00", replyAt=entered)
    assert complaint.task_row("propose").due_at == at(due_at)
    assert lines(complaint, "propose")[1] == "依据 案件上填写的“replyAt”"


@pytest.mark.parametrize(
    "row",
    ['1.5, "workingDay"', '-1, "hour"', 'null, "workingDay"', '1, "fortnight"', '99999999, "day"', '5000, "workingDay"'],
)
def test_a_table_that_cannot_be_counted_stops_the_act_with_a_sentence(yunxi: Town, row: str) -> None:
    deployed(yunxi, drawn(), table(propose=f'{row}, "assign", "first", "X-1", "source"'))
    clock.pin(at("2026-11-23 10:00"))
    complaint = registered(yunxi)
    with pytest.raises(Broken, match="提出解决方法"):
        yunxi["reception"].does(complaint, "assign")
    assert complaint.open == ["assign"]


def test_the_facts_say_which_row_of_which_table_gave_it(tempo: Town) -> None:
    complaint = is_assigned(tempo, "2026-11-20 16:00")
    facts = loads(complaint.task_row("propose").due_facts)
    assert (facts["table"], facts["rule"], facts["clause"]) == ("tempo_deadlines", 1, "DL-4-G3")
    assert facts["calendar"] == [[2026, 1]]
    assert facts["skipped"][0]["kind"] == Kind.WEEKEND
