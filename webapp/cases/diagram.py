"""The diagrams of a case: which one is shown, its marks in words, and the file itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import g
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from engine import runtime
from engine.bpmn import Element
from engine.cases import queries
from engine.errors import NotFound
from webapp.database import store
from webapp.rights import needs
from webapp.words import Words


@dataclass(frozen=True, slots=True)
class Drawn:
    """One process of a case as the page shows it: names instead of ids, and the processes it calls (name, tab or None)."""

    marks: runtime.Marks
    tab: str
    current: tuple[str, ...]
    overdue: tuple[str, ...]
    done: tuple[str, ...]
    calls: tuple[tuple[str, str, str | None], ...]


def tab_of(marks: runtime.Marks) -> str:
    """Return how the address names a diagram: `1.property_project_main`."""
    return f"{marks.ordinal}.{marks.process_id}"


def chosen(found: list[runtime.Marks], asked: str) -> runtime.Marks | None:
    """Return the diagram asked for; without one, the last entered that still runs, else the last."""
    for marks in found:
        if tab_of(marks) == asked:
            return marks
    running = [marks for marks in found if marks.open]
    return (running or found or [None])[-1]  # type: ignore[list-item]


def drawn(marks: runtime.Marks, found: list[runtime.Marks], words: Words) -> Drawn:
    """Return what the page says about one diagram."""
    elements = words.package.processes.process(marks.process_id).elements
    late = set(marks.overdue)
    return Drawn(
        marks=marks,
        tab=tab_of(marks),
        current=_names(words, (elements[key] for key in marks.current if key not in late)),
        overdue=_names(words, (elements[key] for key in dict.fromkeys(marks.overdue))),
        done=_names(words, (elements[key] for key in marks.done)),
        calls=tuple(_call(element, marks, found, words) for element in elements.values() if element.called_process),
    )


def _names(words: Words, elements: Iterable[Element]) -> tuple[str, ...]:
    """Return the names of what a person would call a step or an event; gateways are left to the drawing."""
    return tuple(dict.fromkeys(words.element(element) for element in elements if element.name and not element.kind.endswith("Gateway")))


def _call(element: Element, marks: runtime.Marks, found: list[runtime.Marks], words: Words) -> tuple[str, str, str | None]:
    reached = (tab_of(other) for other in found if other.ordinal == marks.ordinal and other.process_id == element.called_process)
    return element.id, words.element(element), next(reached, None)


@needs("read_case", "work", "register")
def xml(number: str, instance_key: int, process_id: str) -> Response:
    """Send the file of a process the case runs on, byte for byte as it was deployed."""
    with store().reading() as db:
        case = queries.one(db, queries.reader(g.org, g.person.key), number)
        content = _file(db, case, instance_key, process_id)
    response = Response(content, mimetype="application/xml")
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def _file(db: Connection, case: queries.Case, instance_key: int, process_id: str) -> bytes:
    package = runtime.package(db, queries.release_of(db, case.key, instance_key))
    try:
        return package.processes.process(process_id).xml
    except KeyError:
        raise NotFound from None
