"""Decisions as pages draw them: the table as written, the values its columns had, the rules that fired. Words only, no HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from engine import dmn, feel, runtime
from engine.errors import JiesuError
from engine.runtime.language import SIGNATURES
from webapp.words import Words

STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
MOST_RULES = 60  # of one table on a case page; what fired is always shown


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as written in FEEL, what its values are called if they have names, and a value that is text without its quotes."""

    text: str
    said: str = ""
    plain: str = ""

    @property
    def empty(self) -> bool:
        """True if any value passes."""
        return self.text in ("", "-")


@dataclass(frozen=True, slots=True)
class Head:
    """A column: its label, the expression or name below it, its type, and the value it had (None: not decided)."""

    label: str
    name: str
    type: str
    value: Cell | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A rule: its number from 1, its cells, and whether it fired."""

    number: int
    id: str
    inputs: tuple[Cell, ...]
    outputs: tuple[Cell, ...]
    annotations: tuple[str, ...]
    fired: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """A table on a page. `ran` tells that it was evaluated; `left_out` counts rules that did not fire and are not shown."""

    name: str
    policy: str
    inputs: tuple[Head, ...]
    outputs: tuple[Head, ...]
    lines: tuple[Line, ...]
    ran: bool = False
    left_out: int = 0

    @property
    def fired(self) -> tuple[int, ...]:
        """The numbers of the rules that fired."""
        return tuple(line.number for line in self.lines if line.fired)

    @property
    def annotated(self) -> bool:
        """True if a rule has a note beside it."""
        return any(line.annotations for line in self.lines)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A decision of the record of a case: what it is called, the values it read that are no column of a table, the tables, the answer."""

    name: str
    given: tuple[tuple[str, Cell], ...]
    tables: tuple[Drawn, ...]
    answer: Cell


def draw(table: dmn.Table, name: str, words: Words, values: tuple[Any, ...] | None = None, fired: Iterable[int] = ()) -> Drawn:
    """Return the table as drawn for a reader. `values` are those of the input columns if it was evaluated, `fired` its rules' numbers."""
    marked = frozenset(fired)
    inputs = tuple(_head(column, words, values, place) for place, column in enumerate(table.inputs))
    outputs = tuple(_head(column, words) for column in table.outputs)
    lines = tuple(_line(number, row, table, words, number in marked) for number, row in enumerate(table.rules, 1))
    kept = tuple(line for line in lines if line.fired or line.number <= MOST_RULES) if values is not None else lines
    return Drawn(name, policy(table), inputs, outputs, kept, values is not None or bool(marked), len(lines) - len(kept))


def draw_runs(model: dmn.Model, runs: Iterable[dmn.TableRun], words: Words) -> tuple[Drawn, ...]:
    """Return the tables evaluated for an answer, required decisions first."""
    found = []
    for run in runs:
        table = model.table(run.decision)
        if table is not None:
            found.append(draw(table, title(words, model, run.decision), words, run.inputs, run.fired))
    return tuple(found)


def title(words: Words, model: dmn.Model, name: str) -> str:
    """Return what people call the decision whose value has this name."""
    found = dmn.decision_of(model, name)
    return words.decision(found) if found else name


def policy(table: dmn.Table) -> str:
    """Return the hit policy in words, with the letter Modeler shows."""
    sentences = {
        "UNIQUE": _("U 唯一：最多命中一条规则"),
        "ANY": _("A 任意：命中的规则结果必须相同"),
        "PRIORITY": _("P 优先：取输出值排在最前的规则"),
        "FIRST": _("F 首条：取第一条命中的规则"),
        "RULE ORDER": _("R 规则顺序：列出全部命中的规则"),
        "OUTPUT ORDER": _("O 输出顺序：按输出值的次序列出"),
        "COLLECT": _("C 汇集：列出全部命中的规则"),
    }
    sums = {"SUM": _("C+ 求和"), "COUNT": _("C# 计数"), "MIN": _("C< 取最小"), "MAX": _("C> 取最大")}
    return sums.get(table.aggregation) or sentences.get(table.hit_policy, table.hit_policy)


def type_name(type_: str) -> str:
    """Return what people call a type of FEEL."""
    names = {
        "boolean": _("是/否"),
        "number": _("数字"),
        "string": _("文本"),
        "date": _("日期"),
        "time": _("时间"),
        "date and time": _("日期时间"),
        "dateTime": _("日期时间"),
        "days and time duration": _("时长"),
        "years and months duration": _("年月时长"),
        "list": _("列表"),
        "context": _("上下文"),
    }
    return names.get(type_) or names.get(type_.partition("<")[0], "")


def cell(words: Words, variable: str, value: Any) -> Cell:
    """Return a value as FEEL text with its name; a personal value only as this reader may see it."""
    if runtime.reference(value) is not None:
        return Cell(words.value(variable, value), plain=words.value(variable, value))
    text = feel.to_text([value])[1:-1]
    return Cell(text, _said(text, variable, words), value if isinstance(value, str) else "")


def label(words: Words, name: str, otherwise: str = "") -> str:
    """Return what a variable is called: by the sheet of variables, else as the table has it."""
    known = words.package.variables.get(name)
    return (known.label(words.reader.locale) if known else "") or otherwise or name


def recorded(words: Words, fact: Mapping[str, Any]) -> Recorded | None:
    """Return a decision of an event as drawn, from the release of the case and the inputs and rules on record."""
    name = str(fact.get("decision", ""))
    model = words.package.decisions.get(name)
    if model is None:
        return None
    given = fact.get("inputs") or {}
    fired = tuple(int(rule["index"]) for rule in fact.get("fired") or ())
    tables = _tables(words, model, name, given, fired)
    columns = {head.name for drawn in tables for head in drawn.inputs}
    said = tuple((label(words, key), cell(words, key, value)) for key, value in given.items() if key not in columns)
    return Recorded(words.decision(name), said, tables, cell(words, "", fact.get("value")))


def all_recorded(words: Words, facts: Mapping[str, Any]) -> tuple[Recorded, ...]:
    """Return the decisions of an event, each once: one may be taken twice in one act, with the same answer."""
    found = [drawn for fact in facts.get("decisions") or () if (drawn := recorded(words, fact)) is not None]
    return tuple(dict.fromkeys(found))


def _tables(words: Words, model: dmn.Model, name: str, given: Mapping[str, Any], fired: tuple[int, ...]) -> tuple[Drawn, ...]:
    """Decide again from what is on record; if that does not fire the recorded rules, only the record itself is drawn."""
    table = model.decisions[name].table
    try:
        again = model.decide(name, given, SIGNATURES)
    except JiesuError:
        again = None
    if again is not None and (table is None or tuple(rule.index for rule in again.fired) == fired):
        return draw_runs(model, again.tables, words)
    if table is None:
        return ()
    values = tuple(given.get(column.name) for column in table.inputs)
    return (draw(table, words.decision(name), words, values, fired),)


def _head(column: dmn.Column, words: Words, values: tuple[Any, ...] | None = None, place: int = 0) -> Head:
    english = words.reader.locale == "en"
    name = label(words, column.name) if english else column.label or label(words, column.name)
    value = cell(words, column.name, values[place]) if values is not None and place < len(values) else None
    return Head(name, column.name, type_name(column.type), value)


def _line(number: int, row: dmn.Row, table: dmn.Table, words: Words, fired: bool) -> Line:
    inputs = _cells(row.inputs, table.inputs, words)
    return Line(number, row.id, inputs, _cells(row.outputs, table.outputs, words), row.annotations, fired)


def _cells(texts: tuple[str, ...], columns: tuple[dmn.Column, ...], words: Words) -> tuple[Cell, ...]:
    return tuple(Cell(text, _said(text, column.name, words)) for text, column in zip(texts, columns, strict=False))


def _said(text: str, variable: str, words: Words) -> str:
    """Return the names of the values in a cell, if each of them has one."""
    if text in ("true", "false"):
        return _("是") if text == "true" else _("否")
    known = words.package.variables.get(variable)
    if known is None or not known.values:
        return ""
    names = [known.value(value, words.reader.locale) for value in STRING.findall(text)]
    return "、".join(name for name in names if name) if all(names) else ""
