"""What a typed value must satisfy, one small function per rule. Each answers the errors it finds at a place.

Source of the rules: Camunda Forms' `validate` and the attributes of the types (schema version 19). Unlike form-js, a choice must be
one that is really offered, a moment that must not lie in the past must not lie in the past, and blanks alone are no text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from engine import clock
from engine.forms import patterns, values, wording
from engine.forms.live import Live, Place
from engine.forms.model import TEXTS, FieldError

_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,63}")
_MOBILE = re.compile(r"(?:(?:\+|00)?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}", re.ASCII)
_LANDLINE = re.compile(
    r"(?:0|(?:\+|00)86[ -]?0?)(?:(?:10|2\d)[ -]?\d{4}[ -]?\d{4}|[3-9]\d{2}[ -]?\d{3,4}[ -]?\d{4})(?:(?:-| ?转 ?| ?ext\.? ?)\d{1,6})?",
    re.ASCII,
)


def broken(live: Live, place: Place) -> Iterator[FieldError]:
    """Yield what is wrong with the value at a place; an empty value can only be missing."""
    found = live.read[place]
    if found.problem:
        yield wording.error(live, place, found.problem)
    elif values.is_empty(place.component, found.value):
        if place.component.validate.get("required") is True:
            yield wording.error(live, place, "required")
    else:
        for rule in RULES.get(place.component.type, ()):
            yield from rule(live, place, found.value)


def is_phone(text: str) -> bool:
    """Tell whether a text is a Chinese mobile number, or a landline number with its area code (an extension may follow)."""
    number = " ".join(re.sub(r"[()（）]", " ", text).split())
    return bool(_MOBILE.fullmatch(number) or _LANDLINE.fullmatch(number))


def is_email(text: str) -> bool:
    """Tell whether a text has the form of an e-mail address (at most 254 characters, RFC 5321)."""
    return len(text) <= 254 and bool(_EMAIL.fullmatch(text))


def limit(live: Live, place: Place, name: str) -> int | Decimal | None:
    """Return `min`, `maxLength` … of a component as a number; FEEL is evaluated, what is no number sets no limit."""
    value = place.component.validate.get(name)
    if isinstance(value, str) and value.startswith("="):
        value = live.evaluate(value, place)
    number = _decimal(value)
    return values.plain(number) if number is not None and number.is_finite() else None


def most_characters(live: Live, place: Place) -> int:
    """Return how many characters a text may have: its own limit, or what holds for its type."""
    own = limit(live, place, "maxLength")
    return min(int(own), values.MOST_CHARACTERS_EVER) if own is not None else values.MOST_CHARACTERS[place.component.type]


def earliest(place: Place) -> date | None:
    """Return the first day, or moment (to the minute), that a component allows; None where the past is allowed."""
    if not place.component.settings.get("disallowPassedDates") or place.component.subtype == "time":
        return None
    now = clock.now().astimezone(clock.ZONE).replace(second=0, microsecond=0)
    return now if place.component.subtype == "datetime" else now.date()


def _length(live: Live, place: Place, value: str) -> Iterator[FieldError]:
    least, most = limit(live, place, "minLength"), most_characters(live, place)
    if least is not None and len(value) < least:
        yield wording.error(live, place, "min_length", least)
    if len(value) > most:
        yield wording.error(live, place, "max_length", most, found=len(value))


def _format(live: Live, place: Place, value: str) -> Iterator[FieldError]:
    kind = place.component.validate.get("validationType")
    if kind == "email" and not is_email(value):
        yield wording.error(live, place, "email")
    elif kind == "phone" and not is_phone(value):
        yield wording.error(live, place, "phone")
    pattern = place.component.validate.get("pattern") if kind in (None, "", "custom") else None
    if pattern and not patterns.matches(pattern, value[: values.MOST_CHARACTERS_EVER]):
        yield wording.error(live, place, "pattern", pattern)


def _steps(live: Live, place: Place, value: Any) -> Iterator[FieldError]:
    """Decimal places, then increments, which count from zero."""
    number, digits = Decimal(value), place.component.settings.get("decimalDigits")
    if isinstance(digits, int) and values.decimals(number) > digits:
        yield wording.error(live, place, "decimals" if digits else "integer", digits)
        return
    step = _decimal(place.component.settings.get("increment"))
    over = values.remainder(number, step) if step else Decimal(0)
    if step and over:
        below = number - over - (step if number < 0 else 0)
        yield wording.error(live, place, "increment", values.plain(step), near=(values.plain(below), values.plain(below + step)))


def _range(live: Live, place: Place, value: Any) -> Iterator[FieldError]:
    least, most = limit(live, place, "min"), limit(live, place, "max")
    if least is not None and Decimal(value) < least:
        yield wording.error(live, place, "min", least)
    if most is not None and Decimal(value) > most:
        yield wording.error(live, place, "max", most)


def _past(live: Live, place: Place, value: str) -> Iterator[FieldError]:
    first = earliest(place)
    if first is None:
        return
    given = datetime.fromisoformat(value) if isinstance(first, datetime) else date.fromisoformat(value)
    if given < first:
        yield wording.error(live, place, "past", first)


def _decimal(value: Any) -> Decimal | None:
    try:
        return None if value is None or isinstance(value, bool) else Decimal(str(value))
    except InvalidOperation:
        return None


Rule = Callable[[Live, Place, Any], Iterator[FieldError]]
RULES: dict[str, tuple[Rule, ...]] = {
    **dict.fromkeys(TEXTS, (_length, _format)),
    "number": (_steps, _range),
    "datetime": (_past,),
}
