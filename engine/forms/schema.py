"""What makes a form unusable, as findings that say how to mend it. Source: the form-json-schema of form-js, versions up to 19."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.errors import JiesuError
from engine.forms import expressions, paths, patterns
from engine.forms.model import CHOICES, CONTAINERS, INPUTS, LISTS, PERSONAL_KINDS, Component, Form, Path
from engine.forms.values import MOST_DIGITS
from engine.model import Finding

SHOWN = ("text", "separator", "spacer", "expression", "table")
KNOWN = (*INPUTS, *CONTAINERS, *SHOWN)
REFUSED: dict[str, tuple[str, str]] = {
    "filepicker": ("目前不支持上传文件组件，请删除它", "File pickers are not supported yet; remove it"),
    "html": ("不支持 HTML 组件，请改用文本视图（Markdown）", "HTML is not supported; use a text view (Markdown)"),
    "iframe": ("不支持嵌入网页，请改用文本视图中的说明", "Embedded pages are not supported; explain it in a text view"),
    "documentPreview": ("不支持文档预览组件，附件在任务页上查看", "Document previews are not supported; attachments are on the task page"),
    "image": ("不支持图片组件", "Images are not supported; remove it"),
}
UNREADABLE = frozenset({"form-type", "form-shape"})
_KEY = re.compile(r"\w+(\.\w+)*", re.ASCII)


def of_form(raw: Mapping[str, Any], file: str, latest: int) -> Iterator[Finding]:
    """Findings about the form as a whole, before its components are read."""
    if raw.get("type") != "default" or not isinstance(raw.get("id"), str) or not raw["id"]:
        zh, en = "不是 Camunda 表单：缺少 id，或 type 不是 default。", "Not a Camunda Form: no id, or its type is not default."
        yield Finding("form-shape", zh, en, file)
    if str(raw.get("executionPlatform") or "Camunda Cloud") != "Camunda Cloud":
        zh = "这是 Camunda 7 的表单，请在 Modeler 中把执行平台改为 Camunda 8。"
        yield Finding("form-platform", zh, "This form is for Camunda 7; choose Camunda 8 as its platform in Modeler.", file)
    version = raw.get("schemaVersion")
    if not isinstance(version, int) or isinstance(version, bool) or not 1 <= version <= latest:
        zh, en = f"schemaVersion 应为 1 至 {latest}，现为 {version}。", f"schemaVersion must be 1 to {latest}; it is {version}."
        yield Finding("form-version", zh, en, file)


def of_component(raw: Mapping[str, Any], file: str) -> Iterator[Finding]:
    """Findings about the shape of one component; with one of `UNREADABLE` it cannot be read at all."""
    kind = raw.get("type")
    if kind in REFUSED:
        yield _about(raw, file, "form-type", REFUSED[kind][0] + "。", REFUSED[kind][1] + ".")
        return
    if kind not in KNOWN:
        yield _about(raw, file, "form-type", f"不认识的组件类型“{kind}”。", f"Unknown component type “{kind}”.")
        return
    for rule, zh, en in _shape(raw):
        yield _about(raw, file, rule, zh, en)


def of_expressions(component: Component, file: str) -> Iterator[Finding]:
    """Findings about the FEEL and the pattern of a component."""
    if component.hide and not component.hide.startswith("="):
        yield _of(component, file, "form-feel", "隐藏条件应以 = 开头。", "The hide condition must start with “=”.")
    try:
        for where, text in expressions.of(component):
            yield from _syntax(component, file, where, text)
    except JiesuError as error:
        yield _of(component, file, "form-template", error.text("zh"), error.text("en"))
    if component.validate.get("pattern"):
        try:
            patterns.compiled(component.validate["pattern"])
        except patterns.PatternRefused as error:
            yield _of(component, file, "form-pattern", error.text("zh"), error.text("en"))


def of_tree(form: Form, file: str) -> Iterator[Finding]:
    """Findings about how the components stand to each other: ids and keys twice, what a repeated group cannot hold."""
    seen: set[str] = set()
    for component in form.walk():
        if component.id in seen:
            yield _of(component, file, "form-id", f"组件 id“{component.id}”重复。", f"The component id “{component.id}” is used twice.")
        seen.add(component.id)
    yield from _keys(form.components, (), {}, file)
    for component in form.walk():
        if component.type == "dynamiclist":
            yield from _inside_rows(component, file)


def _shape(raw: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    kind = raw["type"]
    if not isinstance(raw.get("id"), str) or not raw["id"]:
        yield "form-shape", "组件没有 id。", "The component has no id."
    for name, shape in (("validate", dict), ("properties", dict), ("layout", dict), ("conditional", dict), ("components", list)):
        if not isinstance(raw.get(name) or shape(), shape):
            yield "form-shape", f"{name} 的类型不对。", f"{name} has the wrong type."
    for name in ("readonly", "disabled"):
        if not isinstance(raw.get(name) or False, bool | str):
            yield "form-shape", f"{name} 应为布尔值或 FEEL 表达式。", f"{name} must be a boolean or FEEL."
    if not isinstance(raw.get("key") or "", str) or not isinstance(raw.get("path") or "", str):
        yield "form-shape", "key 和 path 应为文字。", "key and path must be text."
    else:
        yield from _names(raw)
    if kind == "datetime" and (raw.get("subtype") or "date") not in ("date", "time", "datetime"):
        yield "form-subtype", "subtype 应为 date、time 或 datetime。", "subtype must be date, time or datetime."
    if kind in (*CHOICES, *LISTS):
        yield from _sources(raw)
    yield from _settings(raw)


def _names(raw: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    kind, key, path = raw["type"], raw.get("key") or "", raw.get("path") or ""
    if kind in (*INPUTS, "expression") and not key:
        yield "form-key", "没有键（key），填写的内容无处存放。", "It has no key, so what is entered has no place."
    if kind == "dynamiclist" and not path:
        yield "form-key", "重复列表没有路径（path）。", "A repeated group needs a path."
    if (key and not _KEY.fullmatch(key)) or (path and not _KEY.fullmatch(path)):
        name = key or path
        yield "form-key", f"键“{name}”只能由字母、数字、下划线和点组成。", f"“{name}” may only hold letters, digits, underscores and dots."


def _sources(raw: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    given = [name for name in ("values", "valuesKey", "valuesExpression") if raw.get(name)]
    if len(given) != 1:
        zh = "选项来源应为 values、valuesKey、valuesExpression 三者之一。"
        yield "form-options", zh, "Options come from one of values, valuesKey, valuesExpression."
    static = raw.get("values") or []
    if not isinstance(static, list) or not all(isinstance(item, dict) and item.get("value") is not None for item in static):
        yield "form-options", "values 应为含 label 和 value 的列表。", "values must be a list of label and value."
    elif len({repr(item["value"]) for item in static}) < len(static):
        yield "form-options", "选项的值重复。", "Two options have the same value."


def _settings(raw: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    validate, properties = raw.get("validate") or {}, raw.get("properties") or {}
    if isinstance(validate, dict):
        if not isinstance(validate.get("required") or False, bool):
            yield "form-validate", "required 应为布尔值。", "required must be a boolean."
        if not isinstance(validate.get("pattern") or "", str):
            yield "form-validate", "pattern 应为文字。", "pattern must be text."
        if validate.get("validationType") not in (None, "", "email", "phone", "custom"):
            yield "form-validate", "validationType 应为 email、phone 或 custom。", "validationType must be email, phone or custom."
    if isinstance(properties, dict):
        if not all(isinstance(value, str) for value in properties.values()):
            yield "form-shape", "properties 的值应为文字。", "The values of properties must be text."
        if properties.get("personal") and properties["personal"] not in PERSONAL_KINDS:
            kinds = ", ".join(PERSONAL_KINDS)
            yield "form-personal", f"personal 应为以下之一：{kinds}。", f"personal must be one of: {kinds}."
        if properties.get("personal") and raw["type"] not in ("textfield", "textarea"):
            yield "form-personal", "个人信息只能填在文本框或多行文本框中。", "Personal data belong in a text field or text area."
    yield from _numbers(raw, validate)
    columns = (raw.get("layout") or {}).get("columns") if isinstance(raw.get("layout") or {}, dict) else None
    if columns is not None and (not isinstance(columns, int) or not 1 <= columns <= 16):
        yield "form-shape", "layout.columns 应为 1 至 16。", "layout.columns must be 1 to 16."


def _numbers(raw: Mapping[str, Any], validate: Any) -> Iterator[tuple[str, str, str]]:
    """Limits that are neither numbers nor FEEL, steps that cannot be stepped."""
    for name in expressions.LIMITS if isinstance(validate, dict) else ():
        value = validate.get(name)
        if value not in (None, "") and not str(value).startswith("=") and _number(value) is None:
            yield "form-validate", f"{name} 应为数字或 FEEL 表达式。", f"{name} must be a number or FEEL."
    digits, increment = raw.get("decimalDigits"), raw.get("increment")
    if digits is not None and (not isinstance(digits, int) or isinstance(digits, bool) or not 0 <= digits <= MOST_DIGITS):
        yield (
            "form-validate",
            f"decimalDigits 应为 0 至 {MOST_DIGITS} 的整数。",
            f"decimalDigits must be 0 to {MOST_DIGITS}.",
        )
    if increment not in (None, "") and (_number(increment) or 0) <= 0:
        yield "form-validate", "increment 应为正数。", "increment must be a positive number."


def _number(value: Any) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    usable = number.is_finite() and abs(number.adjusted()) <= MOST_DIGITS and not isinstance(value, bool)
    return number if usable else None


def _syntax(component: Component, file: str, where: str, text: str) -> Iterator[Finding]:
    fault = expressions.fault(text)
    if fault is not None:
        yield _of(component, file, "form-feel", f"{where}：{fault.text('zh')}", f"{where}: {fault.text('en')}")


def _keys(components: tuple[Component, ...], base: Path, seen: dict[Path, str], file: str) -> Iterator[Finding]:
    for component in components:
        path = (*base, *paths.own(component))
        if component.type in (*INPUTS, "expression", "dynamiclist"):
            clash = next((old for old in seen if old[: len(path)] == path or path[: len(old)] == old), None)
            if clash is not None and component.key + str(component.settings.get("path") or ""):
                name = paths.dotted(path)
                zh, en = f"键“{name}”与组件 {seen[clash]} 冲突。", f"The key “{name}” clashes with component {seen[clash]}."
                yield _of(component, file, "form-key", zh, en)
            seen[path] = component.id
        yield from _keys(component.children, path, {} if component.type == "dynamiclist" else seen, file)


def _inside_rows(component: Component, file: str) -> Iterator[Finding]:
    for child in Form("", 0, component.children).walk():
        if child.personal:
            yield _of(child, file, "form-personal", "个人信息不能放在重复列表中。", "Personal data cannot stand in a repeated group.")
        if component.settings.get("allowAddRemove") is not False and (child.readonly or child.disabled):
            zh = "可增删行的重复列表中不能有只读或禁用的字段。"
            yield _of(child, file, "form-rows", zh, "A repeated group whose rows can be added or removed cannot hold read-only fields.")


def _about(raw: Mapping[str, Any], file: str, rule: str, zh: str, en: str) -> Finding:
    return Finding(rule, zh, en, file, element=str(raw.get("id") or ""), name=str(raw.get("label") or raw.get("dateLabel") or ""))


def _of(component: Component, file: str, rule: str, zh: str, en: str) -> Finding:
    return Finding(rule, zh, en, file, element=component.id, name=component.label)
