"""The form in which a decision is tried: a field for each value, made from its type, its allowed values and the sheet of variables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from engine import dmn, feel
from engine.runtime.sheets import Variable
from webapp.decisions import label, type_name
from webapp.words import Words

LONGEST = 500  # characters of one field: all of them travel in the address


@dataclass(frozen=True, slots=True)
class Field:
    """A field as shown. `control` is choice, text, number, date, datetime-local, time or feel; `options` are (value, label)."""

    name: str
    label: str
    control: str
    type: str
    text: str
    options: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    known: bool = True
    error: str = ""
    caret: str = ""


class Unreadable(ValueError):
    """A field holds what its type cannot be; `caret` shows the place in FEEL text."""

    def __init__(self, sentence: str, caret: str = "") -> None:
        super().__init__(sentence)
        self.caret = caret


def fill(questions: tuple[dmn.Question, ...], words: Words, typed: Mapping[str, str] | None) -> tuple[tuple[Field, ...], dict[str, Any]]:
    """Return the fields, and the values they give; `typed` is None when nothing was sent yet. An empty field is null."""
    found = {question.name: _field(question, words, (typed or {}).get(question.name, "")[:LONGEST]) for question in questions}
    return tuple(field for field, _value in found.values()), {name: value for name, (_asked, value) in found.items()}


def _field(question: dmn.Question, words: Words, text: str) -> tuple[Field, Any]:
    known = words.package.variables.get(question.name)
    kind = _kind(question, known)
    options = _options(question, known, kind, words)
    value, sentence, caret = None, "", ""
    try:
        if text:
            value = _chosen(text, question, options) if options else READERS[kind](text)
    except Unreadable as problem:
        sentence, caret = str(problem), problem.caret
    said = label(words, question.name, question.label if words.reader.locale != "en" else "")
    type_ = type_name(question.type if kind == "feel" else kind.removesuffix("Text"))
    hint = "" if options else HINTS.get(kind, lambda: "")()
    control = "choice" if options else CONTROLS.get(kind, "feel")
    return Field(question.name, said, control, type_, text, options, hint, known is not None, sentence, caret), value


def _kind(question: dmn.Question, known: Variable | None) -> str:
    """Return how a value is typed in. What only the sheet calls a date is text for FEEL, as in a case."""
    if question.type != "Any":
        return question.type if question.type in READERS else "feel"
    kind = known.type if known else ""
    return {"dateTime": "dateTime", "date": "dateText"}.get(kind, kind if kind in ("string", "number", "boolean") else "feel")


def _options(question: dmn.Question, known: Variable | None, kind: str, words: Words) -> tuple[tuple[str, str], ...]:
    if kind == "boolean":
        return ("true", _("是")), ("false", _("否"))
    locale = words.reader.locale
    if question.allowed:
        said = [(feel.to_text(value), known.value(value, locale) if known else None) for value in question.allowed]
        return tuple((text, name or text) for text, name in said)
    if known and known.values and kind in ("string", "feel") and known.type == "string":
        return tuple((value, known.value(value, locale) or value) for value in known.values)
    return ()


def _chosen(text: str, question: dmn.Question, options: tuple[tuple[str, str], ...]) -> Any:
    if text not in dict(options):
        raise Unreadable(_("请从列出的值中选择。"))
    for value in question.allowed:
        if feel.to_text(value) == text:
            return value
    return {"true": True, "false": False}.get(text, text) if dict(options).keys() == {"true", "false"} else text


def _number(text: str) -> Decimal:
    try:
        found = feel.evaluate(text.strip())
    except feel.SyntaxError_:
        found = None
    if not isinstance(found, Decimal):
        raise Unreadable(_("请输入数字，例如 12.5。"))
    return found


def _parsed(parse: Callable[[str], Any], example: str) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        found = parse(text.strip())
        if found is None:
            raise Unreadable(_("无法读取，请按这个样子输入：%(example)s", example=example))
        return found

    return read


def as_feel(text: str) -> Any:
    """Return the value of FEEL text that reads no variables. Raises `Unreadable` with the line and a caret."""
    try:
        compiled = feel.compile(text)
    except feel.SyntaxError_ as problem:
        raise Unreadable(problem.text(str(get_locale())), problem.caret()) from problem
    if compiled.variables:
        name = min(compiled.variables)
        raise Unreadable(_("“%(name)s”不是值。文本要加英文双引号。", name=name))
    return compiled.evaluate({})


def _moment_text(text: str) -> str:
    if feel.parse_date_time(text) is None:
        raise Unreadable(_("无法读取，请按这个样子输入：%(example)s", example="2026-11-22T15:00:00+08:00"))
    return text


def _date_text(text: str) -> str:
    if feel.parse_date(text) is None:
        raise Unreadable(_("无法读取，请按这个样子输入：%(example)s", example="2026-11-22"))
    return text


READERS: dict[str, Callable[[str], Any]] = {
    "string": lambda text: text,
    "number": _number,
    "boolean": lambda text: text,
    "date": _parsed(feel.parse_date, "2026-11-22"),
    "time": _parsed(feel.parse_time, "15:00:00"),
    "date and time": _parsed(feel.parse_date_time, "2026-11-22T15:00:00+08:00"),
    "days and time duration": _parsed(feel.parse_duration, "P1DT2H"),
    "years and months duration": _parsed(feel.parse_duration, "P1Y2M"),
    "dateTime": _moment_text,
    "dateText": _date_text,
    "feel": as_feel,
}
CONTROLS = {"string": "text", "number": "number", "date": "date", "dateText": "date"} | dict.fromkeys(
    ("time", "date and time", "dateTime", "days and time duration", "years and months duration"), "text"
)
HINTS: dict[str, Callable[[], str]] = {
    "date and time": lambda: _("例如 %(example)s", example="2026-11-22T15:00:00+08:00"),
    "dateTime": lambda: _("例如 %(example)s", example="2026-11-22T15:00:00+08:00"),
    "time": lambda: _("例如 %(example)s", example="15:00:00"),
    "days and time duration": lambda: _("例如 %(example)s", example="P1DT2H"),
    "years and months duration": lambda: _("例如 %(example)s", example="P1Y2M"),
    "feel": lambda: _("按 FEEL 填写：%(example)s", example='"text"、12、true、[1, 2]、{a: 1}'),
}
