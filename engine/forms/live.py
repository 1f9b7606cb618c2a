"""A form at one moment: every component with its place in the data, its value, and whether it is hidden, locked or masked.

Conditions may read fields that other conditions hide, and computed fields may read each other, so the state is found by going
round until nothing changes any more. What is hidden counts as null, as in form-js.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from engine import feel
from engine.forms import options, paths, values
from engine.forms.model import INPUTS, Component, Context, Form, Option, Path, is_reference

MOST_ROUNDS = 12  # forms settle in two or three; conditions that chase each other stop here, at the same state each time
MOST_ROWS = 200
MOST_PLACES = 10_000  # rows in rows multiply


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A component at its place: `path` in the data (empty if it has none), `rows` inside repeated groups, outermost first."""

    component: Component
    path: Path = ()
    rows: tuple[int, ...] = ()
    inside: Place | None = None

    @property
    def is_input(self) -> bool:
        """True where a person enters something."""
        return self.component.type in INPUTS


@dataclass
class Live:
    """What `settle` found. `read` holds what was entered, typed, with the rule it breaks; `truncated` if there was too much of it."""

    form: Form
    context: Context
    given: Mapping[str, Any]
    places: tuple[Place, ...]
    truncated: bool = False
    read: dict[Place, values.Read] = field(default_factory=dict)
    computed: dict[Place, Any] = field(default_factory=dict)
    hidden: frozenset[Place] = frozenset()
    locked: frozenset[Place] = frozenset()
    data: dict[str, Any] = field(default_factory=dict)

    def value(self, place: Place) -> Any:
        """Return the typed value at a place; what could not be read is returned as it came."""
        return self.computed[place] if place in self.computed else self.read[place].value

    def submitted(self, place: Place) -> bool:
        """Tell whether anything came in for the place."""
        return paths.get(self.given, place.path) is not paths.ABSENT

    def masked(self, place: Place) -> bool:
        """True where a personal value is stored, is not resolved for this person, and nothing may be or was sent instead of it."""
        stored = paths.get(self.context.variables, place.path) if place.is_input else None
        return is_reference(stored) and (self.context.sealed or not self.submitted(place))

    def scope(self, place: Place | None = None) -> dict[str, Any]:
        """Return the variables FEEL sees at a place: all data and, in a repeated group, `this`, `parent` and `i` (from 1)."""
        local = self._local(place.inside) if place is not None else self._top()
        return {**local, **{f"_{name}_": value for name, value in local.items()}, **self.data}

    def evaluate(self, text: str, place: Place | None = None) -> Any:
        """Evaluate the FEEL text (with or without its "=") at a place."""
        return self.context.evaluate(text.removeprefix("="), self.scope(place))

    def is_true(self, setting: bool | str, place: Place) -> bool:
        """Decide a setting that is a boolean or FEEL; anything but true is no."""
        return setting if isinstance(setting, bool) else bool(setting) and self.evaluate(setting, place) is True

    def options(self, place: Place) -> tuple[Option, ...]:
        """Return what is really offered at a place."""
        return options.offered(place.component, self.scope(place), self.context)

    def _top(self) -> dict[str, Any]:
        return {"this": self.data, "parent": None, "i": []}

    def _local(self, inside: Place | None) -> dict[str, Any]:
        """The nearest row around a place, with the rows around that one as `parent`."""
        while inside is not None and not isinstance(inside.path[-1:] and inside.path[-1], int):
            inside = inside.inside
        if inside is None:
            return self._top()
        row = paths.get(self.data, inside.path)
        outer = self._local(inside.inside)
        numbers = [number + 1 for number in inside.rows]
        return {"this": None if row is paths.ABSENT else row, "parent": {**outer, **self.data}, "i": numbers}


def settle(form: Form, given: Mapping[str, Any], context: Context) -> Live:
    """Return the state of the form for what was entered (`given`, nested like the data) over the variables of the context."""
    places = tuple(islice(_places(form.components, given, context), MOST_PLACES + 1))
    live = Live(form, context, given, places[:MOST_PLACES], truncated=len(places) > MOST_PLACES)
    live.data = dict(context.variables)
    for _ in range(MOST_ROUNDS):
        before = (live.read, live.computed, live.hidden, live.locked)
        live.read = {place: _read(live, place) for place in live.places if place.is_input}
        live.computed = {place: _computed(live, place) for place in live.places if place.component.type == "expression"}
        live.data = _data(live)
        live.locked = _locked(live)
        live.hidden = _hidden(live)
        if before == (live.read, live.computed, live.hidden, live.locked):
            break
    return live


def row_count(component: Component, path: Path, given: Mapping[str, Any], context: Context) -> int:
    """Return how many rows a repeated group has: those entered, else those stored, else as many as the form starts with."""
    rows = paths.get(given, path)
    if rows is paths.ABSENT:
        rows = paths.get(context.variables, path)
    if isinstance(rows, list):
        return min(len(rows), MOST_ROWS)
    first = component.settings.get("defaultRepetitions", 1)
    return min(first, MOST_ROWS) if isinstance(first, int) and first >= 0 else 1


def _places(
    components: tuple[Component, ...], given: Mapping[str, Any], context: Context, inside: Place | None = None, base: Path = ()
) -> Iterator[Place]:
    rows = inside.rows if inside else ()
    for component in components:
        own = paths.own(component)
        place = Place(component, (*base, *own) if own else (), rows, inside)
        yield place
        if component.type == "dynamiclist":
            for number in range(row_count(component, place.path, given, context)):
                row = Place(component, (*place.path, number), (*rows, number), place)
                yield from _places(component.children, given, context, row, row.path)
        else:
            yield from _places(component.children, given, context, place, (*base, *own))


def _read(live: Live, place: Place) -> values.Read:
    """The value that counts: of what is locked or did not come in, the stored one or the form's default; else what was entered."""
    component = place.component
    offered = live.options(place) if options.has_options(component) else ()
    raw = paths.get(live.given, place.path)
    if raw is not paths.ABSENT and place not in live.locked:
        return values.read(component, raw, offered)
    stored = paths.get(live.context.variables, place.path)
    if stored is paths.ABSENT or stored is None:
        stored = component.settings.get("defaultValue")
    if is_reference(stored):
        return values.Read(stored)
    found = values.read(component, stored, offered)
    return values.Read(stored) if found.problem else found


def _computed(live: Live, place: Place) -> Any:
    return feel.to_json(live.evaluate(str(place.component.settings.get("expression") or ""), place))


def _data(live: Live) -> dict[str, Any]:
    """The variables as they are with the form's fields in them; what is hidden or cannot be read is null."""
    data = {name: paths.copied(value) for name, value in live.context.variables.items()}
    for place in live.places:
        repeated = place.component.type == "dynamiclist"
        if place in live.hidden:
            has_value = repeated or place in live.read or place in live.computed
            if has_value and not any(row.component.type == "dynamiclist" and row in live.hidden for row in _around(place)):
                paths.put(data, place.path, None)
        elif repeated:
            count = row_count(place.component, place.path, live.given, live.context)
            paths.put(data, place.path, [_row(live, place.path, number) for number in range(count)])
        elif place in live.computed:
            paths.put(data, place.path, live.computed[place])
        elif place in live.read:
            paths.put(data, place.path, None if live.read[place].problem else live.read[place].value)
    return data


def _row(live: Live, path: Path, number: int) -> dict[str, Any]:
    stored = paths.get(live.context.variables, (*path, number))
    return paths.copied(stored) if isinstance(stored, Mapping) else {}


def _locked(live: Live) -> frozenset[Place]:
    return frozenset(place for place in live.places if _is_locked(live, place))


def _is_locked(live: Live, place: Place) -> bool:
    return live.masked(place) or any(live.is_true(setting, place) for setting in (place.component.readonly, place.component.disabled))


def _hidden(live: Live) -> frozenset[Place]:
    """What is inside of something hidden is hidden too; parents come before their children."""
    found: set[Place] = set()
    for place in live.places:
        if found.intersection(_around(place)) or (place.component.hide and live.is_true(place.component.hide, place)):
            found.add(place)
    return frozenset(found)


def _around(place: Place) -> Iterator[Place]:
    while place.inside is not None:
        place = place.inside
        yield place
