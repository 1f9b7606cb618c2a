"""The words that the forms themselves say, Chinese and English; labels and errors come from the form and the engine."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "choose": ("请选择", "Choose"),
    "required": ("（必填）", " (required)"),
    "problems": ("有 {count} 处需要修改", "{count} to correct"),
    "refresh": ("刷新表单", "Update form"),
    "refresh_why": ("部分栏目随所填内容出现，填写后请刷新。", "Some fields depend on what you enter; update the form after entering it."),
    "add_row": ("新增一行", "Add a row"),
    "remove_row": ("删除第 {number} 行", "Remove row {number}"),
    "row": ("{label}，第 {number} 行", "{label}, row {number}"),
    "masked": ("您没有权限查看这项个人信息。", "You may not see this personal data."),
    "masked_value": ("••••••", "••••••"),
    "no_rows": ("暂无数据", "Nothing here yet"),
    "no_options": ("暂无可选项", "There is nothing to choose from"),
    "none": ("（未填写）", "(empty)"),
}
