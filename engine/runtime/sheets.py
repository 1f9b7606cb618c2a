"""The plain files of a procedure: `procedure.toml`, `roles.csv`, `clauses.csv`, `variables.csv`."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

from engine.errors import Invalid
from engine.model import Finding

ROLE_RIGHTS = frozenset({"work", "read_case", "register", "act_for_customer", "read_personal"})  # all a release may grant
PERSONAL_KINDS = frozenset({"", "name", "phone", "address", "id", "plate", "text"})


class SheetRefused(Invalid):
    """A sheet that cannot be read; `findings` says where."""

    zh = "{first}"
    en = "{first}"

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(first=findings[0].zh)
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Settings:
    """`procedure.toml`: what the procedure is called, and which resources play which part."""

    slug: str = ""
    prefix: str = ""
    title: str = ""
    title_en: str = ""
    document_no: str = ""
    issued: str = ""
    effective: str = ""
    supersedes: str = ""
    complete: bool = True
    main: str = ""
    register: str = "register"  # the element that registers a case
    classify: str = ""
    classify_result: dict[str, str] = field(default_factory=dict)  # {variable = …, level = …}
    deadlines: str = ""
    closing: str = ""
    review: bool = False
    case_number: str = "{prefix}-{yyyymm}-{n:05d}"
    subject: str = ""  # the variable that gives a case its title
    category: str = "category"
    urgent: str = "isUrgent"


@dataclass(frozen=True, slots=True)
class Role:
    """A role of the procedure: its name, at which level of unit it sits, what it may do."""

    key: str
    zh: str
    en: str
    level: str
    rights: frozenset[str]

    def label(self, locale: str) -> str:
        """Return the name in the reader's language."""
        return self.en if locale.startswith("en") and self.en else self.zh


@dataclass(frozen=True, slots=True)
class Clause:
    """A numbered sentence of the written rule, in our own words, and where it is carried out."""

    id: str
    kind: str
    summary_zh: str
    summary_en: str
    support: str
    target: tuple[str, ...]

    def summary(self, locale: str) -> str:
        """Return the summary in the reader's language."""
        return self.summary_en if locale.startswith("en") and self.summary_en else self.summary_zh


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of the procedure with its labels; `values` maps each allowed value to (zh, en)."""

    name: str
    type: str
    unit: str
    values: dict[str, tuple[str, str]]
    personal: str
    zh: str
    en: str

    def label(self, locale: str) -> str:
        """Return the name in the reader's language."""
        return (self.en if locale.startswith("en") else self.zh) or self.name

    def value(self, value: Any, locale: str) -> str | None:
        """Return the label of an allowed value, or None if the value has none."""
        pair = self.values.get(str(value))
        return None if pair is None else (pair[1] if locale.startswith("en") and pair[1] else pair[0])


def read_settings(data: bytes) -> Settings:
    """Read `procedure.toml`. Raises `SheetRefused` on bad TOML, unknown or missing entries."""
    try:
        entries = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise SheetRefused([_finding("procedure.toml", f"无法读取：{problem}", f"cannot be read: {problem}")]) from problem
    known = {item.name for item in fields(Settings)}
    found = [
        _finding("procedure.toml", f"不认识的设置“{name}”，请删除或更正", f"unknown entry {name!r}; remove or correct it")
        for name in entries.keys() - known
    ]
    for name in ("slug", "prefix", "title", "main"):
        if not entries.get(name):
            found.append(_finding("procedure.toml", f"缺少“{name}”", f"{name!r} is missing"))
    if found:
        raise SheetRefused(found)
    return Settings(**entries)


def read_roles(data: bytes) -> dict[str, Role]:
    """Read `roles.csv` (key, zh, en, level, rights). Raises `SheetRefused`, also for a right no release may grant."""
    roles: dict[str, Role] = {}
    found: list[Finding] = []
    for line, row in _rows("roles.csv", data, ("key", "zh", "en", "level", "rights")):
        rights = frozenset(row["rights"].split())
        if rights - ROLE_RIGHTS:
            wrong = " ".join(sorted(rights - ROLE_RIGHTS))
            found.append(_finding("roles.csv", f"不能由制度授予的权限：{wrong}", f"a release cannot grant: {wrong}", line))
        roles[row["key"]] = Role(row["key"], row["zh"], row["en"], row["level"], rights)
    if found:
        raise SheetRefused(found)
    return roles


def read_clauses(data: bytes) -> dict[str, Clause]:
    """Read `clauses.csv` (id, kind, summary_zh, summary_en, support, target)."""
    columns = ("id", "kind", "summary_zh", "summary_en", "support", "target")
    rows = _rows("clauses.csv", data, columns)
    return {
        row["id"]: Clause(row["id"], row["kind"], row["summary_zh"], row["summary_en"], row["support"], tuple(row["target"].split()))
        for _, row in rows
    }


def read_variables(data: bytes) -> dict[str, Variable]:
    """Read `variables.csv`. Raises `SheetRefused`, also for an unknown kind of personal data."""
    variables: dict[str, Variable] = {}
    found: list[Finding] = []
    for line, row in _rows("variables.csv", data, ("name", "type", "unit", "values", "personal", "set_by", "zh", "en")):
        if row["personal"] not in PERSONAL_KINDS:
            kind = row["personal"]
            found.append(_finding("variables.csv", f"不认识的个人信息类别“{kind}”", f"unknown kind of personal data {kind!r}", line))
        variables[row["name"]] = Variable(
            row["name"], row["type"], row["unit"], _values(row["values"]), row["personal"], row["zh"], row["en"]
        )
    if found:
        raise SheetRefused(found)
    return variables


def _values(text: str) -> dict[str, tuple[str, str]]:
    pairs = [item.partition("=") for item in text.split(";") if item.strip()]
    return {value.strip(): (label.partition("|")[0].strip(), label.partition("|")[2].strip()) for value, _, label in pairs}


def _rows(file: str, data: bytes, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise SheetRefused([_finding(file, "请用 UTF-8 编码保存", "save the file as UTF-8")]) from problem
    reader = csv.DictReader(io.StringIO(text))
    missing = [name for name in columns if name not in (reader.fieldnames or ())]
    if missing:
        names = "、".join(missing)
        raise SheetRefused([_finding(file, f"缺少列：{names}", f"missing columns: {', '.join(missing)}")])
    for row in reader:
        yield reader.line_num, {name: (row.get(name) or "").strip() for name in columns}


def _finding(file: str, zh: str, en: str, line: int | None = None) -> Finding:
    return Finding(rule="sheet", zh=f"{file}：{zh}。", en=f"{file}: {en}.", file=file, line=line)
