"""What of a submission is taken: declared, visible, enabled keys and nothing else."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine import forms
from engine.forms.live import MOST_ROWS
from tests.forms.building import choice, component, context, form, outcome, rules

DECISION = choice("radio", "decision", "solved", "unsolvable")
REASON = component(
    "textarea", "reason", label="无法解决的原因", validate={"required": True}, conditional={"hide": '=decision != "unsolvable"'}
)


def test_keys_the_form_does_not_declare_are_never_taken():
    sent = {"a": "x", "level": "major", "__class__": "x", "F_a": "y", "personal": {"a": 1}}
    assert outcome(component("textfield", "a"), sent).values == {"a": "x"}


def test_a_hidden_field_is_neither_judged_nor_taken():
    assert outcome([DECISION, REASON], {"decision": "solved", "reason": "untergeschoben"}).values == {"decision": "solved"}
    assert rules(outcome([DECISION, REASON], {"decision": "unsolvable"})) == ["required"]
    assert rules(outcome([DECISION, REASON], {"decision": "unsolvable", "reason": ""})) == ["required"]
    assert outcome([DECISION, REASON], {"decision": "unsolvable", "reason": "缺配件"}).values["reason"] == "缺配件"


def test_a_condition_reads_what_was_sent_before_what_is_stored():
    assert outcome([DECISION, REASON], {"decision": "solved"}, decision="unsolvable").ok
    assert rules(outcome([DECISION, REASON], {}, decision="unsolvable")) == ["required"]


def test_what_is_hidden_counts_as_null_for_other_conditions_in_any_order():
    late = component("checkbox", "warn", conditional={"hide": '=reason != "缺配件"'})
    sent = {"decision": "solved", "reason": "缺配件", "warn": True}
    assert outcome([late, REASON, DECISION], sent).values == {"decision": "solved"}
    assert outcome([late, REASON, DECISION], sent | {"decision": "unsolvable"}).values["warn"] is True


def test_a_hidden_field_leaves_the_stored_value_alone():
    assert "reason" not in outcome([DECISION, REASON], {"decision": "solved", "reason": None}, reason="旧").values


def test_conditions_that_chase_each_other_come_to_an_end():
    first = component("textfield", "a", conditional={"hide": "=b != null"})
    second = component("textfield", "b", conditional={"hide": "=a != null"})
    found = outcome([first, second], {"a": "x", "b": "y"})
    assert found == outcome([first, second], {"a": "x", "b": "y"})


def test_a_condition_that_cannot_be_decided_hides_nothing():
    assert outcome(component("textfield", "a", conditional={"hide": "=unknown > 3"}), {"a": "x"}).values == {"a": "x"}


def test_everything_in_a_hidden_group_is_hidden():
    group = component(
        "group", id="G", conditional={"hide": "=quick"}, components=[component("textfield", "a", validate={"required": True})]
    )
    assert outcome([component("checkbox", "quick"), group], {"quick": "true", "a": "x"}).values == {"quick": True}
    assert rules(outcome([component("checkbox", "quick"), group], {"quick": False})) == ["required"]


@pytest.mark.parametrize("lock", ["readonly", "disabled"])
@pytest.mark.parametrize("how", [True, '=level = "major"'])
def test_read_only_and_disabled_fields_are_never_taken_and_conditions_see_the_stored_value(lock: str, how: bool | str):
    locked = component("textfield", "a", validate={"required": True, "maxLength": 3}, **{lock: how})
    shown = component("checkbox", "b", conditional={"hide": '=a = "alt"'})
    found = outcome([locked, shown], {"a": "hacked", "b": True}, a="alt", level="major")
    assert found.ok and found.values == {}


def test_a_field_locked_by_a_value_of_the_same_form_is_not_taken():
    locked = component("textfield", "a", readonly="=done")
    assert outcome([component("checkbox", "done"), locked], {"done": "true", "a": "x"}).values == {"done": True}
    assert outcome([component("checkbox", "done"), locked], {"done": "", "a": "x"}).values == {"done": False, "a": "x"}


def test_a_key_that_did_not_come_in_is_left_as_it_is():
    assert outcome([component("textfield", "a"), component("checkbox", "b")], {}, a="x").values == {}
    assert outcome(component("textfield", "a"), {"a": ""}, a="x").values == {"a": None}


def test_dotted_keys_and_group_paths_write_into_one_object_and_keep_the_rest_of_it():
    parts = [
        component("textfield", "customer.name"),
        component("group", id="G", path="customer", components=[component("textfield", "flat.no")]),
    ]
    stored = {"name": "旧", "flat": {"no": "1", "floor": 3}, "since": 2020}
    found = outcome(parts, {"customer": {"name": "王芳", "flat": {"no": "3-1201", "floor": 9}, "since": 1}}, customer=stored)
    assert found.values == {"customer": {"name": "王芳", "flat": {"no": "3-1201", "floor": 3}, "since": 2020}}
    assert stored["name"] == "旧"


def test_personal_keys_are_named_with_their_kind():
    parts = [
        component("textfield", "name", properties={"personal": "name"}),
        component("textfield", "c.phone", properties={"personal": "phone"}),
    ]
    assert outcome(parts, {"name": "王芳", "c": {"phone": "1"}}).personal == {"name": "name", "c.phone": "phone"}
    assert outcome(parts, {"name": "王芳"}).personal == {"name": "name"}


def test_a_personal_value_that_is_only_referred_to_stays_until_something_is_sent():
    name = component("textfield", "name", validate={"required": True}, properties={"personal": "name"})
    assert outcome(name, {}, name={"personal": "k1"}).ok and outcome(name, {}, name={"personal": "k1"}).values == {}
    assert outcome(name, {"name": "李梅"}, name={"personal": "k1"}).values == {"name": "李梅"}
    assert rules(outcome(name, {"name": {"personal": "k2"}}, name={"personal": "k1"})) == ["text"]


def test_computed_values_are_ours_and_follow_what_was_sent():
    parts = [component("number", "n"), component("number", "price", readonly=True), component("expression", "sum", expression="=n * price")]
    assert outcome(parts, {"n": "3", "price": "1", "sum": "0"}, price=7).values == {"n": 3, "sum": 21}


def test_errors_name_component_key_path_and_rows():
    rows = component("dynamiclist", id="L", path="items", components=[component("number", "n", validate={"required": True})])
    found = outcome(rows, {"items": [{"n": 1}, {"n": ""}]}).errors
    assert [(error.component_id, error.key, error.path, error.rows) for error in found] == [("F_n", "n", "items.1.n", (1,))]


def items(**more: Any) -> dict[str, Any]:
    inside = [
        component("textfield", "what", validate={"required": True}),
        component("number", "n", conditional={"hide": '=this.what = "无"'}, validate={"max": "=limit"}),
    ]
    return component("dynamiclist", id="L", path="order.items", label="配件", components=inside, **more)


def test_rows_are_judged_one_by_one_with_their_own_conditions():
    sent = {"order": {"items": [{"what": "灯", "n": "2", "evil": 1}, {"what": "无", "n": "9"}]}}
    assert outcome(items(), sent, limit=3).values == {"order": {"items": [{"what": "灯", "n": 2}, {"what": "无"}]}}
    sent["order"]["items"][0]["n"] = "4"
    assert [(error.path, error.rule) for error in outcome(items(), sent, limit=3).errors] == [("order.items.0.n", "max")]


def test_rows_may_be_none_and_replace_what_was_stored():
    stored = {"items": [{"what": "灯", "n": 2}]}
    assert outcome(items(), {"order": {"items": []}}, order=stored).values == {"order": {"items": []}}


@pytest.mark.parametrize("rows", ["x", {"0": {}}, [1], [{"what": "a"}, None], 3])
def test_rows_must_be_a_list_of_objects(rows: Any):
    assert rules(outcome(items(), {"order": {"items": rows}}))[0] == "list"


def test_there_are_only_so_many_rows():
    found = outcome(items(), {"order": {"items": [{"what": "a"}] * (MOST_ROWS + 5)}})
    assert rules(found) == ["rows"] and len(found.values["order"]["items"]) == MOST_ROWS
    fixed = items(allowAddRemove=False, defaultRepetitions=2)
    assert rules(outcome(fixed, {"order": {"items": [{"what": "a"}]}})) == ["fixed_rows"]
    assert outcome(fixed, {"order": {"items": [{"what": "a"}] * 2}}).ok
    assert rules(outcome(fixed, {"order": {"items": [{"what": "a"}] * 2}}, order={"items": [{}]})) == ["fixed_rows"]


def test_rows_know_themselves_their_parent_and_their_number():
    inner = component(
        "dynamiclist",
        id="I",
        path="parts",
        components=[component("expression", "label", expression="=string(i[1]) + string(i[2]) + parent.this.name + top")],
    )
    outer = component("dynamiclist", id="O", path="rooms", components=[component("textfield", "name"), inner])
    sent = {"rooms": [{"name": "甲", "parts": [{}]}, {"name": "乙", "parts": [{}, {}]}]}
    found = outcome(outer, sent, top="!").values["rooms"]
    assert [[part["label"] for part in room["parts"]] for room in found] == [["11甲!"], ["21乙!", "22乙!"]]


@pytest.mark.parametrize("sent", [{"a": {"b": 1}}, {"a": [1]}, {"c": []}, {"c": {"d": {"e": 1}}}, {"L": None}, {"rows": None}, {1: 2}])
def test_nothing_that_is_sent_raises(sent: Any):
    rows = component("dynamiclist", id="L", path="rows", components=[component("textfield", "x")])
    whole = form(component("textfield", "a"), component("number", "c.d"), rows)
    assert isinstance(forms.validate(whole, sent, context({"c": "text", "rows": "no list"})), forms.Outcome)


def test_rows_in_rows_cannot_multiply_without_end():
    third = component("dynamiclist", id="L3", path="c", components=[component("textfield", "x")])
    second = component("dynamiclist", id="L2", path="b", components=[third])
    first = component("dynamiclist", id="L1", path="a", components=[second])
    row = [{"c": [{"x": "y"}] * MOST_ROWS}] * MOST_ROWS
    found = outcome(first, {"a": [{"b": row}] * MOST_ROWS})
    assert rules(found) == ["too_much"] and not found.ok


@pytest.mark.parametrize("value", ["9" * 34, "1e33", "-0." + "1" * 34, Decimal("1e999999"), 1e300, 10**400, float("inf")])
@pytest.mark.parametrize("more", [{"increment": "0.01"}, {"decimalDigits": 2}, {"validate": {"max": 5, "min": 4}}])
def test_no_number_breaks_the_validator(value: Any, more: dict[str, Any]):
    assert rules(outcome(component("number", "a", **more), {"a": value}))[:1] in (
        [],
        ["number"],
        ["digits"],
        ["decimals"],
        ["increment"],
        ["max"],
        ["min"],
    )
    assert rules(outcome(choice("select", "a", 1, "x"), {"a": value})) == ["option"]


def test_large_numbers_keep_all_their_digits():
    assert outcome(component("number", "a"), {"a": "1234567890123456789012345678901234"}).values["a"] == 1234567890123456789012345678901234
    assert outcome(component("number", "a"), {"a": "0.1234567890123456789012345678901234"}).values["a"] == Decimal(
        "0.1234567890123456789012345678901234"
    )
