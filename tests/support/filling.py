"""Fills in any form of a procedure with values that are valid, chosen by a random generator: what a driver types."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from engine import clock, forms

INPUTS = {"textfield", "textarea", "number", "datetime", "checkbox", "radio", "select", "checklist", "taglist"}


def filled(form: forms.Form, context: forms.Context, chance: random.Random) -> dict[str, Any]:
    """Return values for every visible field, following what becomes visible by them."""
    values: dict[str, Any] = {}
    for _ in range(20):
        fresh = [item for item in _items(forms.view(form, values, context)) if item.component.key and item.component.key not in values]
        if not fresh:
            return values
        for item in fresh:
            values[item.component.key] = _value(item, chance)
    raise AssertionError(f"form {form.id} never comes to rest")


def _items(items: Any) -> Iterator[Any]:
    for item in items:
        if item.type in INPUTS and not item.readonly:
            yield item
        yield from _items(item.items)


def _value(item: Any, chance: random.Random) -> Any:
    kind, component = item.type, item.component
    if kind == "checkbox":
        return item.required or chance.random() < 0.9
    if kind in ("radio", "select"):
        return chance.choice([option["value"] for option in component.settings["values"]])
    if kind in ("checklist", "taglist"):
        offered = [option["value"] for option in component.settings["values"]]
        return chance.sample(offered, chance.randint(1, len(offered)))
    if kind == "number":
        return component.validate.get("min", 1)
    if kind == "datetime":
        return _moment(component, chance)
    return _text(item, chance)


def _moment(component: Any, chance: random.Random) -> str:
    at = clock.now().astimezone(clock.ZONE) + timedelta(minutes=chance.randint(30, 4000))
    subtype = component.settings.get("subtype", "date")
    return {"date": at.strftime("%Y-%m-%d"), "time": at.strftime("%H:%M")}.get(subtype, at.strftime("%Y-%m-%dT%H:%M"))


def _text(item: Any, chance: random.Random) -> Any:
    if item.component.properties.get("personal") == "phone":
        return f"138{chance.randint(0, 99999999):08d}"
    if item.component.properties.get("personal") == "plate":
        return f"京A{chance.randint(10000, 99999)}"
    if not item.required and chance.random() < 0.3:
        return None
    return f"示例文字 {chance.randint(1, 999)}"
