"""Reads a Camunda Form (.form, JSON, schema version up to 19) into a tree of components, or says everything that is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from engine.forms import schema
from engine.forms.model import Component, Form, FormRefused
from engine.model import Finding

MOST_BYTES = 512 * 1024
MOST_COMPONENTS = 500
MOST_DEPTH = 8
LATEST_SCHEMA = 19
_OWN = frozenset({"id", "type", "key", "conditional", "readonly", "disabled", "layout", "validate", "properties", "components"})


def read(data: bytes, file: str = "") -> Form:
    """Return the form in the bytes of a .form file; raise `FormRefused` with all findings. `file` is only named in them."""
    findings: list[Finding] = []
    raw = _json(data, file)
    findings.extend(schema.of_form(raw, file, LATEST_SCHEMA))
    components = _components(raw.get("components"), file, findings, 1)
    form = Form(str(raw.get("id") or ""), _version(raw), components)
    findings.extend(_whole(form, file))
    if findings:
        raise FormRefused(tuple(findings))
    return form


def _json(data: bytes, file: str) -> dict[str, Any]:
    if len(data) > MOST_BYTES:
        raise _refused("form-size", f"表单文件超过 {MOST_BYTES // 1024} KB。", f"The file is larger than {MOST_BYTES // 1024} KB.", file)
    try:
        raw = json.loads(data.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        zh, en = f"不是有效的 JSON（第 {error.lineno} 行第 {error.colno} 列）。", f"Not JSON (line {error.lineno}, column {error.colno})."
        raise _refused("form-json", zh, en, file, error.lineno) from error
    except (ValueError, RecursionError) as error:
        raise _refused("form-json", "不是有效的 UTF-8 JSON 文件。", "Not a JSON file in UTF-8.", file) from error
    if not isinstance(raw, dict):
        raise _refused("form-json", "表单文件应为一个 JSON 对象。", "A form file is one JSON object.", file)
    return raw


def _refused(rule: str, zh: str, en: str, file: str, line: int | None = None) -> FormRefused:
    return FormRefused((Finding(rule, zh, en, file, line=line),))


def _no_constant(text: str) -> None:
    raise ValueError(text)


def _version(raw: Mapping[str, Any]) -> int:
    version = raw.get("schemaVersion")
    return version if isinstance(version, int) else 0


def _components(raw: Any, file: str, findings: list[Finding], depth: int) -> tuple[Component, ...]:
    """Read what can be read; buttons are left out (the page has its own)."""
    if depth > MOST_DEPTH:
        findings.append(Finding("form-depth", f"分组嵌套超过 {MOST_DEPTH} 层。", f"Groups are nested deeper than {MOST_DEPTH}.", file))
        return ()
    if not isinstance(raw, list):
        findings.append(Finding("form-shape", "components 应为列表。", "components must be a list.", file))
        return ()
    found: list[Component] = []
    for item in raw:
        if not isinstance(item, dict):
            findings.append(Finding("form-shape", "组件应为 JSON 对象。", "A component must be a JSON object.", file))
        elif item.get("type") != "button":
            wrong = list(schema.of_component(item, file))
            findings.extend(wrong)
            if not any(finding.rule in schema.UNREADABLE for finding in wrong):
                found.append(_component(item, file, findings, depth))
    return tuple(found)


def _component(raw: dict[str, Any], file: str, findings: list[Finding], depth: int) -> Component:
    layout = raw.get("layout") or {}
    children = _components(raw["components"], file, findings, depth + 1) if "components" in raw else ()
    return Component(
        id=raw["id"],
        type=raw["type"],
        key=raw.get("key") or "",
        hide=str((raw.get("conditional") or {}).get("hide") or ""),
        readonly=raw.get("readonly") or False,
        disabled=raw.get("disabled") or False,
        row=str(layout.get("row") or ""),
        columns=layout.get("columns"),
        validate=raw.get("validate") or {},
        properties=raw.get("properties") or {},
        settings={name: value for name, value in raw.items() if name not in _OWN},
        children=children,
    )


def _whole(form: Form, file: str) -> Iterator[Finding]:
    everything = form.walk()
    if len(everything) > MOST_COMPONENTS:
        yield Finding("form-size", f"组件超过 {MOST_COMPONENTS} 个。", f"More than {MOST_COMPONENTS} components.", file)
    for component in everything:
        yield from schema.of_expressions(component, file)
    yield from schema.of_tree(form, file)
