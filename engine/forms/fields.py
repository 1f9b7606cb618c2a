"""From the fields of an HTML form to a submission: nested like the data, text as the browser sent it.

Names are dotted paths (`customer.name`, `items.0.amount`). A browser sends nothing for an unticked checkbox, so the page lists in
`_shown` what it showed that may be silent; what was never shown stays out. Without `_shown` everything declared counts as shown.
`_refresh` may carry `add:<path>` or `remove:<path>.<row>` for repeated groups.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.forms import paths
from engine.forms.live import MOST_ROWS
from engine.forms.model import INPUTS, LISTS, Component, Form, Path

SHOWN = "_shown"
REFRESH = "_refresh"
MOST_CHARACTERS = 500  # of a name
_ROW = re.compile(r"\.(\d{1,4})(?=\.|$)", re.ASCII)


def from_fields(form: Form, fields: Mapping[str, list[str]], prefix: str = "") -> dict[str, Any]:
    """Return what the fields of a page (name -> its values) say for the components of the form. Names that no component has are ignored."""
    shown = fields.get(prefix + SHOWN)
    named = (name.removeprefix(prefix) for name in fields if name.startswith(prefix))
    page = _Page(fields, None if shown is None else frozenset(shown), prefix, _rows_named((*named, *(shown or ()))))
    submitted: dict[str, Any] = {}
    for component in form.components:
        _collect(component, (), (), page, submitted)
    for act in fields.get(REFRESH, [])[-1:]:
        _rows(form, act, submitted)
    return submitted


@dataclass(frozen=True, slots=True)
class _Page:
    fields: Mapping[str, list[str]]
    shown: frozenset[str] | None
    prefix: str
    rows: Mapping[str, set[int]]

    def values(self, path: Path) -> list[str]:
        return self.fields.get(self.prefix + paths.dotted(path), [])

    def is_shown(self, path: Path) -> bool:
        return self.shown is None or paths.dotted(path) in self.shown

    def row_numbers(self, path: Path) -> list[int]:
        return sorted(self.rows.get(paths.dotted(path), ()))[: MOST_ROWS + 1]


def _rows_named(names: Iterable[str]) -> dict[str, set[int]]:
    """Return path -> the row numbers below it that any name has: one walk over all names, however many there are."""
    found: dict[str, set[int]] = {}
    for name in names:
        for number in _ROW.finditer(name[:MOST_CHARACTERS]):
            found.setdefault(name[: number.start()], set()).add(int(number.group(1)))
    return found


def _collect(component: Component, named: Path, base: Path, page: _Page, submitted: dict[str, Any]) -> None:
    """`named` leads to the component in the page's names, `base` in the data being collected (rows are collected one by one)."""
    own = paths.own(component)
    if component.type == "dynamiclist":
        rows = _collected_rows(component, (*named, *own), page)
        if rows is not None:
            paths.put(submitted, (*base, *own), rows)
        return
    value = _value(component, (*named, *own), page) if component.type in INPUTS else paths.ABSENT
    if value is not paths.ABSENT:
        paths.put(submitted, (*base, *own), value)
    for child in component.children:
        _collect(child, (*named, *own), (*base, *own), page, submitted)


def _value(component: Component, path: Path, page: _Page) -> Any:
    found = page.values(path)
    if component.type in LISTS:
        return [text for text in found if text] if found or page.is_shown(path) else paths.ABSENT
    if found:
        return found[-1]
    if component.type == "checkbox" and page.is_shown(path):
        return False
    if component.type == "radio" and page.shown is not None and page.is_shown(path):
        return None
    return paths.ABSENT


def _collected_rows(component: Component, named: Path, page: _Page) -> list[dict[str, Any]] | None:
    """Rows are renumbered without gaps, in the order of their numbers."""
    numbers = page.row_numbers(named)
    if not numbers and (page.shown is None or not page.is_shown(named)):
        return None
    rows: list[dict[str, Any]] = []
    for number in numbers:
        row: dict[str, Any] = {}
        for child in component.children:
            _collect(child, (*named, number), (), page, row)
        rows.append(row)
    return rows


def _rows(form: Form, act: str, submitted: dict[str, Any]) -> None:
    """Add or remove a row of a repeated group that lets people do so."""
    verb, _, name = act.partition(":")
    path: Path = tuple(int(part) if part.isdecimal() and len(part) < 5 else part for part in name.split("."))
    number = path[-1] if verb == "remove" else None
    path = path[:-1] if verb == "remove" else path
    if tuple(part for part in path if isinstance(part, str)) not in _growing(form.components):
        return
    rows = paths.get(submitted, path)
    if not isinstance(rows, list):
        rows = []
        paths.put(submitted, path, rows)
    if verb == "add" and len(rows) < MOST_ROWS:
        rows.append({})
    elif isinstance(number, int) and number < len(rows):
        del rows[number]


def _growing(components: tuple[Component, ...], base: Path = ()) -> set[Path]:
    found: set[Path] = set()
    for component in components:
        path = (*base, *paths.own(component))
        if component.type == "dynamiclist" and component.settings.get("allowAddRemove") is not False:
            found.add(path)
        found |= _growing(component.children, path)
    return found
