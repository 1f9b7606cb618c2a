"""Runs cases of the public DMN TCK: reads a model with its test file, asks, compares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from engine import dmn, feel
from engine.errors import JiesuError
from engine.feel.values import equal, kind

_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_CLOSE = Decimal("0.00000001")  # the kit states numbers as doubles


@dataclass(frozen=True, slots=True)
class Case:
    """One test case: expectations of one or more result nodes."""

    group: str
    id: str
    passed: bool
    detail: str


def cases(folder: Path) -> Iterator[Case]:
    """Run every test case of one folder of the kit."""
    models = {path.name: path.read_bytes() for path in folder.glob("*.dmn")}
    for path in sorted(folder.glob("*.xml")):
        root = etree.fromstring(path.read_bytes())
        name = _text(root, "modelName")
        others = [data for file, data in models.items() if file != name]
        try:
            model = dmn.read(models[name], others=others, lenient=True)
        except JiesuError as error:
            model, broken = None, str(error)
        for case in _children(root, "testCase"):
            identifier = f"{path.stem}/{case.get('id')}"
            problem = broken if model is None else _tried(model, case)
            yield Case(folder.name, identifier, not problem, problem)


def _tried(model: dmn.Model, case: Any) -> str:
    """Run a case; a crash is a failure of this case, not of the whole kit."""
    try:
        return _run(model, case)
    except Exception as error:
        return f"crash: {error!r}"


def _run(model: dmn.Model, case: Any) -> str:
    inputs = {node.get("name"): value_of(node) for node in _children(case, "inputNode")}
    for node in _children(case, "resultNode"):
        expected = value_of(_children(node, "expected")[0])
        name = node.get("name")
        try:
            found = _answer(model, case, name, inputs)
        except JiesuError:
            found = None  # a violation; the kit states these as null with an error
        if not same(found, expected):
            return f"{name}: expected {feel.to_text(expected)}, found {feel.to_text(found) if kind(found) != 'unknown' else found}"
    return ""


def _answer(model: dmn.Model, case: Any, name: str, inputs: dict[str, Any]) -> Any:
    kind_of_case, invocable = case.get("type"), case.get("invocableName")
    if kind_of_case in ("decisionService", "bkm") and invocable:
        value = model.invoke(invocable, **inputs).value
        return value[name] if isinstance(value, dict) and name in value else value
    return model.decide(name, inputs).value


def same(found: Any, expected: Any) -> bool:
    """Compare as the kit's own runner does: numbers to eight places, everything else by FEEL equality."""
    if kind(found) == kind(expected) == "number":
        return abs(Decimal(found) - Decimal(expected)) <= max(_CLOSE, abs(Decimal(expected)) * _CLOSE)
    if isinstance(found, list) and isinstance(expected, list):
        return len(found) == len(expected) and all(same(one, other) for one, other in zip(found, expected, strict=True))
    if isinstance(found, dict) and isinstance(expected, dict):
        return found.keys() == expected.keys() and all(same(found[key], expected[key]) for key in expected)
    return equal(found, expected) is True


def value_of(element: Any) -> Any:
    """Return the FEEL value an input node or expectation states."""
    listed = _children(element, "list")
    if listed:
        return None if listed[0].get(_NIL) == "true" else [value_of(item) for item in _children(listed[0], "item")]
    components = _children(element, "component")
    if components:
        return {part.get("name"): value_of(part) for part in components}
    found = _children(element, "value")
    if not found or found[0].get(_NIL) == "true":
        return None
    text = found[0].text or ""
    return _scalar(text, (found[0].get(_TYPE) or "xsd:string").split(":")[-1])


def _scalar(text: str, typ: str) -> Any:
    if typ in ("decimal", "double", "integer", "int", "long", "float"):
        return Decimal(text)
    if typ == "boolean":
        return text == "true"
    readers = {"date": feel.parse_date, "time": feel.parse_time, "dateTime": feel.parse_date_time, "duration": feel.parse_duration}
    return readers[typ](text.strip()) if typ in readers else text


def _children(element: Any, name: str) -> list[Any]:
    return [part for part in element if isinstance(part.tag, str) and etree.QName(part).localname == name]


def _text(element: Any, name: str) -> str:
    return (_children(element, name)[0].text or "").strip()
