"""The car dealer's procedure from registration to the solution that the customer is told. Each story names the clause it proves."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from engine import clock, org, runtime
from engine.errors import NotAllowed
from engine.store import loads, tables
from tests.stories.dealer import (
    NOW,
    REGISTERED,
    customer_is_satisfied,
    customer_is_told,
    ever_opened,
    is_approved,
    is_archived,
    is_assigned,
    is_classified,
    is_dispatched,
    is_handled,
    is_proposed,
    is_registered,
    is_summed_up,
    measures_are_taken,
    penalty_is_decided,
    responsibilities_are_settled,
)
from tests.support.town import SEED, Town, town

# --- registration and judgement


def test_a_general_complaint_runs_from_registration_to_archive(shop: Town) -> None:
    """DL-4-G1 … G7 in the order of the text; a step 6 does not exist (Q10)."""
    complaint = is_registered(shop)
    assert complaint.number == "DL-202611-00001"
    assert complaint.open == ["classify"]
    is_classified(shop, complaint)
    assert (complaint.row.level, complaint.row.category, complaint.row.subject) == ("general", "repair_quality", "刹车片更换后仍有异响")
    is_dispatched(shop, complaint)
    assert complaint.open == ["propose"]
    is_proposed(shop, complaint)
    is_approved(shop, complaint)
    customer_is_told(shop, complaint)
    assert complaint.open == ["satisfaction"]
    customer_is_satisfied(shop, complaint)
    is_summed_up(shop, complaint)
    assert complaint.open == ["accountability", "draft_measure"]
    measures_are_taken(shop, complaint)
    responsibilities_are_settled(shop, complaint)
    assert complaint.open == ["archive"]
    is_archived(shop, complaint)
    row = complaint.row
    assert (row.status, row.outcome, row.closed_at) == ("closed", "archived", clock.now())
    assert complaint.open == []


@pytest.mark.parametrize("left_out", ["complaintAt", "customerName", "plateNumber", "complaintMatter"])
def test_registration_needs_time_matter_complainant_and_plate(shop: Town, left_out: str) -> None:
    """DL-4-G1: what the text names must be there; other contact data need not (Q37)."""
    with pytest.raises(runtime.FormErrors) as refused:
        is_registered(shop, **{left_out: ""})
    assert [error.key for error in refused.value.outcome.errors] == [left_out]
    assert is_registered(shop, customerPhone="").open == ["classify"]


def test_the_plate_is_kept_apart_as_personal_data(shop: Town) -> None:
    complaint = is_registered(shop)
    assert set(complaint.variables["plateNumber"]) == set(complaint.variables["customerName"]) == {"personal"}
    assert [row.kind for row in complaint.rows(tables.personal, variable="plateNumber")] == ["plate"]


def test_adviser_and_manager_are_one_group_for_recording_and_telling(shop: Town) -> None:
    """Q42: 顾问 and 专员 are one role; they or the manager record and tell the customer. Judging is the manager's alone (DL-3-b1)."""
    complaint = shop["cr_manager"].registers(**REGISTERED)
    with pytest.raises(NotAllowed):
        shop["cr_adviser"].does(complaint, "classify", manualLevel="general")
    is_classified(shop, complaint)
    is_dispatched(shop, complaint)
    is_proposed(shop, complaint)
    is_approved(shop, complaint)
    shop["cr_manager"].does(complaint, "notify_result", notifyMode="phone", notifiedAt=NOW, notifiedContent="明日重装")
    shop["cr_adviser2"].does(complaint, "customer_reaction", customerReaction="表示接受")
    shop["cr_manager"].does(complaint, "satisfaction", satisfied="yes")
    assert complaint.open == ["summary"]


def test_a_major_judgement_needs_a_reason_and_nothing_else_makes_it_major(shop: Town) -> None:
    """DL-3-b1, Q11: the manager's judgement, with its reason. No sum, household or number of handlings decides here."""
    complaint = is_registered(shop, complaintMatter="五户联名、索赔 10000 元")
    with pytest.raises(runtime.FormErrors) as refused:
        is_classified(shop, complaint, "major", manualReason="")
    assert [error.key for error in refused.value.outcome.errors] == ["manualReason"]
    is_classified(shop, complaint)
    assert (complaint.row.level, complaint.variables["levelReasons"]) == ("general", [])


@pytest.mark.parametrize(
    ("category", "area", "role", "clause", "origin"),
    [
        ("sales_contract", "after_sales", "sales_manager", "DL-1-2", "source"),
        ("repair_quality", "sales", "service_manager", "DL-1-3", "source"),
        ("product_quality", "sales", "sales_manager", "DL-1-1", "config"),
        ("service_quality", "after_sales", "service_manager", "DL-1-4", "config"),
        ("proposal", "sales", "sales_manager", "DL-1-5", "config"),
    ],
)
def test_the_class_suggests_the_department(shop: Town, category: str, area: str, role: str, clause: str, origin: str) -> None:
    """DL-4-G2b, DL-3-c1: department by class; where the text is silent the suggestion is marked as not from it."""
    complaint = is_registered(shop, category=category, serviceArea=area)
    is_classified(shop, complaint, category=category, serviceArea=area)
    suggestion = complaint.variables["suggestion"]
    assert (suggestion["role"], suggestion["clause"], suggestion["origin"]) == (role, clause, origin)
    assert complaint.variables["responsibleRole"] == role
    shop["cr_manager"].does(complaint, "dispatch", responsibleRole=suggestion["role"], responsiblePerson="高志航")
    is_proposed(shop, complaint, role)
    assert complaint.open == ["approve"]


def test_the_manager_may_name_the_other_department(shop: Town) -> None:
    complaint = is_registered(shop)
    is_classified(shop, complaint)
    is_dispatched(shop, complaint, "sales_manager")
    with pytest.raises(NotAllowed):
        is_proposed(shop, complaint, "service_manager")
    is_proposed(shop, complaint, "sales_manager")
    assert complaint.open == ["approve"]


# --- the solution and its working day


def test_nobody_is_told_before_the_general_manager_agrees(shop: Town) -> None:
    """DL-4-G4, DL-3-d1: no notice task exists before the approval, also after a proposal was returned."""
    complaint = is_assigned(shop)
    is_proposed(shop, complaint)
    assert (complaint.open, ever_opened(complaint, "notify_result")) == (["approve"], 0)
    with pytest.raises(runtime.FormErrors):
        shop["gm"].does(complaint, "approve", approveDecision="return")
    shop["gm"].does(complaint, "approve", approveDecision="return", approveOpinion="写清由谁重装")
    assert (complaint.open, ever_opened(complaint, "notify_result")) == (["propose"], 0)
    is_proposed(shop, complaint, solution="由示例技师丙重装")
    assert ever_opened(complaint, "notify_result") == 0
    is_approved(shop, complaint)
    assert complaint.open == ["notify_result"]
    task = complaint.task_row("notify_result")
    assert task.due_at == datetime(2026, 11, 23, 10, 0, tzinfo=clock.ZONE)
    assert loads(task.due_facts)["origin"] == "config"


@pytest.mark.parametrize(
    ("assigned", "due"),
    [
        ("2026-11-23T09:00:00", "2026-11-24T09:00:00"),
        ("2026-11-20T16:00:00", "2026-11-23T16:00:00"),
        ("2026-11-23T18:00:00", "2026-11-24T18:00:00"),
        ("2026-11-23T18:00:01", "2026-11-25T09:00:00"),
        ("2026-11-21T10:00:00", "2026-11-24T09:00:00"),
        ("2026-09-30T15:00:00", "2026-10-08T15:00:00"),
    ],
)
def test_the_working_day_counts_from_the_naming_of_the_responsible_person(tmp_path: Path, assigned: str, due: str) -> None:
    """DL-4-G3, Q8: same clock time on the next working day; outside office hours it counts from the next opening."""
    moment = datetime.fromisoformat(assigned).replace(tzinfo=clock.ZONE)
    with town(f"sqlite:///{tmp_path}/town.db", at=moment, procedure="dealer") as shop:
        task = is_assigned(shop).task_row("propose")
    assert task.due_at == datetime.fromisoformat(due).replace(tzinfo=clock.ZONE)
    facts = loads(task.due_facts)
    assert (facts["clause"], facts["from"], facts["origin"]) == ("DL-4-G3", "dispatch", "source")


def test_a_solution_on_the_last_second_is_in_time(shop: Town) -> None:
    """DL-4-G3: the end of the working day belongs to it."""
    complaint = is_assigned(shop)
    shop.waits(days=1)
    assert complaint.told("timer.fired") == []
    is_proposed(shop, complaint)
    assert complaint.variables.get("delayed") is None
    assert complaint.open == ["approve"]


def test_one_second_later_it_is_late_and_only_noted(shop: Town) -> None:
    """DL-4-G3, DL-6-2, DL-3-b3: the manager is told and follows up; the work goes on; nobody is penalised by itself (Q40)."""
    complaint = is_assigned(shop)
    shop.waits(days=1, seconds=1)
    assert [facts["element"] for facts in complaint.told("timer.fired")] == ["solution_overdue"]
    assert complaint.open == ["propose", "urge"]
    assert complaint.variables["delayed"] is True
    assert [(row.role, row.element_id) for row in complaint.rows(tables.notice)] == [("cr_manager", "alert_delay")]
    shop["cr_manager"].does(complaint, "urge", urgeNote="今日中午前提出", manualLevel="general")
    assert complaint.open == ["propose"]
    is_handled(shop, complaint)
    customer_is_satisfied(shop, complaint)
    is_summed_up(shop, complaint)
    responsibilities_are_settled(shop, complaint)
    candidates = complaint.variables["penaltyCandidates"]
    assert [(row["who"], row["grade"], row["clause"]) for row in candidates] == [("handler", None, "DL-6-2")]
    assert complaint.variables.get("penaltyDecision") is None
    penalty_is_decided(shop, complaint)
    assert complaint.variables["penaltyDecision"] == "none"


def test_a_returned_proposal_wins_no_new_day(shop: Town) -> None:
    """DL-4-G3: the day counts from the first naming of the responsible person in this handling."""
    complaint = is_assigned(shop)
    due = complaint.task_row("propose").due_at
    shop.waits(hours=20)
    is_proposed(shop, complaint)
    shop["gm"].does(complaint, "approve", approveDecision="return", approveOpinion="写清由谁重装")
    assert complaint.task_row("propose").due_at == due
    shop.waits(hours=4, seconds=1)
    assert complaint.open == ["propose", "urge"]


def test_an_open_follow_up_does_not_hold_the_case(shop: Town) -> None:
    """DL-3-b3: once the customer is told, there is nothing left to urge."""
    complaint = is_assigned(shop)
    shop.waits(days=1, seconds=1)
    is_handled(shop, complaint)
    assert complaint.open == ["satisfaction"]
    assert [row.element_id for row in complaint.rows(tables.task, status="cancelled")] == ["urge"]


def test_nobody_approves_what_they_proposed(shop: Town) -> None:
    """DL-3-d1: the manager of a department who is general manager too is kept from their own proposal."""
    both = shop.add("dealer.both", "兼任者", "service_manager", "dl_east")
    with shop.store.writing() as db:
        org.add_membership(db, both.key, "gm", shop.units["dl_company"], SEED)
    complaint = is_assigned(shop)
    is_proposed(shop, complaint, "both")
    with pytest.raises(NotAllowed):
        both.does(complaint, "approve", approveDecision="agree")
    is_approved(shop, complaint)
    assert complaint.open == ["notify_result"]


STORIES = [
    test_a_general_complaint_runs_from_registration_to_archive,
    test_nobody_is_told_before_the_general_manager_agrees,
    test_one_second_later_it_is_late_and_only_noted,
]


@pytest.mark.long
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_all_stories_on_postgresql(shop_on_postgresql: Town, story: Any) -> None:
    story(shop_on_postgresql)
