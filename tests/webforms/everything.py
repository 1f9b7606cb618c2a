"""A form that uses every component type, and the forms of the procedures in the repository."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine import forms
from tests.forms.building import choice, component, written

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "forms").glob("*/*.form"))


def half(row: str) -> dict[str, Any]:
    return {"row": row, "columns": 8}


def everything() -> bytes:
    """The bytes of a form with one component of each kind, read-only and computed ones among them."""
    unit: dict[str, Any] = {"appearance": {"prefixAdorner": "¥", "suffixAdorner": "元"}}
    inside = [component("textfield", "part", label="配件", validate={"required": True}), component("checkbox", "spare", label="有备件")]
    return written(
        component("text", text="### 说明\n\n投诉：{{matter}}，见[规定](/rules)。\n\n| 项 | 值 |\n|:--|--:|\n| a | 1 |"),
        component(
            "textfield",
            "name",
            label="姓名",
            description="全名",
            layout=half("R1"),
            validate={"required": True},
            properties={"personal": "name"},
        ),
        component("textfield", "mail", label="邮箱", layout=half("R1"), validate={"validationType": "email"}),
        component("textfield", "phone", label="电话", validate={"validationType": "phone"}),
        component("textarea", "matter", label="投诉的事项", validate={"required": True, "maxLength": 2000}),
        component("number", "price", label="金额", decimalDigits=2, validate={"min": 0, "max": 1000}, **unit),
        component("datetime", "day", dateLabel="日期", subtype="date", layout=half("R2")),
        component("datetime", "hour", timeLabel="时间", subtype="time", layout=half("R2")),
        component("datetime", "at", dateLabel="时刻", subtype="datetime", disallowPassedDates=True),
        component("checkbox", "sure", label="已核对", description="逐项核对", validate={"required": True}),
        choice("radio", "decision", "solved", "unsolvable", label="处理情况", validate={"required": True}),
        component("textarea", "reason", label="原因", validate={"required": True}, conditional={"hide": '=decision != "unsolvable"'}),
        choice("select", "category", "房屋", "收费", label="类别", validate={"required": True}),
        choice("checklist", "told", "主管", "领导", label="已告知", validate={"required": True}),
        choice("taglist", "tags", "急", "老客户", label="标签"),
        component("separator"),
        component("spacer", height=40),
        component("group", id="G", label="收文", showOutline=True, path="doc", components=[component("textfield", "no", label="文号")]),
        component("dynamiclist", id="L", path="parts", label="配件清单", components=inside, showOutline=True),
        component(
            "table", label="以前的投诉", dataSource="=earlier", columns=[{"key": "no", "label": "编号"}, {"key": "at", "label": "时间"}]
        ),
        component("expression", "double", label="双倍", expression="=price * 2"),
        component("textfield", "fixed", label="编号", readonly=True),
        component("select", "fixed_choice", label="渠道", values=[{"label": "电话来访", "value": "phone"}], disabled=True),
        component("checkbox", "fixed_tick", label="书面", readonly=True),
        component("textarea", "fixed_text", label="批示", readonly=True),
        component("textfield", "secret", label="身份证号", properties={"personal": "id"}),
    )


def everything_form() -> forms.Form:
    return forms.read(everything())


DATA: dict[str, Any] = {
    "fixed": "PP-202611-00001", "fixed_choice": "phone", "fixed_tick": True, "fixed_text": "请于\n三日内办结", "secret": {"personal": "k1"},
    "earlier": [{"no": "PP-1", "at": "2026-01-01"}], "matter": "灯 *坏* 了",
}  # fmt: skip
