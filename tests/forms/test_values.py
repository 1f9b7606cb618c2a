"""What comes in gets its type, from a page and from REST alike; what cannot be read names its rule."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.forms.building import choice, component, outcome, rules


def taken(raw: dict[str, Any], value: Any) -> Any:
    found = outcome(raw, {"a": value})
    assert found.ok, found.errors
    return found.values["a"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("  王芳 ", "王芳"),
        ("a\r\nb", "a\nb"),
        ("", None),
        ("  \n ", None),
        ("　", None),
        (None, None),
        (12, "12"),
        (Decimal("1.5"), "1.5"),
        ("😀", "😀"),
    ],
)
def test_text_is_trimmed_and_has_one_kind_of_line_end(value: Any, expected: Any):
    assert taken(component("textarea", "a"), value) == expected


@pytest.mark.parametrize("value", ["a\x00b", "a\x1bb", "\ud800", "a\x85b", "好\u202e坏", "a\u2066b"])
def test_control_characters_are_refused(value: str):
    assert rules(outcome(component("textarea", "a"), {"a": value})) == ["control"]


def test_line_ends_have_no_place_in_a_single_line():
    assert rules(outcome(component("textfield", "a"), {"a": "x\ny"})) == ["control"]
    assert taken(component("textfield", "a"), "x\ty") == "x\ty"


@pytest.mark.parametrize("value", [True, ["x"], {"personal": "k"}])
def test_only_text_is_text(value: Any):
    assert rules(outcome(component("textfield", "a"), {"a": value})) == ["text"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("12", 12), ("+0.50", Decimal("0.5")), ("-3", -3), (".5", Decimal("0.5")), ("1e3", 1000), (" 7 ", 7), ("１２", 12), ("1.0", 1),
        (12, 12), (1.25, Decimal("1.25")), (Decimal("2.50"), Decimal("2.5")), ("", None), (None, None), (0, 0), ("-0", 0),
    ],
)  # fmt: skip
def test_numbers_are_int_or_decimal(value: Any, expected: Any):
    found = taken(component("number", "a"), value)
    assert found == expected and type(found) is type(expected)


@pytest.mark.parametrize("value", ["abc", "1,000", "0x10", "NaN", "Infinity", "1_0", "--1", "1 2", True, [1], {}, float("nan"), "1" * 50])
def test_what_is_no_number_is_refused(value: Any):
    assert rules(outcome(component("number", "a"), {"a": value})) == ["number"]


@pytest.mark.parametrize("value", ["1" * 35, "1e40", 10**36, "0." + "0" * 38 + "1"])
def test_numbers_that_feel_cannot_hold_are_refused(value: Any):
    assert rules(outcome(component("number", "a"), {"a": value})) == ["digits"]


def test_a_number_may_be_kept_as_text_with_all_its_digits():
    assert taken(component("number", "a", serializeToString=True), "1000000.10") == "1000000.1"


@pytest.mark.parametrize(
    ("subtype", "value", "expected"),
    [
        ("date", "2026-02-28", "2026-02-28"),
        ("time", "09:05", "09:05:00"),
        ("time", "23:59:59", "23:59:59"),
        ("datetime", "2026-11-22T15:30", "2026-11-22T15:30:00+08:00"),
        ("datetime", "2026-11-22 15:30:10", "2026-11-22T15:30:10+08:00"),
        ("datetime", "2026-11-22T15:30Z", "2026-11-22T23:30:00+08:00"),
        ("datetime", "2026-11-22T15:30:00.5+09:00", "2026-11-22T14:30:00+08:00"),
        ("date", "", None),
    ],
)
def test_moments_are_iso_in_shanghai_time(subtype: str, value: str, expected: Any):
    assert taken(component("datetime", "a", subtype=subtype), value) == expected


@pytest.mark.parametrize(
    ("subtype", "value", "rule"),
    [
        ("date", "2026-02-29", "date"), ("date", "20260228", "date"), ("date", "2026-W01-1", "date"), ("date", 20260228, "date"),
        ("date", "2026-11-22T10:00", "date"), ("date", "0202-01-01", "year"), ("time", "24:00", "time"), ("time", "9:05", "time"),
        ("datetime", "2026-11-22", "datetime"), ("datetime", "2026-11-22T25:00", "datetime"), ("datetime", "0026-11-22T10:00", "year"),
        ("datetime", "9999-12-31T23:59-23:59", "year"), ("datetime", "2026-11-22T10:00+99:00", "datetime"),
    ],
)  # fmt: skip
def test_moments_that_are_none_are_refused(subtype: str, value: Any, rule: str):
    assert rules(outcome(component("datetime", "a", subtype=subtype), {"a": value})) == [rule]


@pytest.mark.parametrize(
    ("value", "expected"), [("true", True), ("on", True), (True, True), ("false", False), ("", False), (None, False), (False, False)]
)
def test_a_checkbox_is_true_or_false(value: Any, expected: bool):
    assert taken(component("checkbox", "a"), value) is expected


@pytest.mark.parametrize("value", ["ja", 1, [True]])
def test_a_checkbox_takes_nothing_else(value: Any):
    assert rules(outcome(component("checkbox", "a"), {"a": value})) == ["boolean"]


@pytest.mark.parametrize("kind", ["radio", "select"])
@pytest.mark.parametrize(
    ("value", "expected"), [("x", "x"), ("3", 3), (3, 3), (Decimal("3"), 3), ("true", True), (True, True), ("", None), (None, None)]
)
def test_a_choice_comes_back_with_the_type_of_its_option(kind: str, value: Any, expected: Any):
    found = taken(choice(kind, "a", "x", 3, True), value)
    assert found == expected and type(found) is type(expected)


@pytest.mark.parametrize("kind", ["radio", "select"])
@pytest.mark.parametrize("value", ["y", 4, False, ["x"], {"value": "x"}, "x,3"])
def test_only_what_is_offered_can_be_chosen(kind: str, value: Any):
    assert rules(outcome(choice(kind, "a", "x", 3, True), {"a": value})) == ["option"]


@pytest.mark.parametrize("kind", ["checklist", "taglist"])
def test_lists_hold_what_is_offered_each_once(kind: str):
    offered = choice(kind, "a", "x", "y", 3)
    assert taken(offered, ["y", "3", "y"]) == ["y", 3]
    assert taken(offered, "x") == ["x"]
    assert taken(offered, []) is None
    assert rules(outcome(offered, {"a": ["x", "z"]})) == ["option"]
    assert rules(outcome(offered, {"a": ["x"] * 1000})) == ["option"]
    assert rules(outcome(offered, {"a": [["x"]]})) == ["option"]


def test_options_come_from_a_variable_or_from_feel():
    by_key = component("select", "a", valuesKey="staff.names")
    assert outcome(by_key, {"a": "李梅"}, staff={"names": ["李梅", {"label": "王芳", "value": "wang"}]}).values == {"a": "李梅"}
    assert rules(outcome(by_key, {"a": "王芳"}, staff={"names": [{"label": "王芳", "value": "wang"}]})) == ["option"]
    computed = component("checklist", "a", valuesExpression="=for p in parts return {label: p.name, value: p.no}")
    assert outcome(computed, {"a": ["7"]}, parts=[{"name": "灯", "no": 7}]).values == {"a": [7]}
    assert rules(outcome(computed, {"a": ["7"]}, parts=None)) == ["option"]


def test_an_option_may_be_an_object_and_html_carries_its_text():
    computed = component("select", "a", valuesExpression='=[{label: "甲", value: {no: 1, ok: true}}]')
    assert outcome(computed, {"a": "{no:1,ok:true}"}).values == {"a": {"no": 1, "ok": True}}
    assert outcome(computed, {"a": {"no": 1, "ok": True}}).values == {"a": {"no": 1, "ok": True}}
