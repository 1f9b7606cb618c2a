"""Claiming, giving back and completing tasks: who may, who was faster, what is kept."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import func, select

from engine import audit, cases, runtime
from engine.errors import NotAllowed, NotFound
from engine.store import loads, tables
from tests.stories.test_property_project import NOW, REGISTERED, is_classified, is_dispatched, is_registered
from tests.support.town import Complaint, Someone, Town


def completes(someone: Someone, complaint: Complaint, element: str, **values: Any) -> runtime.Completed:
    return someone.does(complaint, element, **values)


def sends(someone: Someone, key: int, submission: runtime.Submission) -> runtime.Completed:
    with someone.town.store.writing() as db:
        return runtime.complete(db, key, submission, someone.actor)


def test_a_claimed_task_is_refused_to_the_second_person_with_the_name_of_the_first(yunxi: Town) -> None:
    complaint = is_registered(yunxi)
    key = yunxi["reception2"].claims(complaint, "classify")
    with yunxi.store.writing() as db, pytest.raises(runtime.TaskTaken) as refused:
        runtime.claim(db, key, yunxi["reception"].actor)
    assert refused.value.text() == "这项任务已由何文静于 2026-11-23 09:00 签收。"
    assert refused.value.text("en") == "He Wenjing claimed this task at 2026-11-23 09:00."
    with pytest.raises(runtime.TaskTaken):
        completes(yunxi["reception"], complaint, "classify", manualLevel="general")


def test_a_task_given_back_can_be_done_by_another(yunxi: Town) -> None:
    complaint = is_registered(yunxi)
    key = yunxi["reception2"].claims(complaint, "classify")
    with yunxi.store.writing() as db:
        runtime.unclaim(db, key, yunxi["reception2"].actor)
    completes(yunxi["reception"], complaint, "classify", manualLevel="general")
    assert [row.verb for row in complaint.events] == ["case.registered", "task.claimed", "task.released", "task.completed"]


def test_a_completed_task_tells_the_second_person_who_was_faster(yunxi: Town) -> None:
    complaint = is_registered(yunxi)
    key = complaint.task("classify")
    is_classified(yunxi, complaint)
    with pytest.raises(runtime.TaskGone) as refused:
        sends(yunxi["reception2"], key, runtime.Submission({"manualLevel": "general"}))
    assert "林晓雨" in refused.value.text()
    assert refused.value.text("en").startswith("Lin Xiaoyu completed this task")


def test_two_people_at_the_same_moment_one_wins(anywhere: Town) -> None:
    complaint = is_registered(anywhere)
    key = complaint.task("classify")
    outcomes: list[str] = []
    ready = threading.Barrier(2)

    def tries(login: str) -> None:
        ready.wait()
        try:
            sends(anywhere[login], key, runtime.Submission({"manualLevel": "general"}))
            outcomes.append("won")
        except runtime.TaskGone:
            outcomes.append("told")

    people = [threading.Thread(target=tries, args=(login,)) for login in ("reception", "reception2")]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(outcomes) == ["told", "won"]
    assert complaint.open == ["dispatch"]
    assert len(complaint.told("task.completed")) == 1


def test_a_stranger_cannot_know_that_a_task_exists(yunxi: Town) -> None:
    complaint = is_registered(yunxi)
    key = complaint.task("classify")
    with pytest.raises(NotFound):
        sends(yunxi["reception3"], key, runtime.Submission({"manualLevel": "general"}))
    with yunxi.store.reading() as db, pytest.raises(NotFound):
        runtime.open_task(db, key, yunxi["reception3"].key)


def test_who_may_read_the_case_sees_the_task_but_cannot_do_it(yunxi: Town) -> None:
    complaint = is_registered(yunxi)
    key = complaint.task("classify")
    leader = yunxi["company_leader"]
    with yunxi.store.reading() as db:
        shown = runtime.open_task(db, key, leader.key)
    assert (shown.may_see, shown.may_work) == (True, False)
    with pytest.raises(NotAllowed):
        sends(leader, key, runtime.Submission({"manualLevel": "general"}))


def test_wrong_input_changes_nothing(yunxi: Town) -> None:
    complaint = is_registered(yunxi)
    before = complaint.row
    with pytest.raises(runtime.FormErrors) as refused:
        completes(yunxi["reception"], complaint, "classify", manualLevel="major")
    assert [error.key for error in refused.value.outcome.errors] == ["manualReason"]
    assert complaint.row == before


def test_unknown_and_hidden_values_are_never_taken(yunxi: Town) -> None:
    complaint = is_registered(yunxi)
    completes(yunxi["reception"], complaint, "classify", manualLevel="general", manualReason="无", level="major", evil="1")
    assert complaint.variables["level"] == "general"
    assert "evil" not in complaint.variables
    assert complaint.variables.get("manualReason") is None


def test_personal_values_stand_apart(yunxi: Town) -> None:
    complaint = is_registered(yunxi)
    phone = complaint.variables["customerPhone"]
    assert set(phone) == {"personal"}
    with yunxi.store.reading() as db:
        assert runtime.personal_values(db, complaint.key, [int(phone["personal"])]) == {int(phone["personal"]): "13800000000"}
    for event in complaint.events:
        assert "13800000000" not in event.facts
        assert "13800000000" not in (event.submitted or "")
    assert "13800000000" not in complaint.row.variables
    assert loads(complaint.events[0].submitted)["customerPhone"] == phone
    assert "customerPhone" in loads(complaint.events[0].facts)["digests"]


def test_a_value_changed_after_the_form_was_shown_is_put_before_the_person(yunxi: Town) -> None:
    complaint = is_registered(yunxi)
    is_classified(yunxi, complaint)
    is_dispatched(yunxi, complaint)
    state_task, shown_at = complaint.task("notify_state"), complaint.row.audit_seq
    # notify_state may raise the level by its judgement; the department hands over meanwhile is another story: here a value both write
    values = {"stateReplyMode": "phone", "stateRepliedAt": NOW, "stateReply": "已派人", "manualLevel": "general"}
    with yunxi.store.writing() as db:
        live = runtime.lock_case(db, complaint.key)
        live.write("stateReply", "已由他人回复")
        from engine import audit

        live.save(yunxi["reception2"].actor, audit.Entry("fact.added", {"changes": live.changes}))
    with pytest.raises(runtime.StaleValues) as refused:
        sends(yunxi["reception"], state_task, runtime.Submission(values, shown_at))
    assert refused.value.changed == {"stateReply": (None, "已由他人回复")}
    sends(yunxi["reception"], state_task, runtime.Submission(values, shown_at, confirmed=True))
    assert complaint.variables["stateReply"] == "已派人"


def test_a_decision_of_an_earlier_round_is_not_the_answer_of_this_one(yunxi: Town) -> None:
    complaint = is_registered(yunxi)
    is_classified(yunxi, complaint)
    is_dispatched(yunxi, complaint)
    yunxi["functional_dept"].does(complaint, "implement", handleDecision="escalate", escalationReason="需协调")
    with yunxi.store.reading() as db:
        again = runtime.open_task(db, complaint.task("implement"), yunxi["functional_dept"].key)
    assert again.context.variables["handleDecision"] is None
    assert again.variables["handleDecision"] == "escalate"
    with pytest.raises(runtime.FormErrors):
        yunxi["functional_dept"].does(complaint, "implement", handlingProcess="已修", handlingResult="正常")


def test_a_task_nobody_can_do_is_an_incident_and_is_mended_when_somebody_comes(yunxi: Town) -> None:
    zhuhai = yunxi["reception3"].registers(**REGISTERED)
    yunxi["reception3"].does(zhuhai, "classify", manualLevel="general")
    with yunxi.store.writing() as db:
        from engine import org

        membership = db.execute(
            select(tables.membership.c.key).where(tables.membership.c.person_key == yunxi["functional_dept2"].key)
        ).scalar_one()
        org.end_membership(db, membership, yunxi["reception3"].actor)
    yunxi["reception3"].does(zhuhai, "dispatch", responsibleDept="engineering")
    incident = zhuhai.rows(tables.incident)[0]
    assert "有关职能部门" in incident.zh
    assert "竹海苑项目" in incident.zh
    assert zhuhai.rows(tables.task, status="open", element_id="implement")
    newcomer = yunxi.add("property-project.newcomer", "新同事", "functional_dept", "pp_zhuhai")
    with yunxi.store.writing() as db:
        assert runtime.offer_again(db, newcomer.actor) == 1
    assert zhuhai.rows(tables.incident)[0].status == "resolved"
    newcomer.does(zhuhai, "implement", handleDecision="solved", handlingProcess="已修", handlingResult="正常")


def test_a_substitute_works_and_both_names_stand_in_the_event(yunxi: Town) -> None:
    from datetime import timedelta

    from engine import clock, org

    deputy = yunxi.add("property-project.deputy", "代班", "nothing", "pp_yunxi")
    complaint = is_registered(yunxi)
    with yunxi.store.writing() as db:
        org.add_substitution(db, yunxi["dept_head"].key, deputy.key, clock.now() + timedelta(days=1), deputy.actor)
    is_classified(yunxi, complaint, "major")
    yunxi["reception"].does(complaint, "report_leader", reportedTo=["dept_head"], reportedAt=NOW, reportContent="停水")
    yunxi["reception"].does(complaint, "handover_notice", handoverReason="移交", replyAt="2026-11-24T17:00")
    yunxi["dept_head"].claims(complaint, "leader_handle")  # and then leaves: the substitute finishes what was claimed
    deputy.does(complaint, "leader_handle", handleDecision="solved", handlingProcess="已修", handlingResult="正常")
    last = complaint.events[-1]
    assert (last.actor, last.substitute) == (deputy.actor.id, yunxi["dept_head"].actor.id)
    yunxi.waits(days=2)
    with yunxi.store.reading() as db:
        assert org.org_at(db).holds(deputy.key) == [org.Hold("nothing", yunxi.units["pp_yunxi"])]


def test_registering_needs_the_registering_role(yunxi: Town) -> None:
    head = yunxi["dept_head"]
    with yunxi.store.reading() as db:
        assert cases.registrable(db, head.key) == []
    with yunxi.store.writing() as db, pytest.raises(NotAllowed):
        cases.register(db, cases.Registration("property-project", yunxi.units["pp_yunxi"], REGISTERED), head.actor)


def test_numbers_count_by_month_and_a_refused_registration_leaves_no_gap(yunxi: Town) -> None:
    assert is_registered(yunxi).number == "PP-202611-00001"
    with pytest.raises(runtime.FormErrors):
        yunxi["reception"].registers(channel="phone")
    assert is_registered(yunxi).number == "PP-202611-00002"
    yunxi.waits(days=10)
    assert is_registered(yunxi).number == "PP-202612-00001"


def test_every_element_left_has_its_times_and_flows(yunxi: Town) -> None:
    complaint = is_registered(yunxi)
    is_classified(yunxi, complaint)
    left = {row.element_id: row for row in complaint.rows(tables.element_instance)}
    assert left["register"].outcome == "completed"
    assert left["register"].flows
    assert left["decide_level"].entered_at <= left["decide_level"].left_at
    with yunxi.store.reading() as db:
        keys = db.execute(select(func.count(), func.count(func.distinct(tables.element_instance.c.key)))).one()
    assert keys[0] == keys[1]


def test_the_due_time_of_a_task_stands_in_the_record(yunxi: Town) -> None:
    complaint = is_registered(yunxi)
    is_classified(yunxi, complaint)
    is_dispatched(yunxi, complaint)
    recorded = {item["task"]: item.get("due") for facts in complaint.told("task.completed") for item in facts["opened"]}
    due = {str(row.key): row.due_at and audit.chain.stamp(row.due_at) for row in complaint.rows(tables.task, status="open")}
    assert any(due.values())
    assert {key: recorded[key] for key in due} == due
