"""Deadlines of running cases: `due()` in working time, explained, extended, recomputed; to the second on both sides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from engine import clock, runtime
from engine.audit import verify
from engine.calendar import Kind
from engine.errors import Broken
from engine.runtime import deadlines, extension
from engine.runtime.language import SIGNATURES
from engine.store import loads, tables
from tests.calendar.lists import COUNCIL, OF_2027, at
from tests.runtime.tempo import ONE_DAY, RECEPTION, deployed, does, drawn, registered, table, task
from tests.support.town import Complaint, Town, town
from tests.tokens.drawing import boundary, catch, chain, cycle, date, due, duration, each, end, flow, user

JANUARY = at("2026-01-05 09:00")


def is_assigned(town: Town, moment: str, **values: Any) -> Complaint:
    """A complaint whose handler is named at this moment."""
    clock.pin(at(moment) - timedelta(minutes=10))
    complaint = registered(town, **values)
    clock.pin(at(moment))
    town["reception"].does(complaint, "assign")
    return complaint


def lines(complaint: Complaint, element: str, locale: str = "zh") -> list[str]:
    row = complaint.task_row(element)
    return runtime.explain(row.due_at, loads(row.due_facts), {}, locale)


def timer(complaint: Complaint, element: str) -> Any:
    return complaint.rows(tables.timer, status="waiting", element_id=element)[0]


@pytest.fixture
def yunxi(tmp_path: Path) -> Iterator[Town]:
    """The company 示例物业 as it stands since January 2026."""
    with town(f"sqlite:///{tmp_path}/town.db", JANUARY) as found:
        yield found


@pytest.fixture(params=["sqlite", "postgresql"])
def anywhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    """The same on each database in turn."""
    url = f"sqlite:///{tmp_path}/town.db" if request.param == "sqlite" else request.getfixturevalue("fresh_postgres_url")
    with town(url, JANUARY) as found:
        yield found


@pytest.fixture
def tempo(yunxi: Town) -> Town:
    """云溪花园 with a procedure that allows one working day from assignment to the solution (DL-4-G3)."""
    deployed(yunxi, drawn(), table(propose=ONE_DAY))
    return yunxi


# --- due()


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


def test_a_date_entered_on_the_case(yunxi: Town) -> None:
    deployed(yunxi, drawn(), table(propose='0, "dateOnCase", "replyAt", "each", "PP-2-2", "source"'))
    complaint = is_assigned(yunxi, "2026-11-23 10:00", replyAt="2026-11-24T17:00")
    assert complaint.task_row("propose").due_at == at("2026-11-24 17:00")
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


# --- office hours


LONG = {day: [("08:00", "20:00")] for day in range(1, 7)}


def test_a_unit_with_hours_of_its_own(tempo: Town) -> None:
    with tempo.store.writing() as db:
        runtime.change_office_hours(db, tempo.units["pp_yunxi"], LONG, tempo["reception"].actor)
    complaint = is_assigned(tempo, "2026-11-27 19:00")
    assert complaint.task_row("propose").due_at == at("2026-11-28 19:00")  # a Saturday


def test_hours_of_the_company_hold_for_a_project_without_its_own(tempo: Town) -> None:
    with tempo.store.writing() as db:
        runtime.change_office_hours(db, tempo.units["pp_company"], LONG, tempo["reception"].actor)
        runtime.change_office_hours(db, tempo.units["pp_zhuhai"], {1: [("09:00", "10:00")]}, tempo["reception"].actor)
    complaint = is_assigned(tempo, "2026-11-27 21:00")
    assert complaint.task_row("propose").due_at == at("2026-11-30 08:00")
    assert "办公 08:00–20:00（本单位设定，非原文）" in lines(complaint, "propose")


def test_changed_hours_move_open_deadlines_of_that_unit_only(tempo: Town) -> None:
    yunxi = is_assigned(tempo, "2026-11-27 16:00")
    clock.pin(at("2026-11-27 15:50"))
    zhuhai = registered(tempo, "reception3")
    clock.pin(at("2026-11-27 16:00"))
    tempo["reception3"].does(zhuhai, "assign")
    with tempo.store.writing() as db:
        moved = runtime.change_office_hours(db, tempo.units["pp_yunxi"], LONG, tempo["reception"].actor)
    assert [(move.number, move.element_id, move.before, move.after) for move in moved] == [
        (yunxi.number, "propose", at("2026-11-30 16:00"), at("2026-11-28 16:00"))
    ]
    assert timer(yunxi, "late").due_at == at("2026-11-28 16:00")
    assert zhuhai.task_row("propose").due_at == at("2026-11-30 16:00")
    column = tables.event.c
    with tempo.store.reading() as db:
        facts = loads(db.execute(select(column.facts).where(column.verb == "office_hours.changed")).scalar_one())
    assert facts["hours"]["6"] == ["08:00–20:00"]


# --- recomputation


def imports(town: Town, text: str = OF_2027) -> runtime.Imported:
    with town.store.writing() as db:
        return runtime.import_holidays(db, text, COUNCIL, town["reception"].actor)


def test_holidays_that_arrive_move_what_rests_on_them_and_only_that(tempo: Town) -> None:
    november = is_assigned(tempo, "2026-11-20 16:00")
    december = is_assigned(tempo, "2026-12-31 10:00")
    before = untouched(november), december.row.revision, len(december.events)
    done = imports(tempo)
    assert [(move.number, move.before, move.after, move.provisional) for move in done.moved] == [
        (december.number, at("2027-01-01 10:00"), at("2027-01-04 10:00"), False)
    ]
    assert untouched(november) == before[0]
    assert december.task_row("propose").due_at == at("2027-01-04 10:00")
    assert timer(december, "late").due_at == timer(december, "late").try_at == at("2027-01-04 10:00")
    assert (december.row.revision, len(december.events)) == (before[1] + 1, before[2] + 1)
    told = december.told("deadlines.recomputed")[0]["moved"][0]
    assert (told["was"], told["due"]) == ("2027-01-01T02:00:00.000000Z", "2027-01-04T02:00:00.000000Z")
    assert lines(december, "propose") == [
        "时限 2027-01-04 10:00（一个工作日，DL-4-G3）",
        "起算 2026-12-31 10:00 确定受理责任人（任务完成）",
        "日历 工作日 · 2026 年国务院安排（第 1 版）；2027 年国务院安排（第 2 版）",
        "跳过 2027-01-01 至 2027-01-03 元旦放假",
        "落在 2027-01-04（周一，工作日）同一时刻 10:00",
        "延期 无",
    ]
    with tempo.store.reading() as db:
        assert verify(db)[1] == []


def untouched(complaint: Complaint) -> list[Any]:
    """Everything stored of a case."""
    kinds = (tables.task, tables.timer, tables.instance, tables.element_instance, tables.incident)
    return [complaint.row, *(complaint.rows(kind) for kind in kinds), complaint.events]


def test_a_dry_run_tells_the_same_and_changes_nothing(tempo: Town) -> None:
    complaint = is_assigned(tempo, "2026-12-31 10:00")
    before = untouched(complaint)
    with tempo.store.reading() as db:
        foreseen = runtime.foresee_import(db, OF_2027, COUNCIL)
        assert runtime.foresee(db) == ()
    assert untouched(complaint) == before
    assert foreseen.preview.complete == (2027,)
    done = imports(tempo)
    assert [move.facts for move in done.moved] == [move.facts for move in foreseen.moved]
    assert done.version == 2


def test_a_provisional_deadline_that_was_right_becomes_firm(tempo: Town) -> None:
    complaint = is_assigned(tempo, "2027-01-04 10:00")
    assert "暂定" in lines(complaint, "propose")[0]
    moved = imports(tempo).moved
    assert [(move.before, move.after, move.provisional) for move in moved] == [(at("2027-01-05 10:00"), at("2027-01-05 10:00"), False)]
    assert "暂定" not in "".join(lines(complaint, "propose"))
    assert timer(complaint, "late").due_at == at("2027-01-05 10:00")


def test_importing_the_same_again_says_and_moves_nothing(tempo: Town) -> None:
    complaint = is_assigned(tempo, "2026-12-31 10:00")
    imports(tempo)
    before = untouched(complaint)
    done = imports(tempo)
    assert (done.version, done.moved) == (None, ())
    assert untouched(complaint) == before
    with tempo.store.writing() as db:
        assert runtime.recompute(db, tempo["reception"].actor) == ()


def test_one_event_per_case_however_many_deadlines_move(yunxi: Town) -> None:
    more = task("check", due('=due("propose")')), boundary("late_check", "check", date("=taskDue")), end("e_check")
    split = drawn(*more, flow("assign", "check", flow_id="beside"), chain("check", "e"), chain("late_check", "e_check"))
    deployed(yunxi, split, table(propose=ONE_DAY))
    complaint = is_assigned(yunxi, "2026-12-31 10:00")
    assert complaint.open == ["check", "propose"]
    assert len(imports(yunxi).moved) == 2
    told = complaint.told("deadlines.recomputed")
    assert len(told) == 1
    assert sorted(move["element"] for move in told[0]["moved"]) == ["check", "propose"]
    assert sorted(moved["element"] for moved in told[0]["timers"]) == ["late", "late_check"]


def test_a_closed_task_keeps_the_deadline_it_had(tempo: Town) -> None:
    complaint = is_assigned(tempo, "2026-12-31 10:00")
    tempo["reception"].does(complaint, "propose")
    assert imports(tempo).moved == ()
    assert complaint.rows(tables.task, element_id="propose")[0].due_at == at("2027-01-01 10:00")


def test_a_timer_with_a_due_of_its_own_moves_too(yunxi: Town) -> None:
    waits = drawn(catch("pause", date('=due("propose")')), task("after"), chain("pause", "after", "e"), behind="pause")
    deployed(yunxi, waits, table(propose=ONE_DAY))
    complaint = is_assigned(yunxi, "2026-12-31 10:00")
    yunxi["reception"].does(complaint, "propose")
    assert timer(complaint, "pause").due_at == at("2027-01-01 10:00")
    moved = imports(yunxi).moved
    assert [(move.kind, move.element_id, move.after) for move in moved] == [("timer", "pause", at("2027-01-04 10:00"))]
    assert timer(complaint, "pause").due_at == at("2027-01-04 10:00")
    clock.pin(at("2027-01-04 10:00"))
    yunxi.work()
    assert complaint.open == ["after"]


def test_other_units_of_time_do_not_rest_on_the_calendar(yunxi: Town) -> None:
    deployed(yunxi, drawn(), table(propose='1, "day", "assign", "first", "MC-5.2a", "source"'))
    complaint = is_assigned(yunxi, "2026-12-31 10:00")
    assert imports(yunxi).moved == ()
    assert complaint.task_row("propose").due_at == at("2027-01-01 10:00")


def test_a_moved_deadline_can_become_late_again(tempo: Town) -> None:
    complaint = is_assigned(tempo, "2026-12-31 10:00")
    clock.pin(at("2027-01-01 10:01"))
    tempo.work()
    assert complaint.task_row("propose").overdue_at is not None
    imports(tempo)
    assert complaint.task_row("propose").overdue_at is None
    clock.pin(at("2027-01-04 10:01"))
    tempo.work()
    assert len(complaint.told("task.overdue")) == 2


# --- extension


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


# --- host functions


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
    assert set(SIGNATURES) == {"due", "workdays", "add working time", "role members", "completed by"}
    hours = task("propose", due('=add working time("2026-11-20T16:00", duration("PT4H"))'))
    pause = catch("pause", date('=due("pause")')), chain("pause", "e")
    deadlines_ = table(pause='count(role members("reception")), "workingDay", "propose", "first", "X", "source"')
    deployed(yunxi, drawn(*pause, propose=hours, behind="pause"), deadlines_)
    complaint = is_assigned(yunxi, "2026-11-20 16:00")
    assert complaint.task_row("propose").due_at == at("2026-11-23 11:00")
    assert lines(complaint, "propose") == ["时限 2026-11-23 11:00（日期由流程给出）"]
    yunxi["reception"].does(complaint, "propose")
    assert timer(complaint, "pause").due_at == at("2026-11-24 16:00")


# --- both databases


def test_import_extension_and_dry_run_on_each_database(anywhere: Town) -> None:
    deployed(anywhere, drawn(), table(propose=ONE_DAY))
    test_holidays_that_arrive_move_what_rests_on_them_and_only_that(anywhere)
    extended = is_assigned(anywhere, "2027-01-04 15:00")
    extends(anywhere, extended, "2027-01-06 12:00")
    assert timer(extended, "late").due_at == at("2027-01-06 12:00")
    with anywhere.store.reading() as db:
        assert runtime.foresee(db) == ()
