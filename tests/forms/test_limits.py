"""Every rule of a field on both sides of its edge, with the sentence a person reads."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from engine import clock, forms
from tests.forms.building import choice, component, context, form, outcome, rules

NOW = datetime(2026, 11, 22, 15, 30, 40, tzinfo=clock.ZONE)


def said(raw: dict[str, Any], value: Any, **variables: Any) -> list[tuple[str, str]]:
    return [(error.zh, error.en) for error in outcome(raw, {"a": value}, **variables).errors]


def text(**validate: Any) -> dict[str, Any]:
    return component("textarea", "a", label="投诉的事项", properties={"label_en": "Matter complained of"}, validate=validate)


def number(**more: Any) -> dict[str, Any]:
    return component("number", "a", label="退款金额（元）", properties={"label_en": "Refund (yuan)"}, **more)


@pytest.mark.parametrize("value", ["", "  ", None])
def test_a_required_text_is_asked_for_by_its_name(value: Any):
    assert said(text(required=True), value) == [("请填写投诉的事项", "Enter “Matter complained of”")]


@pytest.mark.parametrize(
    ("label", "sentence"),
    [
        ("Customer", "Enter the customer"),
        ("GM opinion", "Enter the GM opinion"),
        ("What was done", "Enter “What was done”"),
        ("Is it solved?", "Enter “Is it solved?”"),
        ("Reported to", "Enter “Reported to”"),
        ("", "Enter the 客户"),
    ],
)
def test_an_english_sentence_reads_well_with_any_label(label: str, sentence: str):
    raw = component("textfield", "a", label="客户：", properties={"label_en": label}, validate={"required": True})
    assert said(raw, "") == [("请填写客户", sentence)]


def test_what_is_chosen_and_what_is_ticked_is_asked_for_as_such():
    required: dict[str, Any] = {"validate": {"required": True}}
    assert said(choice("radio", "a", "x", label="处理情况", **required), None)[0][0] == "请选择处理情况"
    assert said(choice("checklist", "a", "x", label="报告对象", **required), [])[0][0] == "请选择报告对象"
    assert said(component("datetime", "a", dateLabel="收文日期", **required), "")[0][0] == "请选择收文日期"
    assert said(component("checkbox", "a", label="听清楚", **required), False) == [("请勾选“听清楚”", "Tick “听清楚”")]


def test_a_required_key_that_did_not_come_in_is_missing_even_if_it_is_stored():
    raw = component("textfield", "a", validate={"required": True})
    assert rules(outcome(raw, {}, a="老的")) == ["required"]


def test_lengths_count_characters_of_the_trimmed_text():
    limited = text(minLength=2, maxLength=4)
    assert not said(limited, " 甲乙 ") and not said(limited, "甲乙丙丁") and not said(limited, "")
    assert said(limited, "甲 ") == [("“投诉的事项”至少填写 2 个字", "“Matter complained of” must have at least 2 characters")]
    assert said(limited, "甲乙丙丁戊") == [
        ("“投诉的事项”最多填写 4 个字，现在有 5 个字", "“Matter complained of” must have at most 4 characters; it has 5 now")
    ]


def test_numbers_in_sentences_are_written_for_people():
    found = outcome(text(), {"a": "字" * 20_001}).errors[0]
    assert "最多填写 20,000 个字" in found.zh and found.limit == 20_000
    assert rules(outcome(component("textfield", "a"), {"a": "字" * 1_001})) == ["max_length"]
    assert rules(outcome(text(maxLength=10**9), {"a": "字" * 100_001})) == ["max_length"]


def test_numbers_have_a_least_and_a_most():
    limited = number(validate={"min": 1, "max": 1000})
    assert not said(limited, "1") and not said(limited, "1000.00")
    assert said(limited, "0.99") == [("“退款金额（元）”不得小于 1", "“Refund (yuan)” must be at least 1")]
    assert said(limited, "1000.01") == [("“退款金额（元）”不得大于 1,000", "“Refund (yuan)” must be at most 1,000")]


def test_limits_may_be_feel_and_read_other_fields_of_the_same_form():
    total = component("number", "total")
    part = number(validate={"max": "=total * rate", "min": "=nothing"})
    assert outcome([total, part], {"total": "100", "a": "50"}, rate=Decimal("0.5")).ok
    found = outcome([total, part], {"total": "100", "a": "50.1"}, rate=Decimal("0.5")).errors
    assert [(error.rule, error.limit) for error in found] == [("max", 50)]
    assert rules(outcome(text(maxLength="=n"), {"a": "甲乙"}, n=1)) == ["max_length"]


def test_decimal_places_are_limited():
    assert not said(number(decimalDigits=2), "1.25")
    assert said(number(decimalDigits=2), "1.255") == [
        ("“退款金额（元）”最多保留 2 位小数", "“Refund (yuan)” must have at most 2 decimal places")
    ]
    assert rules(outcome(number(decimalDigits=0), {"a": "1.5"})) == ["integer"]
    assert not said(number(decimalDigits=0), "1.0")


@pytest.mark.parametrize(
    ("value", "near"), [("0.3", None), ("-0.2", None), ("0", None), ("0.25", "0.2 和 0.3"), ("-0.25", "-0.3 和 -0.2"), ("0.05", "0 和 0.1")]
)
def test_increments_count_from_zero_without_rounding_errors(value: str, near: str | None):
    found = said(number(increment="0.1"), value)
    assert (found[0][0] if found else None) == (f"“退款金额（元）”应为 0.1 的整数倍，最接近的是 {near}" if near else None)


@pytest.mark.parametrize(
    ("value", "good"),
    [
        ("13800138000", True), ("138 0013 8000", True), ("+86 13800138000", True), ("0086-138-0013-8000", True), ("8613800138000", True),
        ("010-12345678", True), ("01012345678", True), ("(010)12345678", True), ("（0571）88880000", True), ("0898 1234567", True),
        ("+86 10 12345678", True), ("021-12345678-801", True), ("0571-88880000转12", True), ("0571-88880000 ext. 12", True),
        ("12800138000", False), ("1380013800", False), ("138001380000", False), ("12345678", False), ("010-1234567", False),
        ("+4930664040900", False), ("010-12345678-", False), ("电话", False), ("١٣٨٠٠١٣٨٠٠٠", False), ("13800138000\n", True),
    ],
)  # fmt: skip
def test_phone_numbers_are_chinese_mobiles_and_landlines_with_area_code(value: str, good: bool):
    assert outcome(component("textarea", "a", validate={"validationType": "phone"}), {"a": value}).ok is good


@pytest.mark.parametrize(
    ("value", "good"),
    [
        ("li.mei@example.com", True), ("a+b@mail.example.com.cn", True), ("x@a-b.cn", True),
        ("李梅@example.com", False), ("a@b", False), ("a b@example.com", False), ("a@-b.com", False), ("@example.com", False),
        ("a@example.com,b@example.com", False), ("a" * 65 + "@example.com", False), ("a@" + "b" * 250 + ".com", False),
    ],
)  # fmt: skip
def test_e_mail_addresses(value: str, good: bool):
    assert outcome(component("textfield", "a", validate={"validationType": "email"}), {"a": value}).ok is good


def test_a_pattern_says_what_its_author_wrote_in_both_languages():
    raw = component(
        "textfield",
        "a",
        label="房号",
        properties={"patternErrorMessage_en": "Write the flat as 3-1201 {n}"},
        validate={"pattern": "^\\d+-\\d+$", "patternErrorMessage": "房号写作 3-1201 {n}"},
    )
    assert said(raw, "三栋") == [("房号写作 3-1201 {n}", "Write the flat as 3-1201 {n}")]
    assert not said(raw, "3-1201")
    del raw["validate"]["patternErrorMessage"]
    assert said(raw, "三栋")[0][0] == "“房号”的格式不符合要求"


def test_a_pattern_is_searched_for_anywhere_and_not_in_an_empty_text():
    raw = component("textfield", "a", validate={"pattern": "\\d"})
    assert not said(raw, "第3栋") and not said(raw, "") and said(raw, "第三栋")


def test_what_must_not_lie_in_the_past():
    day = component("datetime", "a", subtype="date", dateLabel="下次回复", disallowPassedDates=True)
    moment = component("datetime", "a", subtype="datetime", dateLabel="下次回复", disallowPassedDates=True)
    with clock.pinned(NOW):
        assert not said(day, "2026-11-22") and not said(moment, "2026-11-22T15:30")
        assert said(day, "2026-11-21")[0][0] == "“下次回复”不能早于 2026年11月22日"
        assert said(moment, "2026-11-22T15:29") == [
            ("“下次回复”不能早于 2026年11月22日 15:30", "“下次回复” must not be before 22 November 2026 15:30")
        ]
        assert outcome(moment, {"a": "2026-11-22T15:29"}).errors[0].limit == "2026-11-22T15:30:00+08:00"


def test_names_come_from_the_caller_where_the_form_has_none():
    names = {("a", None, "en"): "Refund", ("a", None, "zh"): "退款"}
    raw = component("number", "a", validate={"required": True})
    found = forms.validate(form(raw), {}, context(), labels=lambda key, value, locale: names.get((key, value, locale)))
    assert [(error.zh, error.en) for error in found.errors] == [("请填写退款", "Enter the refund")]


def test_a_label_may_be_computed():
    raw = component("textfield", "a", label="{{who}}的意见", validate={"required": True})
    assert said(raw, "", who="李梅")[0][0] == "请填写李梅的意见"
