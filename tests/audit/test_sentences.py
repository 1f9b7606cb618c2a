"""Events are told as sentences a person understands, in both languages."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.audit.sentences import Event, tell
from engine.audit.wordings import ROWS

ROOT = Path(__file__).parents[2]
AT = datetime(2026, 9, 30, 7, 0, tzinfo=UTC)


class Words:
    """What 李梅's house calls things."""

    def __init__(self, locale: str) -> None:
        self.zh = locale == "zh"

    def person(self, key: int) -> str:
        return {1: ("李梅", "Li Mei"), 2: ("王敏", "Wang Min")}[key][0 if self.zh else 1]

    def unit(self, key: int) -> str:
        return "湖滨花园" if self.zh else "Lakeside Garden"

    def role(self, role: str) -> str:
        known = {"reception": ("接待人员", "Reception"), "customer": ("用户", "Customer"), "dept_head": ("部门主管", "Department head")}
        return known.get(role, (role, role))[0 if self.zh else 1]

    def decision(self, decision: str) -> str:
        return "级别判定" if self.zh else "Level"

    def variable(self, name: str) -> str | None:
        return {"level": ("级别", "Level"), "responsibleDept": ("责任部门", "Department")}.get(name, (None, None))[0 if self.zh else 1]

    def value(self, variable: str, value: Any) -> str:
        return {"major": ("重大", "Major"), "general": ("一般", "General")}.get(value, (str(value), str(value)))[0 if self.zh else 1]


def said(verb: str, facts: dict[str, Any], locale: str = "zh", *, actor: str = "person:1", substitute: str | None = None) -> str:
    return tell(Event(1, AT, actor, verb, facts, substitute), Words(locale), locale).text


@pytest.mark.parametrize(
    ("verb", "facts", "zh", "en"),
    [
        (
            "case.registered",
            {"number": "PP-202609-00001", "procedure": "property-project", "release": 7, "unit": 3},
            "李梅登记了投诉 PP-202609-00001（湖滨花园）。",
            "Li Mei registered complaint PP-202609-00001 at Lakeside Garden.",
        ),
        (
            "task.claimed",
            {"task": 1, "element": "dispatch", "name": "派单", "name_en": "Dispatch"},
            "李梅签收了“派单”。",
            "Li Mei claimed “Dispatch”.",
        ),
        (
            "task.overdue",
            {"element": "notify_state", "name": "回复情况", "name_en": "Tell the state", "due": "2026-09-30T08:00:00+00:00"},
            "“回复情况”已超时，时限为 2026-09-30 16:00。",
            "“Tell the state” is overdue; it was due on 2026-09-30 16:00.",
        ),
        ("level.raised", {"from": "general", "to": "major"}, "级别由“一般”升为“重大”。", "The level rose from “General” to “Major”."),
        (
            "notice.sent",
            {"roles": ["dept_head"], "zh": "请立即处理。", "en": "Act at once."},
            "已通知部门主管：请立即处理。",
            "Department head told: Act at once.",
        ),
        (
            "case.closed",
            {"outcome": "archived", "name": "已归档", "name_en": "Archived"},
            "投诉已结束：已归档。",
            "The complaint was closed: Archived.",
        ),
    ],
)
def test_a_verb_is_said_in_both_languages(verb: str, facts: dict[str, Any], zh: str, en: str) -> None:
    assert said(verb, facts) == zh
    assert said(verb, facts, "en") == en


def test_a_completed_task_tells_what_changed_why_and_what_comes_next() -> None:
    # given
    facts = {
        "element": "classify",
        "name": "判定性质",
        "name_en": "Classify",
        "changes": {"level": ["general", "major"], "responsibleDept": [None, "工程部"], "levelReasons": [None, []]},
        "decisions": [{"decision": "x_classify", "fired": [{"index": 2, "annotations": ["超出部门处理权限"]}], "value": "major"}],
        "opened": [{"element": "leader_handle", "name": "主管处理", "name_en": "Leader handles", "roles": ["dept_head"]}],
    }

    # when
    sentence = tell(Event(4, AT, "person:1", "task.completed", facts), Words("zh"))

    # then
    assert sentence.text == "李梅完成了“判定性质”。"
    assert sentence.tone == "done"
    assert sentence.notes == (
        "级别：一般 → 重大",
        "责任部门：工程部",
        "“级别判定”命中规则 2：超出部门处理权限",
        "下一步：主管处理（部门主管）",
    )


def test_the_notes_are_english_for_an_english_reader() -> None:
    facts = {
        "changes": {"responsibleDept": [None, "Works"]},
        "decisions": [{"decision": "x", "fired": [], "value": None}],
        "opened": [{"element": "archive", "name": "归档", "name_en": "Archive", "roles": ["reception"]}],
    }
    notes = tell(Event(4, AT, "person:1", "task.completed", facts), Words("en"), "en").notes
    assert notes == ("Department: Works", "“Level”: no rule applied", "Next: Archive (Reception)")


def test_the_clause_behind_a_raised_level_is_named() -> None:
    facts = {"from": "general", "to": "major", "reasons": [{"reason": "超出部门处理权限", "clause": "PP-2-2"}]}
    assert tell(Event(2, AT, "system:engine", "level.raised", facts), Words("zh")).notes == ("超出部门处理权限（PP-2-2）",)


def test_a_substitute_and_the_customer_somebody_acts_for_are_both_named() -> None:
    facts = {"element": "user_opinion", "name": "用户意见", "name_en": "Customer's opinion"}
    assert said("task.completed", facts, substitute="person:2") == "李梅（代王敏）完成了“用户意见”。"
    assert said("task.completed", {**facts, "on_behalf": "customer"}) == "李梅代用户完成了“用户意见”。"
    assert (
        said("task.completed", {**facts, "on_behalf": "customer"}, "en")
        == "Li Mei, on behalf of the customer, completed “Customer's opinion”."
    )


def test_an_act_of_the_engine_is_said_to_be_the_systems() -> None:
    assert said("release.activated", {"number": 2}, actor="system:seed") == "系统启用了第 2 版。"
    assert said("release.activated", {"number": 2}, "en", actor="system:seed") == "The system made release 2 active."


def test_deadlines_counted_anew_are_listed_with_both_times() -> None:
    moved = [{"name": "回复", "name_en": "Reply", "was": "2026-12-31T07:00:00.000000Z", "due": "2027-01-04T07:00:00.000000Z"}]
    told = tell(Event(9, AT, "system:calendar", "deadlines.recomputed", {"moved": moved}), Words("zh"))
    assert told.notes == ("回复：2026-12-31 15:00 → 2027-01-04 15:00",)


def test_every_verb_the_program_writes_has_words() -> None:
    # given the verbs as they stand in the source
    written = re.compile(r"""(?:Entry|note)\(\s*"([a-z_]+\.[a-z_]+)\"""")
    sources = [path.read_text(encoding="utf-8") for folder in ("engine", "webapp") for path in (ROOT / folder).rglob("*.py")]
    found = {verb for source in sources for verb in written.findall(source)}

    # then
    assert "task.overdue" in found
    assert found - ROWS.keys() == set()


def test_an_unknown_verb_and_a_missing_fact_still_give_a_sentence() -> None:
    assert said("case.painted_blue", {}) == "李梅执行了操作“case.painted_blue”。"
    assert said("case.registered", {}, "en") == "Li Mei registered complaint — at —."


@pytest.mark.parametrize("verb", sorted(ROWS))
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_no_sentence_shows_a_brace_or_a_python_value(verb: str, locale: str) -> None:
    facts = {"name": "派单", "name_en": "Dispatch", "element_name": "派单", "unit": 3, "number": "1"}
    facts |= {"role": "reception", "roles": ["reception"]}
    facts |= {"zh": "请。", "en": "Do."}
    facts |= {"was": "2026-09-30T07:00:00.000000Z", "reason": "等待配件", "element": "print", "retries": 2, "version": 3}
    facts |= {"due": "2026-09-30T08:00:00+00:00", "from": "general", "to": "major", "login": "a.b", "substitute": 2, "person": 2}
    text = said(verb, json.loads(json.dumps(facts)), locale)
    assert not any(mark in text for mark in ("{", "}", "—", "None", "[", "]"))
