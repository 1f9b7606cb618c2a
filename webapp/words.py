"""What people, roles, variables and values of a case are called for one reader. Personal values are shown by right, else masked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import Connection

from engine import clock, runtime
from engine.audit.sentences import Event, Sentence, tell
from engine.bpmn import Element
from engine.model import Json
from engine.org import Org, Person
from engine.runtime.sheets import Clause, Variable

OWN = frozenset({"caseNumber", "stage", "taskDue"})  # what the engine keeps for tables and diagrams, not for people
LONG = 24  # characters; a longer value gets a line of its own


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a page, in which language, in which organisation."""

    person: Person
    org: Org
    locale: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of what is known about a case; `long` ones take the whole width."""

    name: str
    label: str
    text: str
    long: bool


@dataclass(frozen=True, slots=True)
class Words:
    """`engine.audit.sentences.Names` for one case; `personal` holds what may be shown for each personal value, by its key."""

    package: runtime.Package
    reader: Reader
    personal: Mapping[int, str] = field(default_factory=dict)

    def person(self, key: int) -> str:
        """Return the name of a person, also of one who has left."""
        found = self.reader.org.people.get(key)
        return found.label(self.reader.locale) if found else _("已离开的人员")

    def unit(self, key: int) -> str:
        """Return the name of a unit."""
        found = self.reader.org.units.get(key)
        return found.label(self.reader.locale) if found else "—"

    def role(self, role: str) -> str:
        """Return what the release calls the role."""
        found = self.package.roles.get(role)
        return found.label(self.reader.locale) if found else role

    def decision(self, decision: str) -> str:
        """Return the name of a decision; tables have Chinese names only, so English readers see the id in words."""
        if self.reader.locale == "en":
            return decision.removeprefix(self.package.slug.replace("-", "_") + "_").replace("_", " ")
        model = self.package.decisions.get(decision)
        return (model.decisions[decision].name if model else "") or decision

    def element(self, element: Element) -> str:
        """Return the name of a node of a diagram."""
        return element.name_en if self.reader.locale == "en" and element.name_en else element.label

    def variable(self, name: str) -> str | None:
        """Return the label of a variable, or None for one that is not for people."""
        known = self.package.variables.get(name)
        return known.label(self.reader.locale) if known and name not in OWN else None

    def value(self, variable: str, value: Json) -> str:
        """Return a value as a person reads it."""
        key = runtime.reference(value)
        if key is not None:
            return self.personal.get(key) or _("（已删除）")
        known = self.package.variables.get(variable)
        if isinstance(value, list):
            return "、".join(self.value(variable, item) for item in value) or "—"
        if isinstance(value, Mapping):
            return self._row(value)
        if value is None or value == "":
            return "—"
        label = known.value(value, self.reader.locale) if known else None
        return label or _plain(value, known)

    def label(self, name: str, value: Json, locale: str) -> str | None:
        """Name a variable (value None) or one of its values for a form that has no English of its own."""
        known = self.package.variables.get(name)
        if known is None:
            return None
        return known.label(locale) if value is None else known.value(value, locale)

    def level(self, level: str | None) -> str:
        """Return what a level is called."""
        return self.value(self.package.settings.classify_result.get("level", "level"), level)

    def category(self, category: str | None) -> str:
        """Return what a category is called."""
        return self.value(self.package.settings.category, category)

    def facts(self, variables: Mapping[str, Any]) -> list[Fact]:
        """Return what is known about the case, in the order of `variables.csv`; what has a place of its own is left out."""
        settings = self.package.settings
        elsewhere = OWN | {settings.subject, *settings.classify_result.values(), *settings.classify_result}
        found = []
        for name in self.package.variables:
            value = variables.get(name)
            if name in elsewhere or value is None or value == "" or value == []:
                continue
            text = self.value(name, value)
            found.append(Fact(name, self.variable(name) or name, text, len(text) > LONG or "\n" in text))
        return found

    def reasons(self, variables: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Return why the case has its level: (reason, clause) as the decision gave them."""
        rows = variables.get(self.package.settings.classify_result.get("variable", "levelReasons")) or []
        return [(self._row(row), str(row.get("clause") or "")) for row in rows if isinstance(row, Mapping)]

    def clauses(self, element: Element) -> list[Clause]:
        """Return the clauses a node carries out."""
        named = element.properties.get("clauses", "").replace(",", " ").split()
        return [self.package.clauses[name] for name in named if name in self.package.clauses]

    def guidance(self, element: Element) -> str:
        """Return what the diagram says to whoever does this task."""
        english = element.properties.get("documentation_en", "") if self.reader.locale == "en" else ""
        return english or element.documentation

    def tell(self, event: Event) -> Sentence:
        """Return the event as a sentence."""
        return tell(event, self, self.reader.locale)

    def _row(self, row: Mapping[str, Any]) -> str:
        for name in ("text", "reason"):
            english = row.get(f"{name}_en") if self.reader.locale == "en" else None
            if english or row.get(name):
                return str(english or row[name])
        return "、".join(str(value) for value in row.values() if value is not None)


def words(db: Connection, package: runtime.Package, reader: Reader, case: Any, told: Iterable[Any]) -> Words:
    """Return the words for a case (`key`, `unit_key`); `told` are the variables and facts in which its personal values may stand."""
    keys = {key: kind for item in told for key, kind in _references(item, "", package)}
    values = runtime.personal_values(db, case.key, keys) if keys else {}
    allowed = reader.org.may(reader.person.key, "read_personal", case.unit_key)
    shown = {key: (value if allowed else runtime.mask(keys[key], value)) for key, value in values.items() if value}
    return Words(package, reader, shown)


def readable(words: Words, variables: Mapping[str, Any], unit_key: int) -> dict[str, Any]:
    """Return the variables as a form of this reader gets them: personal values in plain where allowed, else as references."""
    if not words.reader.org.may(words.reader.person.key, "read_personal", unit_key):
        return dict(variables)
    return {name: _resolved(words, value) for name, value in variables.items()}


def _resolved(words: Words, value: Any) -> Any:
    key = runtime.reference(value)
    return value if key is None else words.personal.get(key)


def _references(value: Any, name: str, package: runtime.Package) -> Iterable[tuple[int, str]]:
    """Give (key, kind) of each personal value inside of `value`, however deep."""
    key = runtime.reference(value)
    if key is not None:
        known = package.variables.get(name)
        yield key, (known.personal if known else "") or "text"
    elif isinstance(value, Mapping):
        for inner, item in value.items():
            yield from _references(item, str(inner), package)
    elif isinstance(value, list):
        for item in value:
            yield from _references(item, name, package)


def _plain(value: Any, known: Variable | None) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, int | float | Decimal):
        unit = _unit(known.unit if known else "")
        return f"{value} {unit}".strip()
    text = str(value)
    return _moment(text) if known and known.type in ("dateTime", "date") else text


def _unit(unit: str) -> str:
    return {"times": "" if str(get_locale()) == "en" else "次", "copies": _("份"), "CNY": _("元")}.get(unit, unit)


def short(at: datetime) -> str:
    """Return 11-22 15:04, with the year in front when it is not the present one (template filter `short`)."""
    local, now = at.astimezone(clock.ZONE), clock.now().astimezone(clock.ZONE)
    return local.strftime("%m-%d %H:%M" if local.year == now.year else "%Y-%m-%d %H:%M")


def _moment(text: str) -> str:
    try:
        if len(text) == len("2026-01-01"):
            return date.fromisoformat(text).isoformat()
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (at.astimezone(clock.ZONE) if at.tzinfo else at).strftime("%Y-%m-%d %H:%M")
