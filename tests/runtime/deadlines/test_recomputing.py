"""Open deadlines when holidays arrive or office hours change: what moves, what stays, what the record says."""

from __future__ import annotations

from sqlalchemy import select

from engine import clock, runtime
from engine.audit import verify
from engine.store import loads, tables
from tests.calendar.lists import COUNCIL, OF_2027, at
from tests.runtime.deadlines.tempo import (
    LONG,
    ONE_DAY,
    deployed,
    drawn,
    imports,
    is_assigned,
    lines,
    registered,
    table,
    task,
    timer,
    untouched,
)
from tests.support.town import Town
from tests.tokens.drawing import boundary, catch, chain, date, due, end, flow


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


def test_import_extension_and_dry_run_on_each_database(anywhere: Town) -> None:
    deployed(anywhere, drawn(), table(propose=ONE_DAY))
    test_holidays_that_arrive_move_what_rests_on_them_and_only_that(anywhere)
    extended = is_assigned(anywhere, "2027-01-04 15:00")
    with anywhere.store.writing() as db:
        runtime.extend(db, extended.task("propose"), at("2027-01-06 12:00"), "等待", anywhere["reception"].actor)
    assert timer(extended, "late").due_at == at("2027-01-06 12:00")
    with anywhere.store.reading() as db:
        assert runtime.foresee(db) == ()
