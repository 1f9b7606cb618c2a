"""Due times: `due(stage)` by the procedure's table, and the facts that explain one.

A deadline counts clock time (minute, hour), natural days, working days or working hours of the case's unit, ends with the next
day, or is a date entered on the case. Both its ends belong to it, to the second: what is done in the second of the due
time is done in time. A deadline never ends a task; it is shown, and noted when it passes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine import clock, feel
from engine.bpmn import Element
from engine.calendar import Reckoned, Skipped, WorkingTime
from engine.errors import Broken
from engine.model import Deadline

STEPS = {"minute": 60, "hour": 3600, "day": 86_400}
WORKING = {"workingDay", "workingHour"}
MINUTES = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d", re.ASCII)
MOST = timedelta(days=36_600)


class UnknownUnit(Broken):
    """The table asks for a unit that cannot be counted."""

    zh = "时限表 {stage} 行的单位“{unit}”无法计算；可用：minute、hour、day、workingDay、workingHour、nextDayEnd、dateOnCase。"
    en = "The deadline of {stage} has the unit {unit!r}; use minute, hour, day, workingDay, workingHour, nextDayEnd or dateOnCase."


class BadAmount(Broken):
    """The table gives a number that cannot be counted, or none."""

    zh = "时限表 {stage} 行的数值“{amount}”无法计算；单位 {unit} 须为不小于 0 的数，工作日须为整数。"
    en = "The deadline of {stage} has the amount {amount!r}; {unit} needs a number not below 0, a whole one for working days."


class NotADate(Broken):
    """The variable named by a `dateOnCase` row holds something else."""

    zh = "案件上的“{variable}”不是日期时间：{value}"
    en = "{variable!r} on the case is not a date and time: {value}"


@dataclass(frozen=True, slots=True)
class Start:
    """Where a deadline begins: the moment, and the element that was passed then."""

    at: datetime
    element: Element


@dataclass(frozen=True, slots=True)
class Moments:
    """Where a deadline may start (the task itself, the case, an element of the case), and the working time it may count."""

    task: Callable[[bool], datetime]  # argument: the first occurrence in this handling?
    case: datetime
    element: Callable[[str, bool], Start | None]
    working: Callable[[], WorkingTime]


def compute(stage: str, row: Mapping[str, Any], variables: Mapping[str, Any], moments: Moments) -> Deadline | None:
    """Return the deadline a row of the table gives, or None when its date is not entered or its start has not happened yet.

    Raises `UnknownUnit`, `BadAmount`, `NotADate`, and what the calendar raises.
    """
    start, first = str(row.get("from") or "task"), row.get("again") != "each"
    facts = {"stage": stage, "amount": feel.to_json(row.get("amount")), "unit": str(row.get("unit")), "from": start}
    facts |= {name: row.get(name) for name in ("clause", "origin")}
    if facts["unit"] == "dateOnCase":
        due = entered(start, variables.get(start))
        return None if due is None else Deadline(due, facts)
    if start in ("task", "case"):
        began = moments.task(first) if start == "task" else moments.case
    else:
        found = moments.element(start, first)
        if found is None:
            return None
        began, facts = found.at, facts | _named(found.element)
    return count({**facts, "began": began.astimezone(UTC).replace(microsecond=0).isoformat()}, moments.working)


def count(facts: Mapping[str, Any], working: Callable[[], WorkingTime]) -> Deadline:
    """Return the deadline that stored facts give under a calendar: the same as before, or what it is now.

    Raises `UnknownUnit`, `BadAmount`, and what the calendar raises.
    """
    began, unit = datetime.fromisoformat(facts["began"]), facts["unit"]
    if unit == "nextDayEnd":
        day = began.astimezone(clock.ZONE).date() + timedelta(days=1)
        return Deadline(datetime.combine(day, time(23, 59, 59), clock.ZONE).astimezone(UTC), dict(facts))
    if unit not in STEPS and unit not in WORKING:
        raise UnknownUnit(stage=facts["stage"], unit=unit)
    amount = _amount(facts)
    if unit in STEPS:
        return Deadline(began + timedelta(seconds=int(amount * STEPS[unit])), dict(facts))
    if unit == "workingDay":
        reckoned = working().add_days(began, int(amount))
    else:
        reckoned = working().add_time(began, timedelta(seconds=int(amount * 3600)))
    return Deadline(reckoned.due, {**facts, **_basis(reckoned)})


def is_late(due: datetime, at: datetime) -> bool:
    """Say whether a due time has passed: its own second still belongs to it."""
    return due < at.replace(microsecond=0)


def entered(variable: str, value: Any) -> datetime | None:
    """Return the moment a date variable of the case means (a date alone: its last second); None if it is empty."""
    if value is None or value == "":
        return None
    found = moment(str(value), time(23, 59, 59))
    if found is None:
        raise NotADate(variable=variable, value=value)
    return found


def moment(value: Any, of_a_day: time) -> datetime | None:
    """Return the moment in UTC that a FEEL value or the text of a variable means, None if it means none.

    A date stands for that time of it; seconds may be left out; without a zone it is the time of Shanghai.
    """
    if isinstance(value, str):
        # a date first: FEEL reads one as a date and time too, at midnight
        value = feel.parse_date(value) or feel.parse_date_time(value + ":00" if MINUTES.fullmatch(value) else value)
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, of_a_day)
    try:
        return aware(value) if isinstance(value, datetime) else None
    except OverflowError:
        return None


def aware(at: datetime) -> datetime:
    """Return the moment in UTC; without a zone it is the time of Shanghai (Q39)."""
    return (at if at.tzinfo else at.replace(tzinfo=clock.ZONE)).astimezone(UTC)


def _amount(facts: Mapping[str, Any]) -> Decimal:
    amount, unit = facts["amount"], facts["unit"]
    good = isinstance(amount, int | Decimal) and not isinstance(amount, bool) and amount >= 0
    if not good or (unit == "workingDay" and amount != int(amount)) or amount * STEPS.get(unit, 0) > MOST.total_seconds():
        raise BadAmount(stage=facts["stage"], amount=amount, unit=unit)
    return Decimal(amount)


def _named(element: Element) -> dict[str, Any]:
    name = element.label
    return {"from_name": name, "from_name_en": element.name_en or name, "from_kind": "task" if element.kind.endswith("Task") else "event"}


def _basis(reckoned: Reckoned) -> dict[str, Any]:
    """Return what a reckoning rests on, as facts: dates as ISO text, `unknown` the years without data (provisional)."""
    day = reckoned.landed
    return {
        "counted": reckoned.counted.isoformat(),
        "office": [str(span) for span in reckoned.office],
        "office_unit": None if reckoned.unit is None else str(reckoned.unit),
        "calendar": [list(pair) for pair in reckoned.basis.versions],
        "unknown": list(reckoned.basis.unknown),
        "skipped": [_skipped(item) for item in reckoned.basis.skipped],
        "landed": {"kind": day.kind, "name": day.name, "name_en": day.name_en},
    }


def _skipped(item: Skipped) -> dict[str, Any]:
    dates = {"first": item.first.isoformat(), "last": item.last.isoformat()}
    return {**dates, "kind": item.kind, "name": item.name, "name_en": item.name_en}
