"""Functions on numbers (10.3.4.5)."""

from __future__ import annotations

import decimal
from datetime import timedelta
from decimal import Decimal
from typing import Any

from engine.feel.arithmetic import NUMBERS
from engine.feel.builtins.whole import whole
from engine.feel.functions import builtin
from engine.feel.limits import EXPONENT
from engine.feel.values import YearsMonths

_WHOLE = Decimal(0)
_SCALES = range(-EXPONENT + 33, EXPONENT + 33)  # −6111 … 6176, the bounds of decimal128


def rounded(value: Decimal, scale: Decimal, mode: str) -> Decimal | None:
    """Return the value with `scale` digits after the point (before it for negative scales); of a scale only the whole part counts."""
    digits = whole(scale.to_integral_value(decimal.ROUND_DOWN)) if scale.adjusted() < 12 else None
    if digits is None or digits not in _SCALES:
        return None
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -digits:
        return value
    wide = decimal.Context(prec=max(34, value.adjusted() + digits + 2), rounding=mode, Emax=99_999, Emin=-99_999)
    return NUMBERS.plus(value.quantize(Decimal(1).scaleb(-digits, wide), context=wide))


@builtin("decimal", "n: number", "scale: number")
def decimal_(value: Decimal, scale: Decimal) -> Decimal | None:
    """Return the value rounded half to even."""
    return rounded(value, scale, decimal.ROUND_HALF_EVEN)


@builtin("floor", "n: number")
@builtin("floor", "n: number", "scale: number")
def floor(value: Decimal, scale: Decimal = _WHOLE) -> Decimal | None:
    """Return the next number below."""
    return rounded(value, scale, decimal.ROUND_FLOOR)


@builtin("ceiling", "n: number")
@builtin("ceiling", "n: number", "scale: number")
def ceiling(value: Decimal, scale: Decimal = _WHOLE) -> Decimal | None:
    """Return the next number above."""
    return rounded(value, scale, decimal.ROUND_CEILING)


@builtin("round up", "n: number", "scale: number")
def round_up(value: Decimal, scale: Decimal) -> Decimal | None:
    """Round away from zero."""
    return rounded(value, scale, decimal.ROUND_UP)


@builtin("round down", "n: number", "scale: number")
def round_down(value: Decimal, scale: Decimal) -> Decimal | None:
    """Round towards zero."""
    return rounded(value, scale, decimal.ROUND_DOWN)


@builtin("round half up", "n: number", "scale: number")
def round_half_up(value: Decimal, scale: Decimal) -> Decimal | None:
    """Round to the nearest, halves away from zero."""
    return rounded(value, scale, decimal.ROUND_HALF_UP)


@builtin("round half down", "n: number", "scale: number")
def round_half_down(value: Decimal, scale: Decimal) -> Decimal | None:
    """Round to the nearest, halves towards zero."""
    return rounded(value, scale, decimal.ROUND_HALF_DOWN)


@builtin("abs", "n: number|days and time duration|years and months duration")
def abs_(value: Any) -> Any:
    """Return a number or duration without its sign."""
    if isinstance(value, YearsMonths):
        return YearsMonths(abs(value.months))
    return abs(value) if isinstance(value, timedelta) else NUMBERS.abs(value)


@builtin("modulo", "dividend: number", "divisor: number")
def modulo(dividend: Decimal, divisor: Decimal) -> Decimal | None:
    """Return `dividend - divisor * floor(dividend / divisor)`: the sign of the divisor."""
    if not divisor:
        return None
    rest = NUMBERS.remainder(dividend, divisor)
    return NUMBERS.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest


@builtin("sqrt", "number: number")
def sqrt(value: Decimal) -> Decimal | None:
    """Return the square root, null below zero."""
    return None if value < 0 else NUMBERS.sqrt(value)


@builtin("log", "number: number")
def log(value: Decimal) -> Decimal | None:
    """Return the natural logarithm, null up to zero."""
    return None if value <= 0 else NUMBERS.ln(value)


@builtin("exp", "number: number")
def exp(value: Decimal) -> Decimal:
    """Return e to the power of the number."""
    return NUMBERS.exp(value)


@builtin("odd", "number: number")
def odd(value: Decimal) -> bool | None:
    """Return whether a whole number is odd."""
    return None if value != value.to_integral_value() else value.adjusted() < 34 and int(value) % 2 == 1


@builtin("even", "number: number")
def even(value: Decimal) -> bool | None:
    """Return whether a whole number is even."""
    return None if value != value.to_integral_value() else value.adjusted() >= 34 or int(value) % 2 == 0
