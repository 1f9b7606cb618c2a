"""From the fields a browser sends to a submission."""

from __future__ import annotations

import time
from typing import Any

import pytest

from engine import forms
from tests.forms.building import choice, component, form

ROWS = component("dynamiclist", id="L", path="items", components=[component("textfield", "what"), component("checkbox", "ok")])


def test_fields_become_nested_text_and_unknown_names_are_dropped():
    whole = form(
        component("textfield", "a"),
        component("number", "c.n"),
        component("group", id="G", path="g", components=[component("textfield", "b")]),
    )
    sent = {"a": ["x"], "c.n": ["1"], "g.b": ["y"], "evil": ["1"], "_token": ["t"], "c": ["z"]}
    assert forms.from_fields(whole, sent) == {"a": "x", "c": {"n": "1"}, "g": {"b": "y"}}


def test_what_is_not_ticked_is_false_and_what_is_not_chosen_is_empty():
    whole = form(component("checkbox", "a"), choice("checklist", "b", "x"), choice("taglist", "c", "x"), choice("radio", "d", "x"))
    assert forms.from_fields(whole, {}) == {"a": False, "b": [], "c": []}
    assert forms.from_fields(whole, {"a": ["true"], "b": ["x", ""], "d": ["x"]}) == {"a": "true", "b": ["x"], "c": [], "d": "x"}


def test_what_the_page_did_not_show_stays_out():
    whole = form(component("checkbox", "a"), choice("checklist", "b", "x"), choice("radio", "d", "x"), component("checkbox", "e"))
    assert forms.from_fields(whole, {"_shown": ["a", "d"]}) == {"a": False, "d": None}


def test_rows_are_numbered_anew_without_gaps():
    sent = {"items.0.what": ["灯"], "items.7.what": ["泵"], "items.7.ok": ["true"], "items.x.what": ["?"], "items.99999.what": ["?"]}
    assert forms.from_fields(form(ROWS), sent) == {"items": [{"what": "灯", "ok": False}, {"what": "泵", "ok": "true"}]}


def test_a_row_of_which_nothing_is_sent_is_still_a_row_and_no_row_is_an_empty_list():
    assert forms.from_fields(form(ROWS), {"_shown": ["items", "items.0"]}) == {"items": [{}]}
    assert forms.from_fields(form(ROWS), {"_shown": ["items"]}) == {"items": []}
    assert forms.from_fields(form(ROWS), {}) == {}


@pytest.mark.parametrize(
    ("act", "rows"),
    [
        ("add:items", ["a", "b", None]),
        ("remove:items.0", ["b"]),
        ("remove:items.9", ["a", "b"]),
        ("1", ["a", "b"]),
        ("add:other", ["a", "b"]),
        ("remove:items", ["a", "b"]),
    ],
)
def test_rows_are_added_and_removed_by_the_buttons_of_the_page(act: str, rows: list[Any]):
    sent = {"items.0.what": ["a"], "items.1.what": ["b"], "_refresh": [act]}
    assert [row.get("what") for row in forms.from_fields(form(ROWS), sent)["items"]] == rows


def test_rows_that_may_not_change_do_not():
    sent = {"items.0.what": ["a"], "_refresh": ["add:items"]}
    assert len(forms.from_fields(form(ROWS | {"allowAddRemove": False}), sent)["items"]) == 1


def test_the_first_row_can_be_added_to_none():
    assert forms.from_fields(form(ROWS), {"_shown": ["items"], "_refresh": ["add:items"]}) == {"items": [{}]}


def test_two_forms_on_one_page_are_told_apart_by_a_prefix():
    sent = {"a": ["1"], "p-a": ["2"], "p-items.0.what": ["x"], "p-_shown": ["b"]}
    whole = form(component("textfield", "a"), component("checkbox", "b"), ROWS)
    assert forms.from_fields(whole, sent, "p-") == {"a": "2", "b": False, "items": [{"what": "x"}]}


def test_a_browser_cannot_make_many_rows_out_of_one_name():
    sent = {f"items.{number}.what": ["x"] for number in range(9_000)}
    assert len(forms.from_fields(form(ROWS), sent)["items"]) == 201


def test_many_names_are_read_in_one_walk():
    inner = component("dynamiclist", id="I", path="parts", components=[component("textfield", "p")])
    outer = component("dynamiclist", id="O", path="rooms", components=[inner])
    sent = {f"rooms.{room}.parts.{part}.p": ["x"] for room in range(150) for part in range(150)}
    before = time.monotonic()
    found = forms.from_fields(form(outer), sent)
    assert len(found["rooms"][149]["parts"]) == 150 and time.monotonic() - before < 3
