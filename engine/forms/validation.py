"""The one validator of all doors: what a submission comes to, and everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from engine.forms import limits, paths, wording
from engine.forms.live import MOST_ROWS, Live, Place, row_count, settle
from engine.forms.model import Context, FieldError, Form, Labels, Outcome


def validate(form: Form, submitted: Mapping[str, Any], context: Context, labels: Labels | None = None) -> Outcome:
    """Judge a submission (nested like the data, text or JSON types) and return what may be taken of it.

    Only declared, visible, enabled keys are taken; hidden ones are dropped and not judged. A key that did not come in is missing if it
    is required and else left as it is. Inside an object, what the form does not declare stays as stored; rows come in as a whole.
    `labels` name what the form leaves unnamed, as in `Context`. Never raises for anything a person sent.
    """
    context = context if labels is None else replace(context, labels=labels)
    live = settle(form, submitted, context)
    errors = tuple(error for place in _open(live) for error in _errors(live, place))
    taken: dict[str, Any] = {}
    for place in _open(live):
        if _is_taken(live, place):
            _take(taken, live, place)
    sent = [place for place in live.places if place.component.personal and live.submitted(place)]
    personal = {paths.dotted(place.path): place.component.personal for place in sent}
    return Outcome(taken, personal, errors)


def _open(live: Live) -> Iterator[Place]:
    """Where a person may enter something now, and what is computed."""
    for place in live.places:
        if place not in live.hidden and place not in live.locked and place.path:
            yield place


def _errors(live: Live, place: Place) -> Iterator[FieldError]:
    if place.component.type == "dynamiclist" and live.truncated and not place.rows:
        yield wording.error(live, place, "too_much")
    elif place.component.type == "dynamiclist":
        yield from _row_errors(live, place)
    elif place.is_input and live.submitted(place):
        yield from limits.broken(live, place)
    elif place.is_input and place.component.validate.get("required") is True:
        yield wording.error(live, place, "required")


def _row_errors(live: Live, place: Place) -> Iterator[FieldError]:
    rows = paths.get(live.given, place.path)
    if rows is paths.ABSENT:
        return
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        yield wording.error(live, place, "list")
    elif len(rows) > MOST_ROWS:
        yield wording.error(live, place, "rows", MOST_ROWS)
    elif place.component.settings.get("allowAddRemove") is False:
        fixed = row_count(place.component, place.path, {}, live.context)
        if len(rows) != fixed:
            yield wording.error(live, place, "fixed_rows", fixed)


def _is_taken(live: Live, place: Place) -> bool:
    """Rows come in as a whole; a computed value is ours and always counts."""
    return place in live.computed or (live.submitted(place) and (place.is_input or place.component.type == "dynamiclist"))


def _take(taken: dict[str, Any], live: Live, place: Place) -> None:
    """Put one value where it belongs. An object that is stored already keeps what this form does not declare."""
    top = place.path[0]
    if len(place.path) > 1 and top not in taken:
        stored = live.context.variables.get(str(top))
        taken[str(top)] = paths.copied(stored) if isinstance(stored, Mapping) else {}
    if place.component.type == "dynamiclist":
        rows = paths.get(live.given, place.path)
        count = min(len(rows), MOST_ROWS) if isinstance(rows, list) else 0
        paths.put(taken, place.path, [{} for _ in range(count)])
    elif place in live.computed:
        paths.put(taken, place.path, live.computed[place])
    else:
        paths.put(taken, place.path, live.read[place].value)
