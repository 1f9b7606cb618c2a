"""Whole complaints under the procedure of `property-project`, from registration to archive. Each names the clause it proves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from engine import clock, runtime
from engine.store import loads, tables
from tests.support.town import Complaint, Town

REGISTERED: dict[str, Any] = {
    "channel": "phone",
    "customerName": "示例客户甲",
    "customerPhone": "13800000000",
    "customerAddress": "示例路 1 号",
    "category": "facility",
    "complaintMatter": "电梯连续三天停运",
    "clearListen": True,
    "clearAsk": True,
}
NOW = "2026-11-23T09:00"


def is_registered(town: Town, **values: Any) -> Complaint:
    return town["reception"].registers(**REGISTERED | values)


def is_classified(town: Town, complaint: Complaint, level: str = "general", **values: Any) -> None:
    reason = {"manualReason": "多户停水，影响面大"} if level == "major" else {}
    town["reception"].does(complaint, "classify", manualLevel=level, **reason, **values)


def is_dispatched(town: Town, complaint: Complaint) -> None:
    town["reception"].does(complaint, "dispatch", responsibleDept="engineering", dispatchNote="请当日查明")


def state_is_replied(town: Town, complaint: Complaint) -> None:
    town["reception"].does(complaint, "notify_state", stateReplyMode="phone", stateRepliedAt=NOW, stateReply="已派工程维修，正在查明")


def is_solved(town: Town, complaint: Complaint, who: str = "functional_dept", element: str = "implement") -> None:
    town[who].does(complaint, element, handleDecision="solved", handlingProcess="更换控制板", handlingResult="恢复运行")


def result_is_replied(town: Town, complaint: Complaint, **ticks: bool) -> None:
    values: dict[str, Any] = {"resultReplyMode": "phone", "resultRepliedAt": NOW, "repliedProcess": "换板", "repliedResult": "恢复运行"}
    town["reception"].does(complaint, "notify_result", **values, **{"clearFollow": True, "clearReply": True} | ticks)


def is_recorded(town: Town, complaint: Complaint, **ticks: bool) -> None:
    every = dict.fromkeys(("clearListen", "clearAsk", "clearFollow", "clearReply", "clearRecord"), True)
    texts = {"recordMatter": "电梯停运", "recordProcess": "更换控制板", "recordResult": "恢复运行"}
    town["reception"].does(complaint, "record_result", **texts, **every | ticks)


def user_accepts(town: Town, complaint: Complaint) -> None:
    town["reception"].does(complaint, "user_opinion", userOpinion="处理及时", resultAccepted="yes", opinionSigned=True)


def is_archived(town: Town, complaint: Complaint) -> None:
    town["reception"].does(complaint, "archive", archiveNo="YX-2026-001", archivedCopies=1, formReturned=True)


def test_a_general_complaint_runs_from_registration_to_archive(yunxi: Town) -> None:
    """PP-2-1, PP-1-4, PP-1-5: record, pass on, reply on the state at once, reply the result, opinion, archive."""
    complaint = is_registered(yunxi)
    assert complaint.number == "PP-202611-00001"
    is_classified(yunxi, complaint)
    assert complaint.row.level == "general"
    assert complaint.open == ["dispatch"]
    is_dispatched(yunxi, complaint)
    # PP-2-1: the reply on the state stands at once beside the work of the department
    assert complaint.open == ["implement", "notify_state"]
    is_solved(yunxi, complaint)
    assert complaint.open == ["notify_state"]
    state_is_replied(yunxi, complaint)
    result_is_replied(yunxi, complaint)
    is_recorded(yunxi, complaint)
    user_accepts(yunxi, complaint)
    is_archived(yunxi, complaint)
    row = complaint.row
    assert (row.status, row.outcome, row.closed_at) == ("closed", "archived", clock.now())
    assert complaint.open == []
    assert [event.seq for event in complaint.events] == list(range(1, len(complaint.events) + 1))


def test_a_major_complaint_is_reported_and_handed_over_at_once(yunxi: Town) -> None:
    """PP-1-6, PP-2-2: report at once; to the department head, with the reason and a reply time told to the user."""
    complaint = is_registered(yunxi)
    is_classified(yunxi, complaint, "major")
    assert complaint.open == ["handover_notice", "report_leader"]
    assert [(row.role, row.element_id) for row in complaint.rows(tables.notice)] == [
        ("dept_head", "alert_leaders"),
        ("company_leader", "alert_leaders"),
    ]
    yunxi["reception"].does(complaint, "report_leader", reportedTo=["dept_head"], reportedAt=NOW, reportContent="多户停水")
    yunxi["reception"].does(complaint, "handover_notice", handoverReason="超出权限，由部门主管处理", replyAt="2026-11-24T17:00")
    head = complaint.task_row("leader_handle")
    assert head.due_at == datetime(2026, 11, 24, 17, 0, tzinfo=clock.ZONE)
    is_solved(yunxi, complaint, "dept_head", "leader_handle")
    result_is_replied(yunxi, complaint)
    is_recorded(yunxi, complaint)
    user_accepts(yunxi, complaint)
    is_archived(yunxi, complaint)
    assert complaint.row.status == "closed"


def test_beyond_the_departments_authority_becomes_major_while_running(yunxi: Town) -> None:
    """PP-2-2 (Q20): the department finds that it exceeds its authority; general ends, major begins, nothing entered is lost."""
    complaint = is_registered(yunxi)
    is_classified(yunxi, complaint)
    is_dispatched(yunxi, complaint)
    yunxi["functional_dept"].does(complaint, "implement", handleDecision="exceeds", exceedsReason="须更换整梯")
    assert complaint.row.level == "major"
    assert complaint.open == ["handover_notice", "report_leader"]
    assert complaint.variables["dispatchNote"] == "请当日查明"
    raised = complaint.told("level.raised")
    assert [reason["clause"] for reason in raised[0]["reasons"]] == ["PP-2-2"]
    cancelled = [row.element_id for row in complaint.rows(tables.task, status="cancelled")]
    assert cancelled == ["notify_state"]


def test_a_changed_judgement_upgrades_by_message(yunxi: Town) -> None:
    """The level rises because a fact that classification reads has changed; `upgraded` interrupts the general handling."""
    complaint = is_registered(yunxi)
    is_classified(yunxi, complaint)
    is_dispatched(yunxi, complaint)
    values = {"stateReplyMode": "phone", "stateRepliedAt": NOW, "stateReply": "已派人", "manualLevel": "major", "manualReason": "媒体关注"}
    yunxi["reception"].does(complaint, "notify_state", **values)
    assert complaint.row.level == "major"
    assert complaint.told("message.received")[0]["name"] == "upgraded"
    assert complaint.open == ["handover_notice", "report_leader"]


def test_a_level_never_falls_by_itself(yunxi: Town) -> None:
    complaint = is_registered(yunxi)
    is_classified(yunxi, complaint, "major")
    assert complaint.row.level == "major"
    yunxi["reception"].does(complaint, "report_leader", reportedTo=["company_leader"], reportedAt=NOW, reportContent="停水")
    assert complaint.row.level == "major"


def test_written_complaints_need_a_register_entry_an_instruction_and_a_written_reply(yunxi: Town) -> None:
    """PP-2-3: register, leader, and only a written reply closes it."""
    complaint = is_registered(yunxi, channel="letter", isWritten=True)
    assert complaint.open == ["incoming_doc"]
    values = {"docNo": "收〔2026〕8 号", "docDate": "2026-11-23", "docSender": "示例客户甲", "docSubmittedTo": "领导", "docSummary": "电梯"}
    yunxi["reception"].does(complaint, "incoming_doc", **values)
    assert complaint.open == ["leader_doc"]
    yunxi["company_leader"].does(complaint, "leader_doc", leaderInstruction="限期查明")
    is_classified(yunxi, complaint)
    is_dispatched(yunxi, complaint)
    state_is_replied(yunxi, complaint)
    is_solved(yunxi, complaint)
    result_is_replied(yunxi, complaint)
    assert complaint.open == ["written_reply"]
    reply = {"writtenReplyNo": "复〔2026〕3 号", "writtenReplyDate": "2026-11-23", "writtenReplySummary": "已修复"}
    yunxi["reception"].does(complaint, "written_reply", **reply)
    is_recorded(yunxi, complaint)
    user_accepts(yunxi, complaint)
    is_archived(yunxi, complaint)
    assert complaint.row.status == "closed"


def test_what_cannot_be_solved_stays_open_with_a_next_reply_time(yunxi: Town) -> None:
    """PP-1-3a, PP-1-3b: tell it tactfully, fix the next reply; round after round until solved and replied."""
    complaint = is_registered(yunxi)
    is_classified(yunxi, complaint)
    is_dispatched(yunxi, complaint)
    state_is_replied(yunxi, complaint)
    for day in (24, 25, 26):
        yunxi["functional_dept"].does(complaint, "implement", handleDecision="unsolvable", unsolvableReason="等配件")
        again = {"unsolvableExplanation": "配件在途", "nextReplyAt": f"2026-11-{day}T10:00"}
        yunxi["reception"].does(complaint, "tell_unsolvable", **again)
        task = complaint.task_row("implement")
        assert task.due_at == datetime(2026, 11, day, 10, 0, tzinfo=clock.ZONE)
        assert loads(task.due_facts)["clause"] == "PP-1-3b"
    is_solved(yunxi, complaint)
    assert complaint.open == ["notify_result"]


def test_the_promised_reply_time_reminds_to_the_second_and_cancels_nothing(yunxi: Town) -> None:
    """PP-1-3b: the timer at the next reply time; overdue is recorded, the work goes on."""
    complaint = is_registered(yunxi)
    is_classified(yunxi, complaint)
    is_dispatched(yunxi, complaint)
    yunxi["functional_dept"].does(complaint, "implement", handleDecision="unsolvable", unsolvableReason="等配件")
    yunxi["reception"].does(complaint, "tell_unsolvable", unsolvableExplanation="配件在途", nextReplyAt="2026-11-24T10:00")
    yunxi.waits(hours=24, minutes=59, seconds=59)
    assert complaint.told("timer.fired") == []
    yunxi.waits(seconds=1)
    assert [facts["element"] for facts in complaint.told("timer.fired")] == ["reply_due"]
    assert "implement" in complaint.open
    yunxi.waits(seconds=1)
    assert "implement" in [facts["element"] for facts in complaint.told("task.overdue")]
    assert complaint.task_row("implement").overdue_at is not None
    assert yunxi.work() == 0


def is_handed_to_the_head(town: Town) -> Complaint:
    complaint = is_registered(town)
    is_classified(town, complaint, "major")
    town["reception"].does(complaint, "report_leader", reportedTo=["dept_head"], reportedAt=NOW, reportContent="多户停水")
    town["reception"].does(complaint, "handover_notice", handoverReason="由部门主管处理", replyAt="2026-11-24T17:00")
    return complaint


def test_the_head_too_promises_a_next_reply_and_is_reminded_of_it(yunxi: Town) -> None:
    """PP-1-3b, PP-2-2: in major handling the reply time told at the handover, then the next one, to the second."""
    complaint = is_handed_to_the_head(yunxi)
    yunxi["dept_head"].does(complaint, "leader_handle", handleDecision="unsolvable", unsolvableReason="等配件")
    yunxi["reception"].does(complaint, "tell_unsolvable", unsolvableExplanation="配件在途", nextReplyAt="2026-11-25T10:00")
    yunxi.waits(hours=48, minutes=59, seconds=59)
    assert complaint.rows(tables.notice, element_id="remind") == []
    yunxi.waits(seconds=1)
    assert [row.role for row in complaint.rows(tables.notice, element_id="remind")] == ["dept_head", "reception"]
    assert complaint.open == ["leader_handle"]


def test_the_head_escalates_to_the_company_leader_and_works_on(yunxi: Town) -> None:
    """PP-1-6: what needs the company leader's decision goes up from the head; the head's own task stays."""
    complaint = is_handed_to_the_head(yunxi)
    yunxi["dept_head"].does(complaint, "leader_handle", handleDecision="escalate", escalationReason="须公司出面")
    assert complaint.open == ["leader_handle", "superior_decision"]
    instruction = {"superiorDecision": "instruct", "superiorInstruction": "由公司联系供水单位"}
    yunxi["company_leader"].does(complaint, "superior_decision", **instruction)
    assert complaint.open == ["leader_handle"]


def test_the_work_goes_up_and_goes_on(yunxi: Town) -> None:
    """Escalation: the head instructs while the department's task stays open; it may happen more than once."""
    complaint = is_registered(yunxi)
    is_classified(yunxi, complaint)
    is_dispatched(yunxi, complaint)
    state_is_replied(yunxi, complaint)
    for _ in range(2):
        yunxi["functional_dept"].does(complaint, "implement", handleDecision="escalate", escalationReason="需协调供应商")
        assert complaint.open == ["implement", "superior_decision"]
        yunxi["dept_head"].does(complaint, "superior_decision", superiorDecision="instruct", superiorInstruction="联系备用供应商")
        assert complaint.open == ["implement"]
    assert complaint.variables["superiorInstruction"] == "联系备用供应商"


def test_an_escalation_climbs_to_the_company_leader_and_is_taken_over(yunxi: Town) -> None:
    """The ladder: department, head, company leader; whoever takes over tells the user why and by when (PP-2-2)."""
    complaint = is_registered(yunxi)
    is_classified(yunxi, complaint)
    is_dispatched(yunxi, complaint)
    yunxi["functional_dept"].does(complaint, "implement", handleDecision="escalate", escalationReason="需协调供应商")
    again = {"superiorDecision": "escalate_again", "escalateAgainReason": "须公司出面"}
    yunxi["dept_head"].does(complaint, "superior_decision", **again)
    yunxi["company_leader"].does(complaint, "superior_decision", superiorDecision="take_over")
    yunxi["reception"].does(complaint, "handover_notice", handoverReason="由公司领导处理", replyAt="2026-11-24T17:00")
    task = complaint.task_row("superior_handle")
    assert task.due_at == datetime(2026, 11, 24, 17, 0, tzinfo=clock.ZONE)
    yunxi["company_leader"].does(complaint, "superior_handle", handlingProcess="约谈供应商", handlingResult="配件当日到")
    assert complaint.open == ["implement", "notify_state"]


@pytest.mark.parametrize("left_out", ["clearListen", "clearAsk", "clearFollow", "clearReply", "clearRecord"])
def test_closing_needs_the_five_clears(yunxi: Town, left_out: str) -> None:
    """PP-1: what is missing is named, and the case is not archived before it is there."""
    complaint = is_registered(yunxi)
    is_classified(yunxi, complaint)
    is_dispatched(yunxi, complaint)
    state_is_replied(yunxi, complaint)
    is_solved(yunxi, complaint)
    result_is_replied(yunxi, complaint)
    is_recorded(yunxi, complaint, **{left_out: False})
    user_accepts(yunxi, complaint)
    assert complaint.open == ["complete_missing"]
    assert [row["key"] for row in complaint.variables["missing"]] == [left_out]
    yunxi["reception"].does(complaint, "complete_missing", **{left_out: True})
    assert complaint.open == ["archive"]


def test_archiving_waits_for_the_users_opinion(yunxi: Town) -> None:
    """PP-1-5: without the user's opinion on the form nothing is archived."""
    complaint = is_registered(yunxi)
    is_classified(yunxi, complaint)
    is_dispatched(yunxi, complaint)
    state_is_replied(yunxi, complaint)
    is_solved(yunxi, complaint)
    result_is_replied(yunxi, complaint)
    is_recorded(yunxi, complaint)
    yunxi["reception"].does(complaint, "user_opinion", resultAccepted="yes")
    assert complaint.open == ["complete_missing"]
    yunxi["reception"].does(complaint, "complete_missing", userOpinion="没有意见")
    assert complaint.open == ["archive"]


def test_a_user_who_does_not_accept_is_handled_again(yunxi: Town) -> None:
    """PP-1-3a, Q41: dissatisfied means another handling, counted; what must be done anew is asked anew."""
    complaint = is_registered(yunxi)
    is_classified(yunxi, complaint)
    is_dispatched(yunxi, complaint)
    state_is_replied(yunxi, complaint)
    is_solved(yunxi, complaint)
    result_is_replied(yunxi, complaint)
    is_recorded(yunxi, complaint)
    yunxi["reception"].does(complaint, "user_opinion", userOpinion="仍有异响", resultAccepted="no")
    assert complaint.variables["handledTimes"] == 2
    assert complaint.open == ["dispatch"]
    assert complaint.variables.get("resultAccepted") is None
    is_dispatched(yunxi, complaint)
    state_is_replied(yunxi, complaint)
    is_solved(yunxi, complaint)
    result_is_replied(yunxi, complaint)
    is_recorded(yunxi, complaint)
    user_accepts(yunxi, complaint)
    is_archived(yunxi, complaint)
    assert complaint.row.status == "closed"


def test_the_customers_opinion_is_given_by_reception_and_says_so(yunxi: Town) -> None:
    complaint = is_registered(yunxi)
    is_classified(yunxi, complaint)
    is_dispatched(yunxi, complaint)
    state_is_replied(yunxi, complaint)
    is_solved(yunxi, complaint)
    result_is_replied(yunxi, complaint)
    is_recorded(yunxi, complaint)
    user_accepts(yunxi, complaint)
    opinion = [facts for facts in complaint.told("task.completed") if facts["element"] == "user_opinion"]
    assert opinion[0]["on_behalf"] == "customer"


def test_deadlines_of_the_organisation_are_marked_as_not_in_the_text(yunxi: Town) -> None:
    """PP-2-1 says "at once" without a number (Q7): the 60 minutes are the organisation's, and the explanation says so."""
    complaint = is_registered(yunxi)
    is_classified(yunxi, complaint)
    is_dispatched(yunxi, complaint)
    task = complaint.task_row("notify_state")
    assert task.due_at == datetime(2026, 11, 23, 10, 0, tzinfo=clock.ZONE)
    lines = runtime.explain(task.due_at, loads(task.due_facts), {})
    assert lines[0] == "时限 2026-11-23 10:00（60 分钟，PP-2-1）"
    assert any("非原文" in line for line in lines)


def test_an_escalation_still_open_ends_when_the_case_is_archived(yunxi: Town) -> None:
    """The matter was solved before the superior answered: archiving ends everything, and the case is closed."""
    complaint = is_registered(yunxi)
    is_classified(yunxi, complaint)
    is_dispatched(yunxi, complaint)
    state_is_replied(yunxi, complaint)
    yunxi["functional_dept"].does(complaint, "implement", handleDecision="escalate", escalationReason="需协调供应商")
    is_solved(yunxi, complaint)
    result_is_replied(yunxi, complaint)
    is_recorded(yunxi, complaint)
    user_accepts(yunxi, complaint)
    assert complaint.open == ["archive", "superior_decision"]
    is_archived(yunxi, complaint)
    assert complaint.open == []
    assert (complaint.row.status, complaint.row.outcome) == ("closed", "archived")


STORIES = [
    test_a_general_complaint_runs_from_registration_to_archive,
    test_a_major_complaint_is_reported_and_handed_over_at_once,
    test_beyond_the_departments_authority_becomes_major_while_running,
    test_a_changed_judgement_upgrades_by_message,
    test_written_complaints_need_a_register_entry_an_instruction_and_a_written_reply,
    test_what_cannot_be_solved_stays_open_with_a_next_reply_time,
    test_the_promised_reply_time_reminds_to_the_second_and_cancels_nothing,
    test_the_head_too_promises_a_next_reply_and_is_reminded_of_it,
    test_the_head_escalates_to_the_company_leader_and_works_on,
    test_the_work_goes_up_and_goes_on,
    test_an_escalation_climbs_to_the_company_leader_and_is_taken_over,
    test_archiving_waits_for_the_users_opinion,
    test_a_user_who_does_not_accept_is_handled_again,
]


def test_one_story_on_postgresql(yunxi_on_postgresql: Town) -> None:
    test_a_user_who_does_not_accept_is_handled_again(yunxi_on_postgresql)


@pytest.mark.long
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_all_stories_on_postgresql(yunxi_on_postgresql: Town, story: Any) -> None:
    story(yunxi_on_postgresql)
