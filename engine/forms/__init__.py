"""Camunda Forms (schema versions up to 19): read them, know what is visible, validate what came in, and say what a page shows.

No HTML, no clock of its own, no host functions: FEEL is reached only through `Context.evaluate`.
"""

from __future__ import annotations

from engine.forms.expressions import read_by
from engine.forms.fields import REFRESH, SHOWN, from_fields
from engine.forms.model import Component, Context, FieldError, Form, FormRefused, Labels, Option, Outcome
from engine.forms.reading import read
from engine.forms.validation import validate
from engine.forms.view import Choice, Item, view

__all__ = [
    "REFRESH",
    "SHOWN",
    "Choice",
    "Component",
    "Context",
    "FieldError",
    "Form",
    "FormRefused",
    "Item",
    "Labels",
    "Option",
    "Outcome",
    "from_fields",
    "read",
    "read_by",
    "validate",
    "view",
]
