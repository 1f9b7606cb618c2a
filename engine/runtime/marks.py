"""What a diagram shows about a case: which elements are done, current, overdue, and which flows were taken."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from engine import clock
from engine.runtime.live import LiveCase
from engine.store import tables


@dataclass(slots=True)
class Marks:
    """The marks of one process in one instance. `open` is False when nothing of it is running any more."""

    instance_key: int
    ordinal: int
    kind: str
    process_id: str
    name: str
    name_en: str
    open: bool = False
    current: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    overdue: list[str] = field(default_factory=list)
    flows: list[str] = field(default_factory=list)


def marks(db: Connection, case_key: int) -> list[Marks]:
    """Return the marks of every process the case has been in, in the order in which they were entered."""
    case = db.execute(select(tables.case).where(tables.case.c.key == case_key)).one()
    instances = db.execute(select(tables.instance).where(tables.instance.c.case_key == case_key)).all()
    live = LiveCase(db, case, list(instances))
    found: dict[tuple[int, str], Marks] = {}

    def of(instance_key: int, process_id: str) -> Marks:
        if (instance_key, process_id) not in found:
            row = next(item for item in instances if item.key == instance_key)
            process = live.package.processes.process(process_id)
            mark = Marks(instance_key, row.ordinal, row.kind, process_id, process.name or process.id, process.name_en or process.id)
            found[instance_key, process_id] = mark
        return found[instance_key, process_id]

    column = tables.element_instance.c
    for row in db.execute(select(tables.element_instance).where(column.case_key == case_key).order_by(column.entered_at, column.key)):
        mark = of(row.instance_key, row.process_id)
        mark.flows += row.flows.split()
        if row.outcome == "completed":
            mark.done.append(row.element_id)
    for instance in instances:
        if instance.status == "active":
            _current(live, instance.key, of)
    _late(db, case_key, of)
    for mark in found.values():
        mark.done = [element for element in dict.fromkeys(mark.done) if element not in mark.current]
        mark.flows = list(dict.fromkeys(mark.flows))
    return list(found.values())


def _current(live: LiveCase, instance_key: int, of: object) -> None:
    for token in live.machine(instance_key).open:
        element = token.element
        if element.kind == "boundaryEvent":
            continue  # armed, not entered
        mark = of(instance_key, token.process_id)  # type: ignore[operator]
        mark.open = True
        mark.current.append(element.id)


def _late(db: Connection, case_key: int, of: object) -> None:
    column = tables.task.c
    query = select(column.instance_key, column.process_id, column.element_id).where(column.case_key == case_key, column.status == "open")
    for row in db.execute(query.where(column.due_at < clock.now())):
        of(row.instance_key, row.process_id).overdue.append(row.element_id)  # type: ignore[operator]
