"""Forms as HTML, made on the server from what `engine.forms.view` says: native controls, usable without JavaScript.

The page puts the result into its own `<form method="post" novalidate>` (the server judges, in the person's language) and shows the
form again without judging it when `_refresh` was sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template
from markupsafe import Markup

from engine import forms
from webapp.forms.markdown import to_html
from webapp.forms.words import WORDS

__all__ = ["render"]


def render(
    form: forms.Form,
    values: Mapping[str, Any],
    errors: Sequence[forms.FieldError],
    context: forms.Context,
    locale: str,
    prefix: str = "",
) -> Markup:
    """Return the fields of a form inside `<div id="form-fields">`, with a summary of the errors on top.

    `values`: as for `forms.view`; what was typed is shown again as it was typed. `prefix` goes before all names and ids, for two forms on
    one page. `locale` is `zh` or `en`.
    """
    english = locale.startswith("en")
    items = forms.view(form, values, context, "en" if english else "zh")
    page = _Page(prefix, "en" if english else "zh", tuple(errors))
    return Markup(render_template("forms/form.html", items=items, page=page, to_html=to_html))


@dataclass(frozen=True, slots=True)
class _Page:
    """What the templates ask: names, ids, sentences and errors of items."""

    prefix: str
    locale: str
    errors: tuple[forms.FieldError, ...]

    def say(self, word: str, **facts: Any) -> str:
        """Return a word of the forms' own in the language of the page."""
        return WORDS[word][self.locale == "en"].format(**facts)

    def name(self, item: forms.Item) -> str:
        """Return the name that HTML sends."""
        return self.prefix + item.name

    def id(self, item: forms.Item) -> str:
        """Return the id of an item's (first) control."""
        return f"f-{self.prefix}{item.id}"

    def messages(self, item: forms.Item) -> list[str]:
        """Return what is wrong with an item."""
        return [error.text(self.locale) for error in self.errors if (error.component_id, error.rows) == item.slot]

    def summary(self) -> list[tuple[str, str]]:
        """Return (id of the control, sentence) for every error, in the order of the page."""
        slots = (("-".join([error.component_id, *map(str, error.rows)]), error) for error in self.errors)
        return [(f"f-{self.prefix}{item_id}", error.text(self.locale)) for item_id, error in slots]

    def described_by(self, item: forms.Item) -> str:
        """Return the ids of everything that explains an item."""
        there = {"unit": item.prefix or item.suffix, "desc": item.description, "hint": item.hint or item.masked, "err": self.messages(item)}
        return " ".join(f"{self.id(item)}-{part}" for part, text in there.items() if text)

    def refreshing(self, items: Sequence[forms.Item]) -> bool:
        """Tell whether something on the page depends on what is entered in it."""
        return any(item.refreshes or self.refreshing(item.items) or any(self.refreshing(row) for row in item.repeats) for item in items)
