"""What a page or a print is told to show."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine import clock, forms
from tests.forms.building import choice, component, context, form


def seen(*components: dict[str, Any], values: dict[str, Any] | None = None, locale: str = "zh", **variables: Any) -> list[forms.Item]:
    return forms.view(form(*components), values or {}, context(variables), locale)


def test_rows_of_sixteen_columns_become_rows_of_twelve():
    def at(key: str, row: str, columns: int | None) -> dict[str, Any]:
        return component("textfield", key, layout={"row": row, "columns": columns})

    parts = [
        at("a", "R1", 8),
        at("b", "R1", 8),
        at("c", "R2", None),
        at("d", "R3", 5),
        at("e", "R3", 6),
        at("f", "R3", 5),
        at("g", "R1", None),
    ]
    assert [(item.name, item.row, item.width) for item in seen(*parts)] == [
        ("a", 0, 6), ("b", 0, 6), ("g", 0, None), ("c", 1, 12), ("d", 2, 4), ("e", 2, 4), ("f", 2, 4),
    ]  # fmt: skip
    assert [item.width for item in seen(*(at(f"k{number}", "R", 2) for number in range(8)))] == [2, 2, 2, 2, 1, 1, 1, 1]


def test_what_is_hidden_is_not_shown():
    reason = component("textarea", "reason", conditional={"hide": '=decision != "no"'})
    decision = choice("radio", "decision", "yes", "no")
    assert [item.name for item in seen(decision, reason)] == ["decision"]
    assert [item.name for item in seen(decision, reason, values={"decision": "no"})] == ["decision", "reason"]
    assert [item.name for item in seen(decision, reason, decision="no")] == ["decision", "reason"]


def test_a_value_is_what_was_typed_else_what_is_stored_else_the_default():
    raw = component("textfield", "a", defaultValue="预设")
    assert seen(raw)[0].entered == "预设"
    assert seen(raw, a=None)[0].entered == "预设"
    assert seen(raw, a="存")[0].entered == "存"
    assert seen(raw, values={"a": "打"}, a="存")[0].entered == "打"
    assert seen(raw, values={"a": ""}, a="存")[0].entered == ""


def test_what_cannot_be_read_is_shown_again_as_it_was_typed():
    assert seen(component("number", "n"), values={"n": "12,5"})[0].entered == "12,5"
    assert seen(component("datetime", "d"), values={"d": "gestern"})[0].entered == "gestern"


def test_moments_and_numbers_are_given_to_the_control_and_to_the_reader():
    at = component("datetime", "at", subtype="datetime")
    item = seen(at, at="2026-11-22T07:30:00Z")[0]
    assert (item.entered, item.shown) == ("2026-11-22T15:30", "2026年11月22日 15:30")
    assert seen(at, at="2026-11-22T07:30:00Z", locale="en")[0].shown == "22 November 2026 15:30"
    assert seen(component("datetime", "t", subtype="time"), t="09:05:00")[0].entered == "09:05"
    number = seen(component("number", "n"), n=1234567)[0]
    assert (number.entered, number.shown) == ("1234567", "1,234,567")
    assert seen(component("checkbox", "c"), c=True)[0].shown == "是"


def test_limits_are_told_before_they_are_broken():
    length = component("textarea", "a", validate={"maxLength": 2000, "minLength": 10})
    assert seen(length)[0].hint == "10 至 2,000 字" and seen(length, locale="en")[0].hint == "10 to 2,000 characters"
    price = component("number", "n", validate={"min": 0, "max": "=top"}, decimalDigits=2)
    item = seen(price, top=1000)[0]
    assert (item.least, item.most, item.step, item.hint) == ("0", "1000", "0.01", "0 至 1,000")
    with clock.pinned(datetime(2026, 11, 22, 15, 30, 40, tzinfo=clock.ZONE)):
        later = seen(component("datetime", "d", subtype="datetime", disallowPassedDates=True))[0]
    assert (later.least, later.hint) == ("2026-11-22T15:30", "不能早于现在")


def test_english_comes_from_the_form_then_from_the_caller_then_stays_chinese():
    raw = {
        **choice("select", "level", "general", "major"),
        "label": "性质",
        "properties": {"label_en": "Level", "options_en": "general=General"},
    }
    raw["values"] = [{"label": "一般", "value": "general"}, {"label": "重大", "value": "major"}]
    names = {("level", "major", "en"): "Major", ("channel", None, "en"): "Channel"}
    whole = form(raw, component("textfield", "channel", label="方式"), component("textfield", "x", label="别的"))
    items = forms.view(whole, {}, context(labels=lambda key, value, locale: names.get((key, str(value) if value else None, locale))), "en")
    assert [item.label for item in items] == ["Level", "Channel", "别的"]
    assert [option.label for option in items[0].choices] == ["General", "Major"]
    assert [option.label for option in seen(raw)[0].choices] == ["一般", "重大"]


def test_what_is_chosen_is_marked_and_named():
    item = seen(choice("checklist", "a", "x", "y", 3), a=["y", 3])[0]
    assert [(option.token, option.chosen) for option in item.choices] == [("x", False), ("y", True), ("3", True)]
    assert item.shown == "y、3"


def test_a_personal_value_that_may_not_be_read_is_masked():
    raw = component("textfield", "name", properties={"personal": "name"})
    item = seen(raw, name={"personal": "k1"})[0]
    assert (item.masked, item.readonly, item.value, item.entered, item.shown) == (True, True, None, "", "")
    assert seen(raw, values={"name": {"personal": "k1"}}, name="x")[0].masked
    assert not seen(raw, name="王芳")[0].masked


def test_fields_that_others_depend_on_refresh_the_page():
    parts = [
        component("textfield", "a"),
        component("textfield", "b", conditional={"hide": '=a = "x"'}),
        component("number", "n", validate={"max": "=b"}),
        component("select", "s", valuesKey="c.names"),
        component("textfield", "c.other"),
        component("text", text="{{n}}"),
    ]
    assert [(item.name, item.refreshes) for item in seen(*parts)][:5] == [
        ("a", True),
        ("b", False),
        ("n", True),
        ("s", False),
        ("c.other", True),
    ]


def test_data_in_a_text_is_shown_as_it_is_and_cannot_become_markdown():
    item = seen(component("text", text="**{{a}}** [规定](/rules)"), a="# x [y](http://evil) <b>\n- z")[0]
    assert item.shown == "**\\# x \\[y\\]\\(http\\:\\/\\/evil\\) \\<b\\>\\\n\\- z** [规定](/rules)" and item.links
    assert not seen(component("text", text='="[y](" + a + ")"'), a="http://evil")[0].links


def test_computed_values_are_for_the_data_unless_they_have_a_label():
    hidden = component("expression", "sum", expression="=n * 2")
    assert seen(hidden, n=2) == []
    assert seen(hidden | {"label": "合计"}, n=2)[0].shown == "4"


def test_tables_show_what_their_source_holds():
    table = component(
        "table", label="配件", dataSource="=parts", columns=[{"key": "name", "label": "名称"}, {"key": "ok", "label": "可用"}]
    )
    item = seen(table, parts=[{"name": "灯", "ok": True}, {"name": "泵", "ok": None, "x": 1}, 3])[0]
    assert (item.heads, item.cells) == (("名称", "可用"), (("灯", "是"), ("泵", "")))
    computed = component("table", dataSource="=parts", columnsExpression='=[{key: "name", label: "N"}]')
    assert seen(computed, parts=[{"name": 1200}])[0].cells == (("1,200",),)
    assert seen(computed, parts=None)[0].cells == ()


def test_groups_and_rows_hold_their_items():
    rows = component("dynamiclist", id="L", path="items", components=[component("textfield", "what")])
    group = seen(component("group", id="G", label="组", components=[rows]), items=[{"what": "灯"}, {"what": "泵"}])[0]
    listed = group.items[0]
    assert [[(item.id, item.name, item.entered, item.slot) for item in row] for row in listed.repeats] == [
        [("F_what-0", "items.0.what", "灯", ("F_what", (0,)))],
        [("F_what-1", "items.1.what", "泵", ("F_what", (1,)))],
    ]
    assert listed.may_grow and len(seen(rows)[0].repeats) == 1


def test_rows_in_rows_stay_with_their_row():
    inner = component("dynamiclist", id="I", path="parts", components=[component("textfield", "p")])
    outer = component("dynamiclist", id="O", path="rooms", components=[component("textfield", "r"), inner])
    found = seen(outer, rooms=[{"r": "甲", "parts": [{"p": "1"}]}, {"r": "乙", "parts": [{"p": "2"}, {"p": "3"}]}])[0]
    assert [[[item.entered for item in part] for part in room[1].repeats] for room in found.repeats] == [[["1"]], [["2"], ["3"]]]


def test_labels_descriptions_and_units_may_be_computed():
    raw = component("number", "n", label="{{what}}的数量", description='="单位：" + unit', appearance={"suffixAdorner": "{{unit}}"})
    item = seen(raw, what="灯", unit="个")[0]
    assert (item.label, item.description, item.suffix) == ("灯的数量", "单位：个", "个")
