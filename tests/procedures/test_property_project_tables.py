"""The decision tables of `property-project`, each rule on both sides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine import dmn

FOLDER = Path(__file__).resolve().parents[2] / "processes" / "property-project"
TABLES = {name: dmn.read((FOLDER / f"{name}.dmn").read_bytes()) for name in ("classify", "deadlines", "closing", "ladder")}
COMPLETE: dict[str, Any] = {
    "clearListen": True, "clearAsk": True, "clearFollow": True, "clearReply": True, "clearRecord": True,
    "userOpinion": "处理及时", "resultRepliedAt": "2026-11-23T09:00+08:00",
    "isWritten": True, "writtenReplyNo": "复〔2026〕3 号", "level": "major", "reportedAt": "2026-11-20T10:00+08:00",
}  # fmt: skip


def decide(name: str, **inputs: Any) -> Any:
    return TABLES[name].decide(f"property_project_{name}", inputs).value


@pytest.mark.parametrize(
    ("judged", "exceeds", "reasons"),
    [
        ("general", False, []),
        (None, None, []),
        ("major", False, ["判定为重大投诉"]),
        ("general", True, ["超出部门处理权限"]),
        ("major", True, ["判定为重大投诉", "超出部门处理权限"]),
    ],
)
def test_major_if_judged_so_or_beyond_the_department(judged: str | None, exceeds: bool | None, reasons: list[str]) -> None:
    """PP-2-2, read as Q20 says: either is enough."""
    rows = decide("classify", manualLevel=judged, exceedsDept=exceeds)

    english = {"判定为重大投诉": "Judged to be major", "超出部门处理权限": "Beyond the department's authority"}
    assert [(row["reason"], row["reason_en"]) for row in rows] == [(reason, english[reason]) for reason in reasons]
    assert all((row["level"], row["clause"]) == ("major", "PP-2-2") for row in rows)


@pytest.mark.parametrize("level", ["general", "major"])
@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ("notify_state", (60, "minute", "task", "PP-2-1", "config")),
        ("report_leader", (30, "minute", "task", "PP-1-6", "config")),
        ("reply", (0, "dateOnCase", "replyAt", "PP-2-2", "source")),
        ("next_reply", (0, "dateOnCase", "nextReplyAt", "PP-1-3b", "source")),
    ],
)
def test_only_dates_entered_on_the_case_come_from_the_text(stage: str, level: str, expected: tuple[Any, ...]) -> None:
    """Q7: for “马上” and “立即” the text has no number, so the minutes are marked as not from it."""
    row = decide("deadlines", stage=stage, level=level, category="fee")

    assert tuple(row[key] for key in ("amount", "unit", "from", "clause", "origin")) == expected
    assert row["again"] == "each"


def test_a_stage_of_which_the_text_says_nothing_has_no_deadline() -> None:
    assert decide("deadlines", stage="dispatch", level="general", category="fee") is None


def test_a_complete_case_lacks_nothing() -> None:
    assert decide("closing", **COMPLETE) == []


@pytest.mark.parametrize("nothing", [None, False])
@pytest.mark.parametrize(
    ("tick", "clause"),
    [("clearListen", "PP-1-1"), ("clearAsk", "PP-1-2"), ("clearFollow", "PP-1-3a"), ("clearReply", "PP-1-4"), ("clearRecord", "PP-1-5")],
)
def test_each_of_the_five_clears_must_be_ticked(tick: str, clause: str, nothing: bool | None) -> None:
    rows = decide("closing", **COMPLETE | {tick: nothing})

    assert [(row["key"], row["clause"]) for row in rows] == [(tick, clause)]


@pytest.mark.parametrize(
    ("change", "key", "clause"),
    [
        ({"userOpinion": None}, "userOpinion", "PP-1-5"),
        ({"userOpinion": ""}, "userOpinion", "PP-1-5"),
        ({"resultRepliedAt": None}, "resultReplied", "PP-1-3a"),
        ({"writtenReplyNo": None}, "writtenReply", "PP-2-3"),
        ({"reportedAt": None}, "reported", "PP-1-6"),
    ],
)
def test_what_the_text_asks_for_must_stand_in_the_case(change: dict[str, Any], key: str, clause: str) -> None:
    rows = decide("closing", **COMPLETE | change)

    assert [(row["key"], row["clause"]) for row in rows] == [(key, clause)]
    assert rows[0]["text"] and rows[0]["text_en"]


@pytest.mark.parametrize("change", [{"isWritten": False, "writtenReplyNo": None}, {"level": "general", "reportedAt": None}])
def test_neither_a_written_reply_nor_a_report_is_asked_for_without_cause(change: dict[str, Any]) -> None:
    assert decide("closing", **COMPLETE | change) == []


@pytest.mark.parametrize(("role", "above"), [("functional_dept", "dept_head"), ("dept_head", "company_leader"), ("company_leader", None)])
def test_the_ladder_goes_up_step_by_step_and_ends_at_the_company_leader(role: str, above: str | None) -> None:
    assert decide("ladder", escalationRole=role) == above
