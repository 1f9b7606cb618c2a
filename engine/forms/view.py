"""What a page or a print shows of a form: the visible components in their rows, with values, options and limits. Pure data, no HTML."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine import feel
from engine.forms import expressions, layout, limits, templates, values, wording
from engine.forms.live import MOST_ROWS, Live, Place, settle
from engine.forms.model import Component, Context, Form, is_reference
from engine.forms.options import has_options
from engine.forms.paths import dotted

MOST_TABLE_ROWS = 200
_SPECIAL = re.compile(f"([{re.escape(string.punctuation)}])")


@dataclass(frozen=True, slots=True)
class Choice:
    """An option as it is shown: what HTML sends for it, what it is called, and whether it is chosen."""

    token: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One visible component.

    `id` is unique on the page (component id and row numbers), `name` the dotted path; `slot` is where its errors belong: (component id,
    rows). `entered` is the value as a native control takes it, `shown` as a reader reads it (a text component: Markdown). `row` counts
    the rows of the layout from 0, `width` is in twelfths or None. `items` are a group's components, `repeats` the rows of a repeated one.
    """

    type: str
    id: str
    name: str
    component: Component
    slot: tuple[str, tuple[int, ...]]
    row: int = 0
    width: int | None = None
    label: str = ""
    description: str = ""
    hint: str = ""
    value: Any = None
    entered: str = ""
    shown: str = ""
    choices: tuple[Choice, ...] = ()
    required: bool = False
    readonly: bool = False
    masked: bool = False
    refreshes: bool = False
    links: bool = False
    least: str = ""
    most: str = ""
    step: str = ""
    prefix: str = ""
    suffix: str = ""
    items: tuple[Item, ...] = ()
    repeats: tuple[tuple[Item, ...], ...] = ()
    may_grow: bool = False
    heads: tuple[str, ...] = ()
    cells: tuple[tuple[str, ...], ...] = ()


def view(form: Form, values: Mapping[str, Any], context: Context, locale: str = "zh") -> list[Item]:
    """Return the visible components. `values` (nested; typed, or text as it was typed in) are shown over the context's variables;
    a None in them counts as not given, so that the form's default shows."""
    given = {name: value for name, value in values.items() if value is not None}
    live = settle(form, given, context)
    return list(_Viewing(live, locale, expressions.read_by(form)).inside(None))


@dataclass(frozen=True, slots=True)
class _Viewing:
    live: Live
    locale: str
    read_names: frozenset[str]

    def inside(self, around: Place | None) -> tuple[Item, ...]:
        """The visible components directly inside of a group, a row, or the form."""
        places = [place for place in self.live.places if place.inside is around and self.is_shown(place)]
        return tuple(
            replace(self.item(place), row=number, width=width)
            for number, row in enumerate(layout.rows(places))
            for place, width in zip(row, layout.widths(row), strict=True)
        )

    def is_shown(self, place: Place) -> bool:
        """A computed value without a label is only for the data, as in form-js."""
        return place not in self.live.hidden and (place.component.type != "expression" or bool(place.component.label))

    def item(self, place: Place) -> Item:
        component, live = place.component, self.live
        item = Item(
            type=component.type,
            id="-".join([component.id, *(str(number) for number in place.rows)]),
            name=dotted(place.path),
            component=component,
            slot=(component.id, place.rows),
            label=wording.named(component, live.context, self.locale, live, place) if component.type not in ("spacer", "text") else "",
            description=self.text(place, "description"),
            refreshes=self.is_read(place),
        )
        if place.is_input:
            return self.entered(item, place)
        draw = _DRAWN.get(component.type)
        return draw(self, item, place) if draw else item

    def entered(self, item: Item, place: Place) -> Item:
        component, value = place.component, self.live.value(place)
        masked = self.live.masked(place) or is_reference(value)
        item = replace(
            item,
            value=None if masked else value,
            required=component.validate.get("required") is True,
            readonly=masked or place in self.live.locked,
            masked=masked,
            prefix=self.text(place, "prefixAdorner"),
            suffix=self.text(place, "suffixAdorner"),
        )
        if masked:
            return item
        if has_options(component):
            return self.chosen(item, place)
        return self.limited(replace(item, entered=entered(component, value), shown=self.shown(component, value)), place)

    def chosen(self, item: Item, place: Place) -> Item:
        value = item.value
        chosen = {values.token(one) for one in (value if isinstance(value, list) else [value]) if one is not None}
        context, options = self.live.context, self.live.options(place)
        named = [(option.token, wording.option_label(place.component, option, context, self.locale)) for option in options]
        labels = [label for token, label in named if token in chosen]
        return replace(
            item,
            choices=tuple(Choice(token, label, token in chosen) for token, label in named),
            shown=("、" if self.locale == "zh" else ", ").join(labels or sorted(chosen)),
        )

    def limited(self, item: Item, place: Place) -> Item:
        """With what the native control and the hint need to know."""
        component = place.component
        if component.type == "number":
            least, most = limits.limit(self.live, place, "min"), limits.limit(self.live, place, "max")
            hint = wording.hint("range", self.locale, least=least, most=most)
            return replace(item, least=_plain(least), most=_plain(most), step=_step(component), hint=hint)
        if component.type == "datetime":
            first = limits.earliest(place)
            return replace(item, least=_native(first), hint=wording.hint("future", self.locale, least=first))
        if component.type == "textarea" and "maxLength" in component.validate:
            most = limits.most_characters(self.live, place)
            least = limits.limit(self.live, place, "minLength")
            return replace(item, hint=wording.hint("length", self.locale, least=least, most=most))
        return item

    def shown(self, component: Component, value: Any) -> str:
        if value is None:
            return ""
        if component.type == "datetime":
            return wording.moment(component, value, self.locale)
        if component.type == "checkbox":
            return wording.YES_NO[value is True][self.locale == "en"]
        return wording.written(value, self.locale)

    def text(self, place: Place, name: str) -> str:
        text = place.component.text(name, self.locale)
        return templates.fill(text, self.live.context.evaluate, self.live.scope(place)) if templates.is_dynamic(text) else text

    def is_read(self, place: Place) -> bool:
        """Tell whether a change here may change what is shown; in rows, `this` may mean any field."""
        return bool(place.path) and (str(place.path[0]) in self.read_names or (bool(place.rows) and "this" in self.read_names))

    def _text(self, item: Item, place: Place) -> Item:
        """Markdown. Values put in between are shown as they are; a text computed as a whole can hold data, so its links are dead."""
        text = place.component.text("text", self.locale)
        if templates.is_dynamic(text):
            filled = templates.fill(text, self.live.context.evaluate, self.live.scope(place), _as_plain_markdown)
            return replace(item, shown=filled, links=not text.startswith("="))
        return replace(item, shown=text, links=True)

    def _expression(self, item: Item, place: Place) -> Item:
        value = self.live.computed[place]
        return replace(item, value=value, shown=_cell(value, self.locale))

    def _group(self, item: Item, place: Place) -> Item:
        return replace(item, items=self.inside(place))

    def _dynamiclist(self, item: Item, place: Place) -> Item:
        rows = {place.rows: place for place in (other.inside for other in self.live.places) if place is not None}
        numbers = sorted(numbers for numbers, row in rows.items() if row.inside is place and row.component is place.component)
        fixed = place.component.settings.get("allowAddRemove") is False
        repeats = tuple(self.inside(rows[number]) for number in numbers)
        return replace(item, repeats=repeats, readonly=fixed, may_grow=not fixed and len(numbers) < MOST_ROWS)

    def _table(self, item: Item, place: Place) -> Item:
        settings = place.component.settings
        rows, columns = self._source(settings.get("dataSource"), place), settings.get("columns")
        if settings.get("columnsExpression"):
            columns = self._source(settings["columnsExpression"], place)
        known = [column for column in columns if isinstance(column, Mapping)] if isinstance(columns, list) else []
        cells = tuple(
            tuple(_cell(row.get(str(column.get("key"))), self.locale) for column in known)
            for row in (rows if isinstance(rows, list) else [])[:MOST_TABLE_ROWS]
            if isinstance(row, Mapping)
        )
        return replace(item, heads=tuple(str(column.get("label") or column.get("key")) for column in known), cells=cells)

    def _source(self, source: Any, place: Place) -> Any:
        text = str(source or "")
        return feel.to_json(self.live.evaluate(text, place)) if text else None


_DRAWN: dict[str, Callable[[_Viewing, Item, Place], Item]] = {
    "text": _Viewing._text,
    "expression": _Viewing._expression,
    "group": _Viewing._group,
    "dynamiclist": _Viewing._dynamiclist,
    "table": _Viewing._table,
}


def entered(component: Component, value: Any) -> str:
    """Return a value as a native control takes it: `2026-11-22T15:30` for a moment, plain digits for a number."""
    if value is None or isinstance(value, bool):
        return "true" if value is True else ""
    if component.type == "datetime" and component.subtype == "datetime":
        try:
            return _native(values.local(datetime.fromisoformat(str(value))))
        except ValueError:
            return str(value)
    if component.type == "datetime" and component.subtype == "time":
        return str(value)[:5]
    return values.token(value) if isinstance(value, int | float | Decimal) else str(value)


def _native(moment: date | None) -> str:
    if isinstance(moment, datetime):
        return moment.replace(tzinfo=None).isoformat(timespec="minutes")
    return "" if moment is None else moment.isoformat()


def _plain(number: int | Decimal | None) -> str:
    return "" if number is None else values.token(number)


def _step(component: Component) -> str:
    increment, digits = component.settings.get("increment"), component.settings.get("decimalDigits")
    if increment:
        return str(increment)
    return "any" if not isinstance(digits, int) else format(Decimal(1).scaleb(-digits), "f")


def _cell(value: Any, locale: str) -> str:
    if isinstance(value, bool):
        return wording.YES_NO[value][locale == "en"]
    if isinstance(value, list | dict):
        return values.token(value)
    return wording.written(value, locale)


def _as_plain_markdown(text: str) -> str:
    """Write data so that Markdown shows it as it is: nothing in it is a heading, a link or a list."""
    lines = (_SPECIAL.sub(r"\\\1", line.strip()) for line in text.splitlines())
    return "\\\n".join(line for line in lines if line)
