"""Where FEEL stands in a component, and which variables it reads: for refusing bad syntax and for knowing what to refresh."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine import feel
from engine.forms import templates
from engine.forms.model import Component, Form

LIMITS = ("min", "max", "minLength", "maxLength")
TEXTS = ("label", "description", "text", "patternErrorMessage", "prefixAdorner", "suffixAdorner", "placeholder")
SOURCES = ("valuesExpression", "expression", "dataSource", "columnsExpression", "rowCount")


def of(component: Component) -> Iterator[tuple[str, str]]:
    """Yield (where, FEEL text without "=") for every expression of a component. Raises `TemplateRefused` for a broken template."""
    settings: dict[str, object] = {"conditional.hide": component.hide, "readonly": component.readonly, "disabled": component.disabled}
    settings |= {f"validate.{name}": component.validate.get(name) for name in LIMITS}
    settings |= {name: component.settings.get(name) for name in SOURCES}
    for where, setting in settings.items():
        if isinstance(setting, str) and setting.startswith("="):
            yield where, setting[1:]
    for where, text in _texts(component):
        if templates.is_dynamic(text):
            for expression in templates.expressions(text):
                yield where, expression


def read_by(form: Form, functions: Mapping[str, feel.HostFunction] | None = None) -> frozenset[str]:
    """Return the names of all variables that the form's FEEL reads, limits excepted: a change of these changes what is shown."""
    names: set[str] = set()
    for component in form.walk():
        if component.settings.get("valuesKey"):
            names.add(str(component.settings["valuesKey"]).split(".")[0])
        for where, expression in of(component):
            if not where.startswith("validate."):
                names |= feel.compile(expression, functions=functions or {}).variables
    return frozenset(names)


def _texts(component: Component) -> Iterator[tuple[str, str]]:
    for name in TEXTS:
        yield name, component.written(name)
    for name, text in component.properties.items():
        if name.removesuffix("_en") in TEXTS and name.endswith("_en"):
            yield f"properties.{name}", text


def fault(text: str) -> feel.SyntaxError_ | None:
    """Return what is wrong with the syntax of a FEEL text, or None."""
    try:
        feel.compile(text)
    except feel.SyntaxError_ as error:
        return error
    return None
