"""The HTML of forms: names, ids, explanations, errors; nothing inline."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from lxml import html as parser
from markupsafe import Markup

from engine import forms
from tests.forms.building import component, context, form
from tests.webforms.conftest import Desk
from tests.webforms.everything import DATA, FILES, everything_form

Html = Callable[..., Markup]


def page(markup: Markup) -> Any:
    return parser.fromstring(str(markup))


def test_every_control_has_one_label_and_its_explanations_exist(html: Html):
    whole = everything_form()
    errors = forms.validate(whole, {"parts": [{}]}, context(DATA)).errors
    tree = page(html(whole, {}, errors, **DATA))
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    for control in tree.xpath("//input[not(@type='hidden')] | //select | //textarea"):
        assert len(tree.xpath(f"//label[@for='{control.get('id')}']")) == 1, control.attrib
    for described in tree.xpath("//@aria-describedby"):
        assert set(described.split()) <= set(ids)
    for group in tree.xpath("//fieldset"):
        assert group.xpath("./legend[normalize-space()]")


def test_nothing_is_inline(html: Html):
    for markup in (html(everything_form(), **DATA), html(everything_form(), locale="en", **DATA)):
        tree = page(markup)
        assert not tree.xpath("//@style | //script | //style | //@*[starts-with(name(), 'on')]")


def test_errors_stand_at_their_fields_and_in_the_summary_that_leads_to_them(html: Html):
    whole = everything_form()
    sent = {"name": "", "matter": "x" * 2001, "price": "abc", "parts": [{"part": "灯"}, {"part": ""}]}
    errors = forms.validate(whole, sent, context(DATA)).errors
    tree = page(html(whole, sent, errors, **DATA))
    summary = tree.get_element_by_id("form-errors")
    assert summary.get("tabindex") == "-1" and "autofocus" in summary.attrib
    links = [(link.get("href")[1:], link.text) for link in summary.xpath(".//a")]
    assert ("f-F_name", "请填写姓名") in links and ("f-F_part-1", "请填写配件") in links and len(links) == len(errors)
    for id, sentence in links:
        control = tree.get_element_by_id(id)
        field = next(parent for parent in control.iterancestors() if "form-field" in parent.get("class", ""))
        assert sentence in field.xpath("string(.//*[contains(@class, 'invalid-feedback')])")
    price = tree.get_element_by_id("f-F_price")
    assert price.get("aria-invalid") == "true" and "f-F_price-err" in price.get("aria-describedby")
    assert tree.get_element_by_id("f-F_matter").text.strip() == "x" * 2001
    assert not tree.xpath("//*[@id='f-F_part-0']/@aria-invalid")


def test_errors_in_english(html: Html):
    whole = form(component("textfield", "a", label="事项", properties={"label_en": "Matter"}, validate={"required": True}))
    markup = html(whole, {}, forms.validate(whole, {}, context()).errors, locale="en")
    assert "1 to correct" in markup and "Enter the matter" in markup and "请填写" not in markup


def test_what_people_typed_is_escaped(html: Html):
    evil = "</textarea><script>alert(1)</script>\"'"
    whole = form(component("textfield", "a", label=evil, description=evil), component("textarea", "b"), component("text", text="{{a}}"))
    markup = html(whole, {"a": evil, "b": evil})
    assert "<script" not in markup
    tree = page(markup)
    assert tree.get_element_by_id("f-F_a").get("value") == evil and tree.get_element_by_id("f-F_b").text.strip() == evil
    assert evil in tree.text_content()


def test_personal_fields_are_not_remembered_by_the_browser(html: Html):
    tree = page(html(everything_form(), **DATA))
    assert tree.get_element_by_id("f-F_name").get("autocomplete") == "off"
    secret = tree.get_element_by_id("f-F_secret")
    assert secret.get("value") == "••••••" and secret.get("name") is None and "k1" not in str(html(everything_form(), **DATA))


def test_what_may_only_be_read_is_never_sent(html: Html):
    tree = page(html(everything_form(), **DATA))
    names = set(tree.xpath("//@name"))
    assert not names & {"fixed", "fixed_choice", "fixed_tick", "fixed_text", "double", "secret"}
    assert "fixed_tick" not in tree.xpath("//input[@name='_shown']/@value")
    assert tree.get_element_by_id("f-F_fixed_choice").get("value") == "电话来访"


def test_native_controls_with_their_limits(html: Html):
    tree = page(html(everything_form(), **DATA))
    kinds = {
        key: tree.get_element_by_id(f"f-F_{key}").get("type") for key in ("price", "day", "hour", "at", "phone", "sure", "decision", "told")
    }
    assert kinds == {
        "price": "number", "day": "date", "hour": "time", "at": "datetime-local", "phone": "tel",
        "sure": "checkbox", "decision": "radio", "told": "checkbox",
    }  # fmt: skip
    price = tree.get_element_by_id("f-F_price")
    assert (price.get("min"), price.get("max"), price.get("step")) == ("0", "1000", "0.01")
    matter = tree.get_element_by_id("f-F_matter")
    assert matter.get("maxlength") is None and "最多 2,000 字" in tree.get_element_by_id("f-F_matter-hint").text


def test_a_line_break_at_the_start_of_a_text_survives(html: Html):
    assert page(html(form(component("textarea", "a")), {"a": "\n甲"})).get_element_by_id("f-F_a").text in ("\n甲", "\n\n甲")


def test_fields_that_matter_to_others_refresh_the_form_and_only_those(html: Html):
    tree = page(html(everything_form(), **DATA))
    assert set(tree.xpath("//*[@hx-post]/@name")) == {"decision", "matter", "price"}
    control = tree.get_element_by_id("f-F_decision")
    assert (control.get("hx-target"), control.get("hx-select"), json.loads(control.get("hx-vals"))) == (
        "#form-fields",
        "#form-fields",
        {"_refresh": "1"},
    )
    assert tree.xpath("//noscript//button[@name='_refresh']")
    assert not page(html(form(component("textfield", "a")))).xpath("//noscript")


def test_two_forms_on_a_page_have_names_and_ids_of_their_own(app: Flask):
    from webapp.forms import render

    with app.test_request_context():
        tree = page(render(everything_form(), {}, (), context(DATA), "zh", prefix="p-"))
    assert all(name.startswith("p-") or name == "_refresh" for name in tree.xpath("//@name"))
    assert all(id.startswith(("f-p-", "form-")) for id in tree.xpath("//@id"))


def test_what_a_page_sends_back_unchanged_is_what_it_showed(app: Flask, desk: Desk):
    """Every control round: fill in, send, take the values, show them again, send again."""
    desk.lay(everything_form(), DATA)
    sent = {
        "name": "王芳", "mail": "w@example.com", "phone": "13800138000", "matter": "灯坏了", "price": "12.50", "day": "2026-11-22",
        "hour": "09:05", "at": "2999-01-01T10:00", "sure": "true", "decision": "unsolvable", "reason": "缺配件", "category": "收费",
        "told": ["主管", "领导"], "tags": ["急"], "doc.no": "7", "parts.0.part": "灯", "parts.0.spare": "true",
    }  # fmt: skip
    first = app.test_client().post("/", data=sent)
    assert first.status_code == 200, first.text
    desk.variables |= first.get_json()
    tree = parser.fromstring(app.test_client().get("/").text)
    again = app.test_client().post("/", data=dict(_successful(tree)))
    assert again.get_json() == first.get_json()


def _successful(tree: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in tree.forms[0].form_values():
        found.setdefault(name, []).append(value)
    return found


def test_rows_are_added_and_removed_without_losing_what_was_typed(app: Flask, desk: Desk):
    desk.lay(everything_form(), DATA)
    client = app.test_client()
    fields = _successful(parser.fromstring(client.get("/").text)) | {"parts.0.part": ["灯"], "name": ["王芳"], "_refresh": ["add:parts"]}
    tree = parser.fromstring(client.post("/", data=fields).text)
    assert tree.get_element_by_id("f-F_part-0").get("value") == "灯" and tree.get_element_by_id("f-F_part-1").get("value") == ""
    assert tree.get_element_by_id("f-F_name").get("value") == "王芳" and not tree.xpath("//*[@id='form-errors']")
    fields = _successful(tree) | {"parts.1.part": ["泵"], "_refresh": ["remove:parts.0"]}
    tree = parser.fromstring(client.post("/", data=fields).text)
    assert tree.get_element_by_id("f-F_part-0").get("value") == "泵" and not tree.xpath("//*[@id='f-F_part-1']")


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_the_forms_of_the_procedures_are_read_and_drawn(file: Path, locale: str, html: Html):
    whole = forms.read(file.read_bytes(), file.name)
    errors = forms.validate(whole, {}, context()).errors
    tree = page(html(whole, {}, errors, locale=locale))
    assert len(tree.xpath("//*[@id='form-errors']//a")) == len(errors)
    if locale == "en":
        visible = tree.xpath("//text()[not(ancestor::option) and not(ancestor::*[contains(@class, 'form-check')])]")
        assert not [text for text in visible if any("\u4e00" <= character <= "\u9fff" for character in text)]


def test_there_are_forms_to_try():
    assert len(FILES) >= 19
