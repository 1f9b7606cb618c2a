"""Lists of holidays as an administrator holds them, and moments in Shanghai."""

from __future__ import annotations

from datetime import datetime

from engine import clock

# What the arrangement for 2027 might look like: New Year's Day is a Friday, the Sunday after Spring Festival is worked.
OF_2027 = """day,kind,name
2027-01-01,holiday,元旦
2027-01-02,holiday,元旦
2027-01-03,holiday,元旦
2027-02-05,holiday,春节
2027-02-06,holiday,春节
2027-02-07,holiday,春节
2027-02-08,holiday,春节
2027-02-14,workday,春节
2027-05-01,holiday,劳动节
2027-10-01,holiday,国庆节
"""
COUNCIL = "国务院办公厅关于2027年部分节假日安排的通知"


def at(text: str) -> datetime:
    """The moment `2026-09-30 15:00` (or with seconds) in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=clock.ZONE)


def shown(moment: datetime) -> str:
    return moment.astimezone(clock.ZONE).strftime("%Y-%m-%d %H:%M:%S")
