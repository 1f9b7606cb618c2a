"""What a form consists of, what a submission becomes and what a page shows: frozen data, no behaviour but look-ups."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from engine.errors import Invalid
from engine.model import Finding, Json

Path: TypeAlias = tuple[str | int, ...]
Evaluate: TypeAlias = Callable[[str, Mapping[str, Any]], Any]
Labels: TypeAlias = Callable[[str, Json, str], str | None]

TEXTS = ("textfield", "textarea")
CHOICES = ("radio", "select")
LISTS = ("checklist", "taglist")
INPUTS = (*TEXTS, "number", "datetime", "checkbox", *CHOICES, *LISTS)
CONTAINERS = ("group", "dynamiclist")
PERSONAL_KINDS = ("name", "phone", "address", "id", "plate", "text")


class FormRefused(Invalid):
    """A form that is not taken. `findings` lists everything that is wrong with it, not only the first."""

    zh = "表单有 {count} 处问题：{first}"
    en = "The form has {count} problem(s): {first}"

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(count=len(findings), first=findings[0].zh)
        self.findings = findings

    def text(self, locale: str = "zh") -> str:
        """Return the number of findings and the first of them, in `zh` or `en`."""
        template = self.en if locale.startswith("en") else self.zh
        return template.format(count=len(self.findings), first=self.findings[0].text(locale))


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be chosen. `token` is how HTML carries the value, which may be any JSON."""

    value: Json
    label: str
    token: str


@dataclass(frozen=True, slots=True, eq=False)
class Component:
    """One component of a Camunda Form. `settings` holds the attributes of its type as written (`subtype`, `decimalDigits` …)."""

    id: str
    type: str
    key: str = ""
    hide: str = ""
    readonly: bool | str = False
    disabled: bool | str = False
    row: str = ""
    columns: int | None = None
    validate: Mapping[str, Any] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    children: tuple[Component, ...] = ()

    @property
    def label(self) -> str:
        """The Chinese label as written; dates and times have names of their own for it."""
        return self.text("label")

    @property
    def personal(self) -> str:
        """The kind of personal data that is entered here, or an empty string."""
        return self.properties.get("personal", "")

    @property
    def subtype(self) -> str:
        """`date`, `time` or `datetime` of a datetime component."""
        return str(self.settings.get("subtype") or "date")

    def text(self, name: str, locale: str = "zh") -> str:
        """Return `label`, `description`, `text` … in the locale; English from the property `<name>_en`, else the Chinese."""
        if locale.startswith("en") and self.properties.get(f"{name}_en"):
            return self.properties[f"{name}_en"]
        return self.written(name) or ""

    def written(self, name: str) -> str:
        """Return a text of the component as its author wrote it."""
        if name == "label" and self.type == "datetime":
            name = "timeLabel" if self.subtype == "time" else "dateLabel"
        if name == "patternErrorMessage":
            return str(self.validate.get(name) or "")
        if name.endswith("Adorner"):
            return str((self.settings.get("appearance") or {}).get(name) or "")
        return str(self.settings.get(name) or "")


@dataclass(frozen=True, slots=True)
class Form:
    """A Camunda Form as read: its id and its tree of components."""

    id: str
    schema_version: int
    components: tuple[Component, ...]

    def walk(self) -> tuple[Component, ...]:
        """Return all components, parents before their children, in the order of the page."""
        return tuple(_below(self.components))


@dataclass(frozen=True, slots=True)
class Context:
    """What a form is shown or judged in.

    `variables`: the case's data as this person may see them. A personal value that is not resolved stays the reference
    `{"personal": key}`: its field is shown masked, and as long as nothing is sent for it, it stays as it is.
    `evaluate(text without "=", scope)` is the only way to FEEL. `labels(key, value, locale)` names a variable (value None) or one of its
    values where the form does not. `sealed`: who fills it in may not read personal data, so what is stored of it stays whatever is sent.
    """

    variables: Mapping[str, Any]
    evaluate: Evaluate
    labels: Labels | None = None
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field. `rows` are the 0-based row numbers inside repeated groups, outermost first."""

    component_id: str
    key: str
    path: str
    rule: str
    zh: str
    en: str
    limit: Json = None
    rows: tuple[int, ...] = ()

    def text(self, locale: str = "zh") -> str:
        """Return the sentence in `zh` or `en`."""
        return self.en if locale.startswith("en") else self.zh


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a submission comes to. `values` by top-level variable; `personal`: dotted path -> kind of what came in and must be
    kept apart, whether it was taken or not."""

    values: dict[str, Any]
    personal: dict[str, str]
    errors: tuple[FieldError, ...]

    @property
    def ok(self) -> bool:
        """True when nothing is wrong and the values may be taken."""
        return not self.errors


def is_reference(value: Any) -> bool:
    """Tell whether a value only points to personal data that is stored apart."""
    return isinstance(value, Mapping) and set(value) == {"personal"}


def _below(components: tuple[Component, ...]) -> list[Component]:
    found: list[Component] = []
    for component in components:
        found.append(component)
        found.extend(_below(component.children))
    return found
