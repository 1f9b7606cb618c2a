"""The decision tables of `dealer`, each rule on both sides."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.procedures.written import written

DEALER = written("dealer")
COMPLETE: dict[str, Any] = {
    "complaintAt": "2026-11-23T08:50+08:00", "customerName": {"personal": "1"}, "plateNumber": {"personal": "2"}, "complaintMatter": "异响",
    "approveDecision": "agree", "notifiedAt": "2026-11-23T09:00+08:00", "negotiations": None, "satisfied": "yes",
    "processSummary": "当日查明", "overallEvaluation": "及时", "improvement": "双人复检", "measureCheck": "effective",
    "handlingResponsible": "示例员工丙", "causeDept": "after_sales", "causePerson": "示例员工丁", "delayResponsible": "无",
}  # fmt: skip


def decide(name: str, **inputs: Any) -> Any:
    return DEALER.models[f"{name}.dmn"].decide(f"dealer_{name}", inputs).value


@pytest.mark.parametrize(("judged", "levels"), [("major", ["major"]), ("general", []), (None, [])])
def test_only_the_managers_judgement_makes_it_major(judged: str | None, levels: list[str]) -> None:
    """DL-3-b1, Q11: no number of the text, and none of another procedure, decides."""
    rows = decide("classify", manualLevel=judged)

    assert [row["level"] for row in rows] == levels
    assert all(row["clause"] == "DL-3-b1" for row in rows)
    assert DEALER.models["classify.dmn"].decisions["dealer_classify"].inputs == ("manualLevel",)


@pytest.mark.parametrize(
    ("category", "sales", "after_sales", "clause", "origin"),
    [
        ("product_quality", "sales_manager", "service_manager", "DL-1-1", "config"),
        ("sales_contract", "sales_manager", "sales_manager", "DL-1-2", "source"),
        ("repair_quality", "service_manager", "service_manager", "DL-1-3", "source"),
        ("service_quality", "sales_manager", "service_manager", "DL-1-4", "config"),
        ("proposal", "sales_manager", "service_manager", "DL-1-5", "config"),
    ],
)
def test_each_class_has_a_department_in_both_services(category: str, sales: str, after_sales: str, clause: str, origin: str) -> None:
    """DL-1-1 … DL-1-5, DL-3-c1; where the text names nobody the row is marked as ours."""
    rows = [decide("dispatch", category=category, serviceArea=area) for area in ("sales", "after_sales")]

    assert [row["role"] for row in rows] == [sales, after_sales]
    assert all((row["clause"], row["origin"]) == (clause, origin) for row in rows)


def test_every_class_of_the_form_has_a_row() -> None:
    for category in DEALER.values_of("category"):
        for area in DEALER.values_of("serviceArea"):
            assert decide("dispatch", category=category, serviceArea=area), (category, area)


@pytest.mark.parametrize("level", ["general", "major"])
@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ("propose", (1, "workingDay", "dispatch", "first", "DL-4-G3", "source")),
        ("notify_result", (60, "minute", "task", "each", "DL-4-G4", "config")),
        ("report_leader", (30, "minute", "task", "each", "DL-4-M2", "config")),
        ("emergency_meeting", (120, "minute", "task", "each", "DL-4-M2", "config")),
        ("implement_measure", (0, "dateOnCase", "measureDueOn", "each", "DL-3-c4", "config")),
    ],
)
def test_one_working_day_is_the_only_limit_of_the_text(stage: str, level: str, expected: tuple[Any, ...]) -> None:
    """Requirements 1.10, Q7: every other limit is the organisation's own and marked so."""
    row = decide("deadlines", stage=stage, level=level, category="proposal")

    assert tuple(row[key] for key in ("amount", "unit", "from", "again", "clause", "origin")) == expected


def test_a_stage_of_which_the_text_says_nothing_has_no_deadline() -> None:
    assert decide("deadlines", stage="approve", level="general", category="proposal") is None


@pytest.mark.parametrize(
    ("loss", "grade"),
    [("0.01", "light"), ("4999.99", "light"), ("5000", "medium"), ("19999.99", "medium"), ("20000", "heavy"), ("10000", "medium")],
)
def test_a_loss_concerns_two_people_by_its_size(loss: str, grade: str) -> None:
    """DL-6-1: the person responsible and the department's head; the text has no sums, so the bands are marked."""
    rows = decide("penalty", lossAmount=_number(loss), delayed=None)

    assert [(row["who"], row["grade"]) for row in rows] == [("cause_person", grade), ("department_head", grade)]
    assert all((row["clause"], row["origin"]) == ("DL-6-1", "config") for row in rows)


@pytest.mark.parametrize("loss", [None, "0"])
@pytest.mark.parametrize("delayed", [None, False])
def test_no_loss_and_no_delay_concern_nobody(loss: str | None, delayed: bool | None) -> None:
    assert decide("penalty", lossAmount=_number(loss), delayed=delayed) == []


def test_a_delay_concerns_the_person_responsible_for_the_handling() -> None:
    """DL-6-2: from the text, without a grade."""
    rows = decide("penalty", lossAmount=0, delayed=True)

    assert [(row["who"], row["grade"], row["clause"], row["origin"]) for row in rows] == [("handler", None, "DL-6-2", "source")]
    assert len(decide("penalty", lossAmount=5000, delayed=True)) == 3


def test_a_complete_case_lacks_nothing() -> None:
    assert decide("closing", **COMPLETE) == []
    assert decide("closing", **COMPLETE | {"notifiedAt": None, "negotiations": [{"role": "cr_manager"}]}) == []


@pytest.mark.parametrize(
    ("change", "key", "clause"),
    [
        *[({name: None}, "record", "DL-2-4") for name in ("complaintAt", "customerName", "plateNumber", "complaintMatter")],
        ({"approveDecision": None}, "gmApproval", "DL-4-G4"),
        ({"approveDecision": "return"}, "gmApproval", "DL-4-G4"),
        ({"notifiedAt": None}, "notified", "DL-4-G4"),
        ({"satisfied": None}, "satisfaction", "DL-4-G5"),
        ({"processSummary": ""}, "summary", "DL-4-G7"),
        ({"overallEvaluation": None}, "summary", "DL-4-G7"),
        ({"improvement": None}, "improvement", "DL-4-G7"),
        ({"measureCheck": "not_effective"}, "measures", "DL-3-d3"),
        ({"handlingResponsible": ""}, "handlingResponsible", "DL-2-3"),
        ({"causeDept": None}, "causeResponsible", "DL-2-3"),
        ({"causePerson": ""}, "causeResponsible", "DL-2-3"),
        ({"delayResponsible": None}, "delayResponsible", "DL-2-3"),
    ],
)
def test_what_the_text_asks_for_must_stand_in_the_case(change: dict[str, Any], key: str, clause: str) -> None:
    """Requirements 3.4: consent, satisfaction, summary with improvement, three responsibilities; and the record itself."""
    rows = decide("closing", **COMPLETE | change)

    assert [(row["key"], row["clause"]) for row in rows] == [(key, clause)]
    assert rows[0]["text"] and rows[0]["text_en"]


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
