"""The organisation is read once per revision, and never as it was in a change that did not happen."""

from __future__ import annotations

import pytest
from sqlalchemy import event, func, select

from engine import org, runtime
from engine.errors import NotAllowed
from engine.store import tables
from tests.stories.test_property_project import is_registered
from tests.support.town import SEED, Town


def test_a_change_that_was_rolled_back_is_not_remembered(yunxi: Town) -> None:
    leader, unit = yunxi["company_leader"], yunxi.units["pp_yunxi"]
    # given: somebody becomes receptionist, is looked at, and the act fails
    with pytest.raises(RuntimeError), yunxi.store.writing() as db:
        org.add_membership(db, leader.key, "reception", unit, SEED)
        assert leader.key in [person.key for person in org.org_at(db).members("reception", unit)]
        raise RuntimeError("failed")
    # when: another change gets the same revision
    with yunxi.store.writing() as db:
        org.add_membership(db, yunxi["reception3"].key, "company_leader", yunxi.units["pp_company"], SEED)
    # then: it is only what has really happened
    with yunxi.store.reading() as db:
        assert leader.key not in [person.key for person in org.org_at(db).members("reception", unit)]


def test_a_change_is_seen_by_the_act_that_makes_it_and_by_the_next(yunxi: Town) -> None:
    leader, unit = yunxi["company_leader"], yunxi.units["pp_yunxi"]
    with yunxi.store.writing() as db:
        org.org_at(db)
        org.add_membership(db, leader.key, "reception", unit, SEED)
        assert org.org_at(db).holds(leader.key)[-1].unit_key == unit
        assert org.org_at(db) is org.org_at(db)
    with yunxi.store.writing() as db:
        assert org.org_at(db).holds(leader.key)[-1].unit_key == unit


def test_a_page_sees_the_database_at_one_moment(anywhere: Town) -> None:
    count = select(func.count()).select_from(tables.person)
    with anywhere.store.reading() as db:
        before = db.execute(count).scalar_one()
        anywhere.add("new", "周新", "company_leader", "pp_company")
        assert db.execute(count).scalar_one() == before
    with anywhere.store.reading() as db:
        assert db.execute(count).scalar_one() == before + 1


def test_a_task_is_asked_for_under_the_organisation_of_the_moment(yunxi: Town) -> None:
    complaint = is_registered(yunxi)
    key, leader = complaint.task("classify"), yunxi["company_leader"]
    with yunxi.store.writing() as db, pytest.raises(NotAllowed):
        runtime.claim(db, key, leader.actor)
    with yunxi.store.writing() as db:
        org.add_membership(db, leader.key, "reception", yunxi.units["pp_yunxi"], SEED)
        runtime.claim(db, key, leader.actor)
    seen: list[str] = []
    event.listen(yunxi.store.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    with yunxi.store.writing() as db:
        runtime.unclaim(db, key, leader.actor)
    assert len([statement for statement in seen if statement.startswith("SELECT")]) == 1  # as long as it stays as it is, it costs nothing
