"""A form is read whole, or refused with everything that is wrong with it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine import forms
from engine.forms import reading
from tests.forms.building import choice, component, form, written

ROW = component("textfield", "amount", label="金额")


def refused(data: bytes) -> list[tuple[str, str]]:
    with pytest.raises(forms.FormRefused) as error:
        forms.read(data, "x.form")
    assert all(finding.zh and finding.en and finding.file == "x.form" for finding in error.value.findings)
    return [(finding.rule, finding.element) for finding in error.value.findings]


def test_what_modeler_writes_is_read_with_everything_a_page_needs():
    found = form(
        component("text", text="### 标题"),
        component(
            "textfield",
            "customer.phone",
            label="联系电话",
            properties={"label_en": "Phone", "personal": "phone"},
            validate={"required": True},
            layout={"row": "Row_1", "columns": 8},
            conditional={"hide": '=channel = "letter"'},
        ),
        component("datetime", "at", subtype="time", timeLabel="几点", dateLabel="哪天"),
    )
    phone = found.components[1]
    assert (phone.key, phone.row, phone.columns, phone.hide, phone.personal) == (
        "customer.phone",
        "Row_1",
        8,
        '=channel = "letter"',
        "phone",
    )
    assert (phone.text("label"), phone.text("label", "en"), phone.text("description", "en")) == ("联系电话", "Phone", "")
    assert found.components[2].label == "几点"


def test_buttons_are_left_out_because_the_page_has_its_own():
    assert [c.type for c in form(component("textfield", "a"), component("button", label="提交")).components] == ["textfield"]


@pytest.mark.parametrize("kind", ["filepicker", "html", "iframe", "documentPreview", "image", "multipage", "hologram"])
def test_component_types_that_cannot_be_shown_are_refused(kind: str):
    assert refused(written(component(kind, id="F_x"))) == [("form-type", "F_x")]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"schemaVersion": 20}, "form-version"),
        ({"schemaVersion": True}, "form-version"),
        ({"schemaVersion": None}, "form-version"),
        ({"executionPlatform": "Camunda Platform"}, "form-platform"),
        ({"type": "other"}, "form-shape"),
        ({"id": ""}, "form-shape"),
        ({"components": {}}, "form-shape"),
        ({"components": ["text"]}, "form-shape"),
    ],
)
def test_a_file_that_is_no_camunda_8_form_is_refused(changes: dict[str, Any], rule: str):
    assert [found for found, _ in refused(written(**changes))] == [rule]


@pytest.mark.parametrize("data", [b"", b"{", b"[1]", b'{"a": NaN}', b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_json_object_is_refused(data: bytes):
    assert [rule for rule, _ in refused(data)] == ["form-json"]


def test_a_file_that_is_too_large_is_refused_unread():
    assert refused(b" " * (reading.MOST_BYTES + 1)) == [("form-size", "")]


def test_a_form_may_start_with_a_byte_order_mark():
    assert forms.read(b"\xef\xbb\xbf" + written(ROW)).id == "a_form"


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        (component("textfield", id="F_x"), "form-key"),
        (component("textfield", "a b", id="F_x"), "form-key"),
        (component("textfield", "__class__.", id="F_x"), "form-key"),
        (component("dynamiclist", id="F_x", components=[ROW]), "form-key"),
        (component("textfield", "a", id=""), "form-shape"),
        (component("textfield", "a", id="F_x", validate=[1]), "form-shape"),
        (component("textfield", "a", id="F_x", readonly=3), "form-shape"),
        (component("textfield", "a", id="F_x", layout={"columns": 17}), "form-shape"),
        (component("textfield", "a", id="F_x", properties={"clause": 3}), "form-shape"),
        (component("textfield", "a", id="F_x", validate={"required": "yes"}), "form-validate"),
        (component("textfield", "a", id="F_x", validate={"validationType": "iban"}), "form-validate"),
        (component("textfield", "a", id="F_x", validate={"pattern": "(a"}), "form-pattern"),
        (component("textfield", "a", id="F_x", validate={"maxLength": "viele"}), "form-validate"),
        (component("number", "a", id="F_x", validate={"max": True}), "form-validate"),
        (component("number", "a", id="F_x", decimalDigits=99), "form-validate"),
        (component("number", "a", id="F_x", increment="0"), "form-validate"),
        (component("number", "a", id="F_x", increment="1e-99"), "form-validate"),
        (component("textfield", "a", id="F_x", properties={"personal": "shoe"}), "form-personal"),
        (component("number", "a", id="F_x", properties={"personal": "id"}), "form-personal"),
        (component("datetime", "a", id="F_x", subtype="week"), "form-subtype"),
        (component("select", "a", id="F_x"), "form-options"),
        (choice("select", "a", 1, 1, id="F_x"), "form-options"),
        (component("select", "a", id="F_x", values=[{"label": "x"}]), "form-options"),
        (choice("radio", "a", 1, id="F_x", valuesKey="b"), "form-options"),
        (component("textfield", "a", id="F_x", conditional={"hide": "=b +"}), "form-feel"),
        (component("textfield", "a", id="F_x", conditional={"hide": "b = 1"}), "form-feel"),
        (component("textfield", "a", id="F_x", readonly="=)"), "form-feel"),
        (component("number", "a", id="F_x", validate={"max": "=1 +"}), "form-feel"),
        (component("select", "a", id="F_x", valuesExpression="=["), "form-feel"),
        (component("expression", "a", id="F_x", expression="=1 +* 2"), "form-feel"),
        (component("text", id="F_x", text="共 {{1 +}} 元"), "form-feel"),
        (component("text", id="F_x", text="a", properties={"text_en": "{{(}}"}), "form-feel"),
        (component("text", id="F_x", text="{{#if a}}是"), "form-template"),
        (component("text", id="F_x", text="{{/loop}}"), "form-template"),
    ],
)
def test_a_component_that_cannot_work_is_refused_by_its_id(wrong: dict[str, Any], rule: str):
    assert refused(written(wrong)) == [(rule, wrong["id"])]


def test_two_components_cannot_write_one_value_or_share_an_id():
    assert refused(written(component("textfield", "a"), component("textfield", "a", id="F_2"))) == [("form-key", "F_2")]
    assert refused(written(component("textfield", "a"), component("number", "a.b", id="F_2"))) == [("form-key", "F_2")]
    assert refused(written(component("textfield", "a"), component("number", "b", id="F_a"))) == [("form-id", "F_a")]
    in_group = component("group", id="G", path="a", components=[component("textfield", "b")])
    assert refused(written(in_group, component("textfield", "a.b", id="F_2"))) == [("form-key", "F_2")]


def test_a_repeated_group_holds_neither_personal_data_nor_read_only_fields_among_moving_rows():
    inside = [component("textfield", "name", properties={"personal": "name"}), component("number", "n", readonly=True)]
    rows = component("dynamiclist", id="L", path="people", components=inside)
    assert refused(written(rows)) == [("form-personal", "F_name"), ("form-rows", "F_n")]
    rows["allowAddRemove"] = False
    assert refused(written(rows)) == [("form-personal", "F_name")]


def test_all_findings_come_at_once_and_each_in_both_languages():
    data = written(
        component("textfield", "a.", id="F_x"),
        component("html", id="F_html"),
        component("number", "n", validate={"min": "=("}),
        schemaVersion=99,
    )
    assert [rule for rule, _ in refused(data)] == ["form-version", "form-key", "form-type", "form-feel"]
    with pytest.raises(forms.FormRefused) as error:
        forms.read(data)
    assert error.value.text("zh").startswith("表单有 4 处问题") and error.value.text("en").startswith("The form has 4 problem(s)")


def test_nesting_and_number_of_components_have_their_limits():
    deep: dict[str, Any] = component("textfield", "a")
    for number in range(reading.MOST_DEPTH + 1):
        deep = component("group", id=f"G{number}", components=[deep])
    assert [rule for rule, _ in refused(written(deep))] == ["form-depth"]
    many = [component("separator", id=f"S{number}") for number in range(reading.MOST_COMPONENTS + 1)]
    assert refused(written(*many)) == [("form-size", "")]


def test_numbers_in_a_form_keep_their_digits():
    found = forms.read(json.dumps({**json.loads(written(component("number", "n", increment=0.1)))}).encode())
    assert str(found.components[0].settings["increment"]) == "0.1"
