"""A list of holidays and make-up workdays, as the State Council announces it every autumn: read, previewed, stored.

CSV with the columns `day,kind,name` (or 日期,类型,名称): an ISO date; holiday or workday (放假, 上班); the festival. A list that
names New Year's Day, Labour Day and National Day of a year makes that year known and replaces whatever was known of it
from the program or from the same source; any other list is laid over, day by day. The event and the recomputation of
open deadlines are `engine.runtime`'s: call `import_holidays` there.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, func, insert, select

from engine import clock
from engine.calendar.days import BUILT_IN, Day, Listed, complete_years, full_name
from engine.calendar.revision import touch
from engine.calendar.snapshot import Calendar, listed, read
from engine.errors import Invalid
from engine.model import Finding
from engine.store.tables import holiday

COLUMNS = {"day": "day", "日期": "day", "kind": "kind", "类型": "kind", "name": "name", "名称": "name"}
KINDS = {"holiday": "holiday", "放假": "holiday", "休": "holiday", "workday": "workday", "上班": "workday", "班": "workday"}
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


class ListRefused(Invalid):
    """A list that cannot be read; `findings` names every line."""

    zh = "放假安排清单有 {count} 处错误：{first}"
    en = "The list of holidays has {count} errors: {first}"

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(count=len(findings), first=findings[0].zh)
        self.findings = findings

    def text(self, locale: str = "zh") -> str:
        """Return the sentence with the first finding in the reader's language."""
        self.facts["first"] = self.findings[0].text(locale)
        return super().text(locale)


@dataclass(frozen=True, slots=True)
class Change:
    """A day that would be different."""

    before: Day
    after: Day


@dataclass(frozen=True, slots=True)
class Preview:
    """What a list would do, before it is stored: `changes` in order of their days; `complete` the years it makes known.

    `incomplete` are years it touches that stay provisional. `calendar` is the calendar as it would be.
    """

    days: tuple[Listed, ...]
    changes: tuple[Change, ...]
    complete: tuple[int, ...]
    incomplete: tuple[int, ...]
    calendar: Calendar

    @property
    def is_new(self) -> bool:
        """False when everything stands in the calendar already."""
        return bool(self.changes)


def read_list(data: bytes | str, source: str = "") -> tuple[Listed, ...]:
    """Read a list (UTF-8, or GB18030 as Excel saves it in China). Raises `ListRefused` with every wrong line."""
    reader = csv.DictReader(io.StringIO(_text(data)))
    columns = {COLUMNS.get((name or "").strip()): name for name in reader.fieldnames or ()}
    if not {"day", "kind"} <= columns.keys():
        raise ListRefused([_finding("缺少列 day、kind 或 name", "the columns day, kind and name are needed", 1)])
    found: dict[date, Listed] = {}
    wrong: list[Finding] = []
    for row in reader:
        day = _day(row[columns["day"]])
        kind = KINDS.get((row[columns["kind"]] or "").strip().lower())
        if day is None or kind is None or day in found:
            wrong.append(_refused(row[columns["day"]], row[columns["kind"]], day, kind, reader.line_num))
            continue
        found[day] = Listed(day, kind, full_name((row[columns["name"]] or "").strip() if "name" in columns else ""), source)
    if not found and not wrong:
        wrong = [_finding("没有任何日期", "it names no day", 1)]
    if wrong:
        raise ListRefused(wrong)
    return tuple(found.values())


def preview(db: Connection, data: bytes | str, source: str) -> Preview:
    """Tell what a list would change, without storing anything. Raises `ListRefused`."""
    present = listed(db)
    version = 1 + max((row.version for row in present), default=BUILT_IN)
    days = tuple(replace(day, version=version) for day in read_list(data, source))
    before, after = read(db), read(db, days)
    touched = sorted(before.days.listed.keys() | after.days.listed.keys())
    pairs = [Change(before.days.day(day), after.days.day(day)) for day in touched]
    changes = tuple(pair for pair in pairs if _said(pair.before) != _said(pair.after))
    complete = tuple(sorted(complete_years(days)))
    incomplete = tuple(sorted({day.day.year for day in days} - after.days.known))
    return Preview(days, changes, complete, incomplete, after)


def store_list(db: Connection, days: tuple[Listed, ...]) -> int:
    """Store the days of a list as the next version of the calendar and return its number."""
    touch(db)  # imports queue up here, so no two take the same number
    version = 1 + (db.execute(select(func.max(holiday.c.version))).scalar() or BUILT_IN)
    shared = {"version": version, "imported_at": clock.now()}
    rows = [{"day": day.day, "kind": day.kind, "name": day.name, "source": day.source, **shared} for day in days]
    db.execute(insert(holiday), rows)
    return version


def _said(day: Day) -> tuple[str, str, bool]:
    return day.kind, day.name, day.known


def _text(data: bytes | str) -> str:
    if isinstance(data, str):
        return data.removeprefix("\ufeff")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", errors="replace")


def _day(text: str | None) -> date | None:
    match = DAY.fullmatch((text or "").strip())
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def _refused(day_text: str | None, kind_text: str | None, day: date | None, kind: str | None, line: int) -> Finding:
    if day is None:
        return _finding(f"“{day_text or ''}”不是日期", f"{day_text or ''!r} is not a date", line)
    if kind is None:
        return _finding(f"类型“{kind_text or ''}”应为 holiday 或 workday", f"the kind {kind_text or ''!r} must be holiday or workday", line)
    return _finding(f"{day} 出现了两次", f"{day} is listed twice", line)


def _finding(zh: str, en: str, line: int) -> Finding:
    return Finding(rule="holidays", zh=f"第 {line} 行：{zh}。", en=f"Line {line}: {en}.", line=line)
