"""Writes values: as FEEL's `string()` does, and as JSON."""

from __future__ import annotations

from datetime import time, timedelta, tzinfo
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel import limits, moments
from engine.feel.moments import Date, DateTime, Time
from engine.feel.tokens import KEYWORDS
from engine.feel.values import Range, YearsMonths, incoming, kind


def to_text(value: Any) -> str:
    """Return FEEL's `string(value)`; `null` for null. Strings inside lists and contexts are quoted, so that the text reads back as FEEL."""
    return written(incoming(value))


def written(value: Any) -> str:
    """Like `to_text`, for what is a FEEL value already."""
    return value if type(value) is str else limits.text_of("".join(_pieces(value)))


def to_json(value: Any) -> Any:
    """Return the value as JSON knows it: whole numbers as int, others as Decimal; dates, times, durations and ranges as FEEL text."""
    return _json(incoming(value))


def _json(value: Any) -> Any:
    if type(value) is Decimal:
        return int(value) if value == value.to_integral_value() and value.adjusted() < 64 else value
    if value is None or type(value) in (str, bool):
        return value
    if type(value) is list:
        limits.spend(len(value) + 1)
        return [_json(item) for item in value]
    if type(value) is dict:
        limits.spend(len(value) + 1)
        return {key: _json(item) for key, item in value.items()}
    return written(value)


def quoted(text: str) -> str:
    """Return a FEEL string literal for the text."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    return f'"{escaped}"'


def _pieces(value: Any) -> list[str]:
    """The text in pieces; walks with its own stack and a bound, because values may share parts and explode."""
    out: list[str] = []
    stack: list[tuple[bool, Any]] = [(False, value)]
    size = 0
    while stack:
        raw, item = stack.pop()
        if raw:
            out.append(item)
        elif type(item) is list:
            stack.extend(_reversed("[", "]", [[(False, part)] for part in item]))
        elif type(item) is dict:
            stack.extend(_reversed("{", "}", [[(True, f"{key_text(key)}: "), (False, part)] for key, part in item.items()]))
        elif type(item) is Range:
            stack.extend(reversed(_range_parts(item)))
        else:
            out.append(quoted(item) if type(item) is str else _scalar(item))
        size += len(out[-1]) if out else 1
        if size > limits.STRING or len(stack) > limits.STRING:
            raise limits.LimitReached(f"文本超过 {limits.STRING} 个字符。", f"A text grew beyond {limits.STRING} characters.")
    return out


def _reversed(start: str, end: str, entries: list[list[tuple[bool, Any]]]) -> list[tuple[bool, Any]]:
    parts: list[tuple[bool, Any]] = [(True, start)]
    for index, entry in enumerate(entries):
        if index:
            parts.append((True, ", "))
        parts.extend(entry)
    return [(True, end), *reversed(parts)]


def _range_parts(value: Range) -> list[tuple[bool, Any]]:
    if value.form == "!=":
        return [(True, "(!="), (False, value.start), (True, ")")]
    if value.form == "half" and value.start is None:
        return [(True, "(<=" if value.end_included else "(<"), (False, value.end), (True, ")")]
    if value.form == "half":
        return [(True, "(>=" if value.start_included else "(>"), (False, value.start), (True, ")")]
    opening, closing = "[" if value.start_included else "(", "]" if value.end_included else ")"
    return [(True, opening), (False, value.start), (True, ".."), (False, value.end), (True, closing)]


def key_text(key: str) -> str:
    """Return a key of a context as FEEL writes it, quoted when it is no plain name."""
    return key if key.isidentifier() and key not in KEYWORDS else quoted(key)


def _scalar(value: Any) -> str:
    known = kind(value)
    writer = _WRITERS.get(known)
    return known if writer is None else writer(value)


def _number(value: Decimal) -> str:
    if not value:
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _date(value: Date) -> str:
    sign = "-" if value.year < 0 else ""
    return f"{sign}{abs(value.year):04d}-{value.month:02d}-{value.day:02d}"


def _time(value: Time) -> str:
    nanos = value.microsecond * 1000 if isinstance(value, time) else value.nanosecond
    fraction = f".{nanos:09d}".rstrip("0") if nanos else ""
    return f"{value.hour:02d}:{value.minute:02d}:{value.second:02d}{fraction}{_zone(value.tzinfo)}"


def _zone(zone: tzinfo | None) -> str:
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return f"@{zone.key}"
    seconds = int((zone.utcoffset(None) or timedelta(0)).total_seconds())
    if not seconds:
        return "Z"
    sign, seconds = ("-" if seconds < 0 else "+"), abs(seconds)
    rest = f":{seconds % 60:02d}" if seconds % 60 else ""
    return f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}{rest}"


def _date_time(value: DateTime) -> str:
    return f"{_date(moments.date_part(value))}T{_time(moments.time_part(value))}"


def _duration(value: timedelta) -> str:
    nanos = moments.delta_nanos(value)
    if not nanos:
        return "PT0S"
    sign, nanos = ("-" if nanos < 0 else ""), abs(nanos)
    seconds, fraction = divmod(nanos, moments.NANOS)
    days, hours, minutes, rest = seconds // 86_400, seconds // 3600 % 24, seconds // 60 % 60, seconds % 60
    last = f"{rest}" + (f".{fraction:09d}".rstrip("0") if fraction else "")
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "") + (f"{last}S" if rest or fraction else "")
    return f"{sign}P" + (f"{days}D" if days else "") + (f"T{clock}" if clock else "")


def _months(value: YearsMonths) -> str:
    return str(value)


def _boolean(value: bool) -> str:
    return "true" if value else "false"


_WRITERS: dict[str, Any] = {
    "null": lambda value: "null",
    "boolean": _boolean,
    "number": _number,
    "date": _date,
    "time": _time,
    "date and time": _date_time,
    "days and time duration": _duration,
    "years and months duration": _months,
}
