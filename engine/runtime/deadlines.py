"""Due times: `due(stage)` by the procedure's table, and the lines that explain one.

Here: clock time (minute, hour), natural days, the end of the next day, and a date entered on the case. Working time
comes with the calendar. A deadline never ends a task; it is shown, and noted when it passes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from engine import clock, feel
from engine.errors import Broken
from engine.model import Deadline

STEPS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}


class UnknownUnit(Broken):
    """The table asks for a unit that cannot be counted."""

    zh = "时限表 {stage} 行的单位“{unit}”无法计算；可用：minute、hour、day、nextDayEnd、dateOnCase。"
    en = "The deadline of {stage} has the unit {unit!r}, which cannot be counted; use minute, hour, day, nextDayEnd or dateOnCase."


class NotADate(Broken):
    """The variable named by a `dateOnCase` row holds something else."""

    zh = "案件上的“{variable}”不是日期时间：{value}"
    en = "{variable!r} on the case is not a date and time: {value}"


@dataclass(frozen=True, slots=True)
class Moments:
    """Where a deadline may start: the task itself, the case, or a named element of the case."""

    task: Callable[[bool], datetime]  # argument: the first occurrence in this handling?
    case: datetime
    element: Callable[[str, bool], datetime | None]


def compute(stage: str, row: Mapping[str, Any], variables: Mapping[str, Any], moments: Moments) -> Deadline | None:
    """Return the deadline a row of the table gives, or None when its date is not entered yet. Raises `UnknownUnit`, `NotADate`."""
    unit, start, first = str(row.get("unit")), str(row.get("from") or "task"), row.get("again") != "each"
    facts = {
        "stage": stage,
        "amount": row.get("amount"),
        "unit": unit,
        "from": start,
        "clause": row.get("clause"),
        "origin": row.get("origin"),
    }
    if unit == "dateOnCase":
        due = entered(start, variables.get(start))
        return None if due is None else Deadline(due, facts)
    begin = moments.case if start == "case" else moments.task(first) if start == "task" else moments.element(start, first)
    if begin is None:
        return None
    due = _add(begin, stage, unit, int(row.get("amount") or 0))
    return Deadline(due, {**facts, "began": begin.astimezone(UTC).isoformat()})


def entered(variable: str, value: Any) -> datetime | None:
    """Return the moment a date variable of the case means (a date alone: its last second); None if it is empty."""
    if value is None or value == "":
        return None
    found = feel.parse_date_time(str(value))
    if not isinstance(found, datetime):
        day = feel.parse_date(str(value))
        if not isinstance(day, date):
            raise NotADate(variable=variable, value=value)
        found = datetime.combine(day, time(23, 59, 59))
    return aware(found)


def aware(moment: datetime) -> datetime:
    """Return the moment in UTC; without a zone it is the time of Shanghai (Q39)."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=clock.ZONE)).astimezone(UTC)


def _add(begin: datetime, stage: str, unit: str, amount: int) -> datetime:
    if unit in STEPS:
        return begin + amount * STEPS[unit]
    if unit == "nextDayEnd":
        day = begin.astimezone(clock.ZONE).date() + timedelta(days=1)
        return datetime.combine(day, time(23, 59, 59), clock.ZONE).astimezone(UTC)
    raise UnknownUnit(stage=stage, unit=unit)
