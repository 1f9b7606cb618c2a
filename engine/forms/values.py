"""From what came in to a typed value: text of an HTML field and JSON of REST alike, one small function per component type.

Empty is None everywhere (no text, nothing chosen); an unticked checkbox is False. A value that cannot be read keeps its raw
form and names its problem, so that the page can show again what was typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Context, Decimal
from typing import Any

from engine import clock
from engine.forms.model import CHOICES, LISTS, TEXTS, Component, Option
from engine.model import Json

MOST_CHARACTERS = {"textfield": 1_000, "textarea": 20_000}  # where the form says nothing; its own maxLength may be larger …
MOST_CHARACTERS_EVER = 100_000  # … up to here
MOST_DIGITS = 34  # what FEEL keeps (DMN 1.5, 10.3.2.3.1: IEEE 754 decimal128)
FIRST_YEAR, LAST_YEAR = 1900, 2999  # a browser sends 0202-01-01 when someone types a year too quickly

_NUMBER = re.compile(r"[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})([eE][+-]?\d{1,2})?", re.ASCII)
_WIDE = Context(prec=100)  # nothing that passes `_NUMBER` is rounded in it
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?", re.ASCII)
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_BREAKS_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # can make a text read as another


@dataclass(frozen=True, slots=True)
class Read:
    """A value with its type, or as it came together with the rule it breaks."""

    value: Any
    problem: str = ""


def read(component: Component, raw: Any, options: tuple[Option, ...] = ()) -> Read:
    """Return the typed value of what was entered for the component; `options` are those really offered."""
    if component.type in LISTS:
        return _chosen_list(raw, options)
    if component.type == "checkbox":
        return _ticked(raw)
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return Read(None)
    if component.type in CHOICES:
        return _chosen(raw, options)
    return READERS[component.type](component, raw)


def is_empty(component: Component, value: Any) -> bool:
    """Tell whether a required component still lacks its value; an unticked required checkbox does."""
    return value is None or value == [] or (component.type == "checkbox" and value is not True)


def plain(number: Decimal) -> int | Decimal:
    """Return a whole number as int, others as a Decimal without trailing zeros."""
    return int(number) if number == number.to_integral_value() else number.normalize(_WIDE)


def token(value: Json | Decimal) -> str:
    """Write the value of an option as the one text that stands for it in HTML."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, int | float | Decimal):
        return _digits(Decimal(str(value)))
    if isinstance(value, list):
        return "[" + ",".join(token(item) for item in value) + "]"
    return "{" + ",".join(f"{name}:{token(value[name])}" for name in sorted(value)) + "}"


def decimals(number: Decimal) -> int:
    """Return how many decimal places a number really has."""
    exponent = number.normalize(_WIDE).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def remainder(number: Decimal, step: Decimal) -> Decimal:
    """Return what is left of a number after whole steps, exactly, with the number's sign."""
    return _WIDE.remainder(number, step)


def _digits(number: Decimal) -> str:
    """A number without exponent, unless that would take more than a line."""
    return format(number.normalize(_WIDE), "f") if abs(number.adjusted()) < 100 else str(number)


def _text(component: Component, raw: Any) -> Read:
    if isinstance(raw, int | float | Decimal) and not isinstance(raw, bool):
        raw = str(raw)
    if not isinstance(raw, str):
        return Read(raw, "text")
    text = raw.replace("\r\n", "\n").replace("\r", "\n").strip()
    allowed = "\n\t" if component.type == "textarea" else "\t"
    if any(character not in allowed and _is_control(character) for character in text):
        return Read(raw, "control")
    return Read(text)


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs") or character in _BREAKS_DIRECTION


def _number(component: Component, raw: Any) -> Read:
    text = unicodedata.normalize("NFKC", raw).strip() if isinstance(raw, str) else str(raw)
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal) or len(text) > 90 or not _NUMBER.fullmatch(text):
        return Read(raw, "number")
    number = Decimal(text)
    if len(number.as_tuple().digits) > MOST_DIGITS or abs(number.adjusted()) > MOST_DIGITS:
        return Read(raw, "digits")
    value = plain(number)
    return Read(token(value) if component.settings.get("serializeToString") else value)


def _moment(component: Component, raw: Any) -> Read:
    if not isinstance(raw, str):
        return Read(raw, component.subtype)
    return MOMENTS[component.subtype](raw.strip())


def _date(text: str) -> Read:
    try:
        day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        return Read(text, "date")
    return Read(text) if FIRST_YEAR <= day.year <= LAST_YEAR else Read(text, "year")


def _time(text: str) -> Read:
    return Read(time.fromisoformat(text).isoformat(timespec="seconds")) if _TIME.fullmatch(text) else Read(text, "time")


def _date_time(text: str) -> Read:
    """A page sends local time without a zone (Asia/Shanghai); REST may name any zone. Stored is Shanghai's time with +08:00."""
    try:
        moment = datetime.fromisoformat(text) if _DATE_TIME.fullmatch(text) else None
    except ValueError:
        moment = None
    if moment is None:
        return Read(text, "datetime")
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return Read(text, "year")
    return Read(local(moment).isoformat(timespec="seconds"))


def local(moment: datetime) -> datetime:
    """Return the moment in Shanghai's time; one without a zone is meant as Shanghai's already."""
    return moment.replace(tzinfo=clock.ZONE) if moment.tzinfo is None else moment.astimezone(clock.ZONE)


def _ticked(raw: Any) -> Read:
    if isinstance(raw, str):
        raw = {"true": True, "on": True, "1": True, "false": False, "off": False, "0": False, "": False}.get(raw.strip().lower(), raw)
    if raw is None or isinstance(raw, bool):
        return Read(bool(raw))
    return Read(raw, "boolean")


def _chosen(raw: Any, options: tuple[Option, ...]) -> Read:
    """An exact value first (REST), then the text that stands for it (HTML)."""
    for option in options:
        if type(option.value) is type(raw) and option.value == raw:
            return Read(option.value)
    for option in options:
        if isinstance(raw, str | int | Decimal | float) and option.token == token(raw):
            return Read(option.value)
    return Read(raw, "option")


def _chosen_list(raw: Any, options: tuple[Option, ...]) -> Read:
    if raw is None or raw == "" or raw == []:
        return Read(None)
    if not isinstance(raw, list):
        raw = [raw]
    if len(raw) > max(len(options), 1) * 2:
        return Read(raw, "option")
    read = [_chosen(item, options) for item in raw]
    problem = next((item.problem for item in read if item.problem), "")
    chosen: list[Any] = []
    for item in read:
        if item.value not in chosen:
            chosen.append(item.value)
    return Read(raw if problem else chosen, problem)


READERS: dict[str, Callable[[Component, Any], Read]] = {
    **dict.fromkeys(TEXTS, _text),
    "number": _number,
    "datetime": _moment,
}
MOMENTS: dict[str, Callable[[str], Read]] = {"date": _date, "time": _time, "datetime": _date_time}
