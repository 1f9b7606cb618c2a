"""Offering open tasks anew after people, roles or units have changed."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select, update

from engine import clock
from engine.model import Actor
from engine.org import org_at
from engine.runtime.effects import offered_roles
from engine.runtime.live import LiveCase
from engine.runtime.locking import lock_case
from engine.store import tables


def offer_again(db: Connection, actor: Actor) -> int:
    """Resolve who may do each open task again, close incidents that this mends, and return how many tasks changed."""
    org = org_at(db)
    column = tables.task.c
    changed = 0
    for row in db.execute(select(tables.task).where(column.status == "open").order_by(column.case_key, column.key)).all():
        live = lock_case(db, row.case_key)
        roles = offered_roles(live.machine(row.instance_key), row.key, live.package.element(row.process_id, row.element_id))
        wanted = {(role, unit) for role in roles if (unit := org.nearest(role, row.unit_key)) is not None}
        candidate = tables.task_candidate
        here = candidate.c.task_key == row.key
        present = {(item.role, item.unit_key) for item in db.execute(select(candidate).where(here))}
        if wanted == present:
            continue
        changed += 1
        db.execute(delete(candidate).where(here))
        if wanted:
            db.execute(insert(candidate), [{"task_key": row.key, "role": role, "unit_key": unit} for role, unit in sorted(wanted)])
            _resolve(db, live, row.key, actor)
    return changed


def _resolve(db: Connection, live: LiveCase, task_key: int, actor: Actor) -> None:
    column = tables.incident.c
    mended = update(tables.incident).where(column.element_key == task_key, column.kind == "no_candidate", column.status == "open")
    if db.execute(mended.values(status="resolved", resolved_at=clock.now(), resolved_by=actor.id)).rowcount:
        live.note("incident.resolved", kind="no_candidate", task=str(task_key))
        live.save(actor)
