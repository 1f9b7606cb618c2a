"""The built-in functions of the standard (DMN 1.5, 10.3.4) and Modeler's additions, one module per family."""

from __future__ import annotations

from engine.feel.builtins import additions, booleans, contexts, conversion, dates, lists, numbers, ranges, sorting, statistics, strings
from engine.feel.functions import BUILTINS

FAMILIES = (additions, booleans, contexts, conversion, dates, lists, numbers, ranges, sorting, statistics, strings)

__all__ = ["BUILTINS", "FAMILIES"]
