"""FEEL, the only language a diagram, table or form can contain (DMN 1.5, chapter 10).

`compile(text)` gives an Expression of closures; `evaluate` follows FEEL: what goes wrong is null and a warning. Knows no calendar and
no case: functions of the host are passed in. Nothing of Python can be reached from FEEL text.
"""

from __future__ import annotations

from engine.feel.builtins import BUILTINS
from engine.feel.errors import SyntaxError_, Warning
from engine.feel.expression import Expression, UnaryTest, compile, compile_unary, evaluate, unary
from engine.feel.functions import HostFunction, HostRefusal
from engine.feel.literals import parse_date, parse_date_time, parse_duration, parse_time
from engine.feel.text import to_json, to_text
from engine.feel.types import ANY as ANY_TYPE
from engine.feel.values import Range, YearsMonths

__all__ = [
    "ANY_TYPE",
    "BUILTINS",
    "Expression",
    "HostFunction",
    "HostRefusal",
    "Range",
    "SyntaxError_",
    "UnaryTest",
    "Warning",
    "YearsMonths",
    "compile",
    "compile_unary",
    "evaluate",
    "parse_date",
    "parse_date_time",
    "parse_duration",
    "parse_time",
    "to_json",
    "to_text",
    "unary",
]
