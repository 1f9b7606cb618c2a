"""Who may do a task follows people, units and absences; nobody is left with a task they may no longer do, and none is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from engine import clock, org, runtime
from engine.errors import NotAllowed
from engine.runtime import incidents, queries
from engine.runtime.errors import NobodyElse
from engine.store import tables
from tests.runtime.test_workers import register
from tests.stories.test_property_project import is_classified, is_dispatched, is_registered
from tests.support.tiny import deploys, registers
from tests.support.town import SEED, Complaint, Someone, Town
from tests.tokens import drawing as draw


def leaves(someone: Someone) -> None:
    """All roles of somebody end."""
    column = tables.membership.c
    with someone.town.store.writing() as db:
        for key in db.execute(select(column.key).where(column.person_key == someone.key, column.valid_to.is_(None))).scalars():
            org.end_membership(db, key, SEED)


def offers_again(town: Town) -> int:
    with town.store.writing() as db:
        return runtime.offer_again(db, SEED)


def shelf(someone: Someone) -> list[int]:
    with someone.town.store.reading() as db:
        who = queries.worker(org.org_at(db), someone.key)
        return [row.task_key for row in queries.inbox(db, who, queries.Tab.OPEN).rows]


def asks(town: Town, *extensions: str) -> Complaint:
    """A complaint that 林晓雨 registered and that waits at the task `look`, made with these extensions."""
    flows = draw.chain("s", "register", "look", "e")
    deploys(town, draw.diagram(draw.process("tiny_main", draw.start(), register(), draw.user("look", *extensions), draw.end(), flows)))
    return registers(town)


def assigned(**who: str) -> str:
    return draw.zeebe("assignmentDefinition", **who)


def test_who_has_left_cannot_complete_what_they_claimed_and_others_can(yunxi: Town) -> None:
    complaint = is_registered(yunxi)
    key = yunxi["reception2"].claims(complaint, "classify")
    # when: 何文静 leaves the project
    leaves(yunxi["reception2"])
    # then: she can do nothing with it
    with pytest.raises(NotAllowed):
        yunxi["reception2"].does(complaint, "classify", manualLevel="general")
    # and it is offered to her colleague again, and the record says so
    assert offers_again(yunxi) == 1
    assert shelf(yunxi["reception"]) == [key]
    (facts,) = complaint.told("task.lapsed")
    assert (facts["task"], facts["person"]) == (str(key), str(yunxi["reception2"].key))
    yunxi["reception"].does(complaint, "classify", manualLevel="general")


def test_what_a_substitute_claimed_comes_back_when_the_absence_is_over(yunxi: Town) -> None:
    complaint = is_registered(yunxi)
    is_classified(yunxi, complaint)
    is_dispatched(yunxi, complaint)
    deputy = yunxi["company_leader"]
    with yunxi.store.writing() as db:
        org.add_substitution(db, yunxi["functional_dept"].key, deputy.key, clock.now() + timedelta(days=1), SEED)
    key = deputy.claims(complaint, "implement")
    assert offers_again(yunxi) == 0
    clock.pin(clock.now() + timedelta(days=2))
    assert offers_again(yunxi) == 1
    assert key in shelf(yunxi["functional_dept"])


def test_only_a_case_in_which_something_changes_is_touched(yunxi: Town) -> None:
    complaints = [is_registered(yunxi) for _ in range(3)]
    before = [complaint.row.revision for complaint in complaints]
    seen: list[str] = []
    event.listen(yunxi.store.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    assert offers_again(yunxi) == 0
    assert [complaint.row.revision for complaint in complaints] == before
    assert not [statement for statement in seen if "FROM complaint_case" in statement and "FOR UPDATE" in statement]
    assert len([statement for statement in seen if not statement.startswith("BEGIN")]) <= 6 + 3  # the three rows read above


def test_when_the_last_one_leaves_there_is_an_incident_and_it_is_recorded(yunxi: Town) -> None:
    complaint = is_registered(yunxi)
    for login in ("reception", "reception2"):
        leaves(yunxi[login])
    assert offers_again(yunxi) == 1
    assert complaint.told("task.offered")[0]["roles"] == []
    (stopped,) = complaint.rows(tables.incident, status="open")
    assert (stopped.kind, stopped.element_id) == ("no_candidate", "classify")
    # and a newcomer closes it
    yunxi.add("new", "周新", "reception", "pp_yunxi")
    assert offers_again(yunxi) == 1
    assert complaint.rows(tables.incident, status="open") == []
    assert offers_again(yunxi) == 0


def test_an_incident_of_a_task_is_over_with_the_task(yunxi: Town) -> None:
    complaint = asks(yunxi, assigned(candidateGroups="functional_dept"))
    key = complaint.task("look")
    with yunxi.store.writing() as db:
        incidents.record_failure(db, key, RuntimeError("a table without a row"), SEED)
    assert [row.status for row in complaint.rows(tables.incident)] == ["open"]
    yunxi["functional_dept"].does(complaint, "look")
    assert [row.status for row in complaint.rows(tables.incident)] == ["resolved"]
    assert len(complaint.told("incident.resolved")) == 1


def test_roles_that_the_case_names_follow_too(yunxi: Town) -> None:
    complaint = asks(yunxi, assigned(candidateGroups='=if caseNumber != null then ["reception"] else []'))
    assert offers_again(yunxi) == 0
    for login in ("reception", "reception2"):
        leaves(yunxi[login])
    assert offers_again(yunxi) == 1
    assert [row.kind for row in complaint.rows(tables.incident, status="open")] == ["no_candidate"]


def out(login: str) -> str:
    return draw.zeebe("properties", draw.zeebe("property", name="excluded", value=f'=["{login}"]'))


def test_a_task_whose_only_holder_is_kept_out_is_not_lost(yunxi: Town) -> None:
    only = yunxi["functional_dept"]
    complaint = asks(yunxi, assigned(candidateGroups="functional_dept"), out(only.login))
    assert [row.kind for row in complaint.rows(tables.incident, status="open")] == ["no_candidate"]
    yunxi.add("second", "钱二", "functional_dept", "pp_yunxi")
    assert offers_again(yunxi) == 1
    assert complaint.rows(tables.incident, status="open") == []


def test_nobody_judges_their_own_work_through_a_substitute(yunxi: Town) -> None:
    # given: 林晓雨 is kept out, and the leader stands in for her
    complaint = asks(yunxi, assigned(candidateGroups="reception"), out(yunxi["reception"].login))
    deputy = yunxi["company_leader"]
    with yunxi.store.writing() as db:
        org.add_substitution(db, yunxi["reception"].key, deputy.key, clock.now() + timedelta(days=1), SEED)
    # then: the leader does not see it among the tasks, nor may do it
    assert shelf(deputy) == []
    with pytest.raises(NotAllowed):
        deputy.does(complaint, "look")
    assert shelf(yunxi["reception2"]) == [complaint.task("look")]


def test_what_the_procedure_gave_to_one_person_cannot_be_put_back(yunxi: Town) -> None:
    complaint = asks(yunxi, assigned(assignee=yunxi["reception"].login))
    with yunxi.store.writing() as db, pytest.raises(NobodyElse):
        runtime.unclaim(db, complaint.task("look"), yunxi["reception"].actor)
    done: Any = yunxi["reception"].does(complaint, "look")
    assert done.case_key == complaint.key
