"""The car dealer's procedure: major complaints, the customer's answer, measures, responsibilities, archive. Each story names its clause."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from engine import clock, org, runtime
from engine.errors import NotAllowed
from engine.store import loads, tables
from tests.stories.dealer import (
    WEAK,
    customer_is_satisfied,
    customer_is_told,
    ever_opened,
    is_approved,
    is_assigned,
    is_classified,
    is_concluded,
    is_dispatched,
    is_handled,
    is_handled_as_major,
    is_passed_on,
    is_proposed,
    is_ready_to_conclude,
    is_signed,
    is_summed_up,
    measures_are_approved,
    measures_are_carried_out,
    measures_are_drafted,
    measures_are_taken,
    meets,
    negotiates,
    penalty_is_decided,
    responsibilities_are_settled,
)
from tests.support.town import SEED, Town

# --- major


def test_a_major_complaint_is_met_about_and_negotiated_by_two(shop: Town) -> None:
    """DL-4-M1 … M5: passed on and met about at once, the consent in the record (Q12), two negotiate, then as in general."""
    complaint = is_assigned(shop, "major")
    assert [row.role for row in complaint.rows(tables.notice, element_id="alert_leaders")] == ["gm", "service_manager"]
    assert complaint.open == ["report_leader"]
    is_passed_on(shop, complaint)
    assert complaint.open == ["emergency_meeting"]
    meets(shop, complaint)
    assert complaint.open == ["meeting_sign", "meeting_sign"]
    is_signed(shop, complaint)
    assert [item["role"] for item in complaint.variables["meetingSignatures"]] == ["gm", "service_manager"]
    assert complaint.variables["approveDecision"] == "agree"
    assert ever_opened(complaint, "approve") == 0
    assert complaint.open == ["joint_negotiation", "joint_negotiation"]
    negotiates(shop, "cr_manager", complaint)
    assert complaint.open == ["joint_negotiation"]
    negotiates(shop, "service_manager", complaint)
    assert [item["role"] for item in complaint.variables["negotiations"]] == ["service_manager", "cr_manager"]
    customer_is_satisfied(shop, complaint)
    is_concluded(shop, complaint)
    assert (complaint.row.status, complaint.row.outcome, complaint.row.level) == ("closed", "archived", "major")


def test_without_the_general_managers_consent_they_meet_again(shop: Town) -> None:
    """DL-3-d1, Q12: nobody negotiates before the general manager has agreed in the record of the meeting."""
    complaint = is_assigned(shop, "major")
    is_passed_on(shop, complaint)
    meets(shop, complaint)
    is_signed(shop, complaint, "return")
    assert (complaint.open, ever_opened(complaint, "joint_negotiation")) == (["emergency_meeting"], 0)
    meets(shop, complaint, solution="更换刹车总成")
    is_signed(shop, complaint)
    assert complaint.open == ["joint_negotiation", "joint_negotiation"]


def test_immediate_steps_have_targets_that_are_not_from_the_text(shop: Town) -> None:
    """DL-4-M2, Q7: 快速 and 立即 have no number; the minutes are the organisation's and marked so."""
    complaint = is_assigned(shop, "major")
    report = complaint.task_row("report_leader")
    assert report.due_at == datetime(2026, 11, 23, 9, 30, tzinfo=clock.ZONE)
    is_passed_on(shop, complaint)
    meeting = complaint.task_row("emergency_meeting")
    assert meeting.due_at == datetime(2026, 11, 23, 11, 0, tzinfo=clock.ZONE)
    assert [loads(task.due_facts)["origin"] for task in (report, meeting)] == ["config", "config"]


def test_a_follow_up_that_finds_it_major_begins_major_handling_at_once(shop: Town) -> None:
    """DL-3-b1, DL-3-b3: the manager judges anew while it runs; general ends, nothing entered is lost."""
    complaint = is_assigned(shop)
    shop.waits(days=1, seconds=1)
    shop["cr_manager"].does(complaint, "urge", urgeNote="客户已联系媒体", manualLevel="major", manualReason="媒体关注")
    assert complaint.row.level == "major"
    assert complaint.told("message.received")[0]["name"] == "upgraded"
    assert complaint.open == ["report_leader"]
    assert (complaint.variables["urgeNote"], complaint.variables["delayed"]) == ("客户已联系媒体", True)
    is_handled_as_major(shop, complaint)
    assert complaint.open == ["satisfaction"]


# --- the customer's answer


def test_a_dissatisfied_customer_is_handled_again_with_a_day_of_its_own(shop: Town) -> None:
    """DL-4-G5, Q41: another handling, counted, judged and proposed anew; two handlings do not make it major here (Q11)."""
    complaint = is_assigned(shop)
    is_handled(shop, complaint)
    shop.waits(hours=1)
    shop["cr_adviser"].does(complaint, "satisfaction", satisfied="no", satisfactionNote="仍有异响")
    assert complaint.variables["handledTimes"] == 2
    assert complaint.open == ["classify"]
    assert complaint.variables["approveDecision"] is None
    shop.waits(hours=2)
    is_classified(shop, complaint)
    is_dispatched(shop, complaint)
    assert complaint.row.level == "general"
    assert complaint.task_row("propose").due_at == datetime(2026, 11, 24, 12, 0, tzinfo=clock.ZONE)
    is_handled(shop, complaint)
    customer_is_satisfied(shop, complaint)
    is_concluded(shop, complaint)
    assert complaint.row.outcome == "archived"


def test_a_level_never_falls_by_itself(shop: Town) -> None:
    complaint = is_assigned(shop, "major")
    is_handled_as_major(shop, complaint)
    shop["cr_adviser"].does(complaint, "satisfaction", satisfied="no")
    is_classified(shop, complaint, "general")
    is_dispatched(shop, complaint)
    assert (complaint.row.level, complaint.open) == ("major", ["report_leader"])


@pytest.mark.parametrize(
    "weak", [WEAK, {"demandReasonable": "no", "validityNote": "要求整车退换"}], ids=["grounds insufficient", "demand unreasonable"]
)
def test_what_has_no_grounds_is_still_answered_with_consent_and_explained(shop: Town, weak: dict[str, Any]) -> None:
    """DL-4-G2a, Q9: proposed, agreed by the general manager, explained to the customer, and closed as explained."""
    complaint = is_assigned(shop, **weak)
    with pytest.raises(runtime.FormErrors) as refused:
        is_proposed(shop, complaint)
    assert [error.key for error in refused.value.outcome.errors] == ["refusalExplanation"]
    is_proposed(shop, complaint, refusalExplanation="按保养手册逐项说明")
    assert (complaint.open, ever_opened(complaint, "notify_result")) == (["approve"], 0)
    is_approved(shop, complaint)
    with pytest.raises(runtime.FormErrors):
        customer_is_told(shop, complaint)
    customer_is_told(shop, complaint, explanationGiven=True)
    customer_is_satisfied(shop, complaint)
    is_concluded(shop, complaint)
    assert (complaint.row.status, complaint.row.outcome) == ("closed", "explained")


def test_only_what_has_no_grounds_may_end_as_explained_against_the_customers_wish(shop: Town) -> None:
    """Q9: with good grounds a dissatisfied customer is always handled again."""
    complaint = is_assigned(shop)
    is_handled(shop, complaint)
    shop["cr_adviser"].does(complaint, "satisfaction", satisfied="no", afterDissatisfaction="explained")
    assert complaint.open == ["classify"]
    is_classified(shop, complaint, **WEAK)
    is_dispatched(shop, complaint)
    is_proposed(shop, complaint, refusalExplanation="按保养手册逐项说明")
    is_approved(shop, complaint)
    customer_is_told(shop, complaint, explanationGiven=True)
    with pytest.raises(runtime.FormErrors):
        shop["cr_adviser"].does(complaint, "satisfaction", satisfied="no")
    shop["cr_adviser"].does(complaint, "satisfaction", satisfied="no", afterDissatisfaction="explained")
    is_concluded(shop, complaint)
    assert complaint.row.outcome == "explained"


# --- measures, responsibilities, archive


def test_measures_are_returned_approved_supervised_and_checked(shop: Town) -> None:
    """DL-3-b4, b5, c4, d2, d3: drafted with the manager's help, approved with a supervisor, checked; what fails is drafted anew."""
    complaint = is_ready_to_conclude(shop)
    is_summed_up(shop, complaint)
    responsibilities_are_settled(shop, complaint)
    measures_are_drafted(shop, complaint)
    shop["gm"].does(complaint, "approve_measure", measureApproval="return", measureOpinion="写明抽查比例")
    measures_are_drafted(shop, complaint)
    with pytest.raises(runtime.FormErrors) as refused:
        measures_are_approved(shop, complaint, "service_manager")
    assert [error.key for error in refused.value.outcome.errors] == ["supervisorRole"]
    measures_are_approved(shop, complaint, "sales_manager")
    measures_are_carried_out(shop, complaint, "sales_manager")
    shop["gm"].does(complaint, "check_measure", measureCheck="not_effective", measureCheckNote="只做了两天")
    assert complaint.open == ["draft_measure"]
    measures_are_taken(shop, complaint)
    assert complaint.open == ["archive"]


def test_nobody_checks_what_they_drafted_or_carried_out(shop: Town) -> None:
    """DL-3-d2: a supervisor who drafted or carried out the measures is kept out."""
    both = shop.add("dealer.both", "兼任者", "service_manager", "dl_east")
    with shop.store.writing() as db:
        org.add_membership(db, both.key, "cr_manager", shop.units["dl_east"], SEED)
        org.add_membership(db, both.key, "gm", shop.units["dl_company"], SEED)
    complaint = is_ready_to_conclude(shop)
    is_summed_up(shop, complaint)
    measures_are_drafted(shop, complaint)
    measures_are_approved(shop, complaint)
    both.does(complaint, "implement_measure", measureDone="已执行")
    with pytest.raises(NotAllowed):
        both.does(complaint, "verify_measure", supervisionNote="自查合格")
    shop["cr_manager"].does(complaint, "verify_measure", supervisionNote="抽查合格")
    with pytest.raises(NotAllowed):
        both.does(complaint, "check_measure", measureCheck="effective")
    shop["gm"].does(complaint, "check_measure", measureCheck="effective")
    assert complaint.open == ["accountability"]


def test_measures_are_reminded_of_when_their_day_is_over(shop: Town) -> None:
    """DL-3-b5: to the second; supervisor, manager and department are told, and the task stays."""
    complaint = is_ready_to_conclude(shop)
    is_summed_up(shop, complaint)
    measures_are_drafted(shop, complaint)
    measures_are_approved(shop, complaint, "cr_adviser")
    assert complaint.task_row("implement_measure").due_at == datetime(2026, 11, 27, 23, 59, 59, tzinfo=clock.ZONE)
    shop.waits(days=4, hours=14, minutes=59, seconds=58)
    assert complaint.rows(tables.notice, element_id="remind") == []
    shop.waits(seconds=1)
    told = [row.role for row in complaint.rows(tables.notice, element_id="remind")]
    assert told == ["cr_manager", "cr_adviser", "service_manager"]
    assert "implement_measure" in complaint.open


@pytest.mark.parametrize(("loss", "grade"), [("0.01", "light"), ("4999.99", "light"), ("5000", "medium"), ("20000", "heavy")])
def test_a_loss_lists_the_person_responsible_and_the_departments_head(shop: Town, loss: str, grade: str) -> None:
    """DL-6-1: both, by size of loss; the bands are the organisation's. Proposed by the manager, decided by the general manager (Q40)."""
    complaint = is_ready_to_conclude(shop)
    is_summed_up(shop, complaint)
    responsibilities_are_settled(shop, complaint, lossAmount=loss)
    rows = complaint.variables["penaltyCandidates"]
    assert [(row["who"], row["grade"], row["origin"]) for row in rows] == [
        ("cause_person", grade, "config"),
        ("department_head", grade, "config"),
    ]
    assert complaint.open == ["draft_measure", "propose_penalty"]
    with pytest.raises(NotAllowed):
        shop["gm"].does(complaint, "propose_penalty", penaltyProposal="处罚")
    penalty_is_decided(shop, complaint, "impose")
    assert complaint.open == ["draft_measure"]


def test_without_loss_or_delay_nobody_is_listed(shop: Town) -> None:
    """DL-6: no loss, no delay, no candidate, no decision asked of anybody."""
    complaint = is_ready_to_conclude(shop)
    is_summed_up(shop, complaint)
    responsibilities_are_settled(shop, complaint)
    assert (complaint.variables["penaltyCandidates"], complaint.open) == ([], ["draft_measure"])


def test_nothing_is_archived_before_it_is_complete(shop: Town) -> None:
    """DL-2-3, DL-4-G7: the third responsibility and the improvement may come late, but not after the archive."""
    complaint = is_ready_to_conclude(shop)
    is_summed_up(shop, complaint, improvement="")
    measures_are_taken(shop, complaint)
    responsibilities_are_settled(shop, complaint, delayResponsible="")
    assert complaint.open == ["complete_missing"]
    assert [row["key"] for row in complaint.variables["missing"]] == ["improvement", "delayResponsible"]
    with pytest.raises(runtime.FormErrors):
        shop["cr_manager"].does(complaint, "complete_missing", improvement="双人复检")
    shop["cr_manager"].does(complaint, "complete_missing", improvement="双人复检", delayResponsible="无")
    assert complaint.open == ["archive"]


STORIES = [
    test_a_major_complaint_is_met_about_and_negotiated_by_two,
    test_without_the_general_managers_consent_they_meet_again,
    test_a_follow_up_that_finds_it_major_begins_major_handling_at_once,
    test_a_dissatisfied_customer_is_handled_again_with_a_day_of_its_own,
    test_only_what_has_no_grounds_may_end_as_explained_against_the_customers_wish,
    test_measures_are_returned_approved_supervised_and_checked,
    test_measures_are_reminded_of_when_their_day_is_over,
    test_without_loss_or_delay_nobody_is_listed,
    test_nothing_is_archived_before_it_is_complete,
]


def test_one_story_on_postgresql(shop_on_postgresql: Town) -> None:
    test_a_major_complaint_is_met_about_and_negotiated_by_two(shop_on_postgresql)


@pytest.mark.long
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_all_stories_on_postgresql(shop_on_postgresql: Town, story: Any) -> None:
    story(shop_on_postgresql)
