"""Changing a unit's office hours: the rows before end, the new ones begin; nothing is taken out.

The event and the recomputation of open deadlines are `engine.runtime`'s: call `change_office_hours` there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise

from sqlalchemy import Connection, insert, or_, update

from engine.calendar.hours import seconds
from engine.calendar.revision import touch
from engine.errors import Invalid
from engine.store.keys import next_key
from engine.store.tables import office_hours

Hours = Mapping[int, Sequence[tuple[str, str]]]


class BadHours(Invalid):
    """Hours that cannot be: not HH:MM, closing before opening, or overlapping."""

    zh = "第 {weekday} 天的办公时间“{hours}”有误；应为 HH:MM，先开后关，且互不重叠（weekday 1 为周一）。"
    en = "The office hours {hours!r} of weekday {weekday} are wrong; give HH:MM, opening before closing, without overlaps (1 is Monday)."


def set_hours(db: Connection, unit_key: int, week: Hours, since: datetime) -> None:
    """Let a unit have these hours from `since` on: weekday (1 Monday … 7 Sunday) → [(opens, closes), …].

    An empty week gives the unit back to the hours of the nearest unit above, or the default. Raises `BadHours`.
    """
    spans = list(_checked(week))
    touch(db)
    column = office_hours.c
    running = update(office_hours).where(column.unit_key == unit_key, or_(column.valid_to.is_(None), column.valid_to > since))
    db.execute(running.where(column.valid_from <= since).values(valid_to=since))
    db.execute(running.where(column.valid_from > since).values(valid_to=column.valid_from))
    shared = {"unit_key": unit_key, "valid_from": since, "valid_to": None}
    rows = [{"key": next_key(db), "weekday": day, "opens": opens, "closes": closes, **shared} for day, opens, closes in spans]
    if rows:
        db.execute(insert(office_hours), rows)


def _checked(week: Hours) -> Iterator[tuple[int, str, str]]:
    for weekday, spans in sorted(week.items()):
        try:
            ends = [(seconds(opens), seconds(closes)) for opens, closes in sorted(spans)]
        except ValueError:
            ends = [(0, 0)]
        apart = all(before[1] < after[0] for before, after in pairwise(ends))
        if weekday not in range(1, 8) or not apart or any(opens >= closes for opens, closes in ends):
            raise BadHours(weekday=weekday, hours="、".join(f"{opens}–{closes}" for opens, closes in spans))
        yield from ((weekday, opens, closes) for opens, closes in sorted(spans))
