"""What can be chosen in a radio, select, checklist or tag list: written in the form, held by a variable, or computed by FEEL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import feel
from engine.forms import paths
from engine.forms.model import CHOICES, LISTS, Component, Context, Option
from engine.forms.values import token

MOST_OPTIONS = 1_000


def has_options(component: Component) -> bool:
    """Tell whether the component offers something to choose from."""
    return component.type in (*CHOICES, *LISTS)


def offered(component: Component, scope: Mapping[str, Any], context: Context) -> tuple[Option, ...]:
    """Return the options of a component for the data in `scope`; what is no list offers nothing."""
    settings = component.settings
    if settings.get("valuesExpression"):
        found = feel.to_json(context.evaluate(str(settings["valuesExpression"]).removeprefix("="), scope))
    elif settings.get("valuesKey"):
        found = paths.get(scope, paths.parts(str(settings["valuesKey"])))
    else:
        found = settings.get("values")
    items = found[:MOST_OPTIONS] if isinstance(found, list) else []
    return tuple(option for option in map(_option, items) if option is not None)


def _option(item: Any) -> Option | None:
    if isinstance(item, Mapping):
        if item.get("value") is None:
            return None
        label = item.get("label")
        return Option(item["value"], str(label) if label not in (None, "") else token(item["value"]), token(item["value"]))
    return None if item is None else Option(item, token(item), token(item))
