"""The loop goes on whatever happens to one row, and follows people and absences by the clock."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from engine import clock, jobs, org
from engine.store import open_store, tables
from engine.store.database import DatabaseBusy
from tests.runtime.test_workers import register
from tests.stories.test_property_project import is_classified, is_dispatched, is_registered
from tests.support.tiny import deploys, registers
from tests.support.town import SEED, Town
from tests.tokens import drawing as draw


def test_a_late_task_that_cannot_be_noted_does_not_hold_up_the_next(yunxi: Town) -> None:
    broken, sound = is_registered(yunxi), is_registered(yunxi)
    # given: two late tasks, the first of a case whose variables are damaged
    with yunxi.store.writing() as db:
        db.execute(update(tables.task).where(tables.task.c.status == "open").values(due_at=clock.now() - timedelta(hours=1)))
        db.execute(update(tables.case).where(tables.case.c.key == broken.key).values(variables="{"))
    # when
    yunxi.work()
    # then
    assert sound.task_row("classify").overdue_at == clock.now()
    assert broken.task_row("classify").overdue_at is None


def test_a_busy_database_is_no_incident(yunxi: Town) -> None:
    nodes = (draw.start(), register(), draw.catch("wait", draw.duration("PT1H")), draw.end())
    deploys(yunxi, draw.diagram(draw.process("tiny_main", *nodes, draw.chain("s", "register", "wait", "e"))))
    complaint = registers(yunxi)
    other = open_store(yunxi.store.engine.url.render_as_string())
    clock.pin(clock.now() + timedelta(hours=1))
    with other.writing(), pytest.raises(DatabaseBusy):
        yunxi.work()
    other.dispose()
    assert complaint.rows(tables.incident) == []


def test_a_claim_lapses_when_the_absence_ends_by_the_clock(yunxi: Town) -> None:
    complaint = is_registered(yunxi)
    is_classified(yunxi, complaint)
    is_dispatched(yunxi, complaint)
    deputy = yunxi["company_leader"]
    with yunxi.store.writing() as db:
        org.add_substitution(db, yunxi["functional_dept"].key, deputy.key, clock.now() + timedelta(days=1), SEED)
    deputy.claims(complaint, "implement")
    standing = jobs.offer_anew(yunxi.store)
    assert jobs.offer_anew(yunxi.store, standing) == standing
    assert complaint.task_row("implement").assignee_key == deputy.key
    clock.pin(clock.now() + timedelta(days=2))
    assert jobs.offer_anew(yunxi.store, standing) != standing
    assert complaint.task_row("implement").assignee_key is None
