"""What inbox, list of cases and case page ask the database, on rows put there directly; both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from engine import clock, org
from engine.audit import Entry, Head, append
from engine.cases import queries as cases
from engine.errors import NotFound
from engine.model import Actor, system
from engine.org import NewUnit, org_at
from engine.runtime import queries as runtime
from engine.runtime.queries import Tab
from engine.store import Store, dumps, migrations, next_key, open_store
from engine.store.tables import case, incident, instance, notice, release, task, task_candidate, task_exclusion

NOON = datetime(2026, 9, 30, 4, 0, tzinfo=UTC)
SEED = system("seed")


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path}/jiesu.db" if request.param == "sqlite" else request.getfixturevalue("fresh_postgres_url")
    opened = open_store(url)
    migrations.upgrade(opened)
    yield opened
    opened.dispose()


@pytest.fixture
def db(store: Store) -> Iterator[Connection]:
    with clock.pinned(NOON), store.writing() as connection:
        yield connection


class House:
    """湖滨花园 and 东城家园 under one company; 李梅 receives at the first, 王敏 at the second, 陈总 leads the company."""

    def __init__(self, db: Connection) -> None:
        self.db = db
        self.company = org.add_unit(db, NewUnit("company", "总公司", "Company", "company"), SEED)
        self.lake = org.add_unit(db, NewUnit("lake", "湖滨花园", "Lakeside", "project", self.company), SEED)
        self.east = org.add_unit(db, NewUnit("east", "东城家园", "East", "project", self.company), SEED)
        self.li = self.person("li", "reception", self.lake)
        self.wang = self.person("wang", "reception", self.east)
        self.chen = self.person("chen", "company_leader", self.company)
        org.replace_grants(db, "test", {"reception": ["work"], "company_leader": ["work", "read_case"]})
        self.release = next_key(db)
        self.add(release, key=self.release, procedure="p", number=1, status="active", sha256="0", deployed_by="x", deployed_at=NOON)

    def person(self, login: str, role: str, unit: int) -> int:
        key = org.add_person(self.db, login, login.title(), login.title(), SEED)
        org.add_membership(self.db, key, role, unit, SEED)
        return key

    def add(self, table: Any, **values: Any) -> int:
        self.db.execute(insert(table).values(**values))
        return int(values.get("key", 0))

    def case(self, number: str, subject: str = "电梯异响", **values: Any) -> int:
        row: dict[str, Any] = {"unit_key": self.lake, "status": "open", "registered_at": NOON - timedelta(days=1), **values}
        fixed = {"procedure": "p", "release_key": self.release, "revision": 1, "variables": dumps({"level": "general"})}
        fixed |= {"audit_seq": 0, "audit_hash": "0", "handling_since": NOON}
        return self.add(case, key=next_key(self.db), number=number, subject=subject, **row, **fixed)

    def task(self, case_key: int, name: str = "派单", roles: tuple[tuple[str, int], ...] = (), **values: Any) -> int:
        run = {"case_key": case_key, "ordinal": next_key(self.db) % 10**9, "kind": "main", "process_id": "main", "status": "active"}
        run_key = self.add(instance, key=next_key(self.db), **run, release_key=self.release, state="", started_at=NOON)
        row: dict[str, Any] = {"status": "open", "created_at": NOON - timedelta(hours=1), "priority": 50, **values}
        fixed = {"instance_key": run_key, "release_key": self.release, "procedure": "p", "process_id": "main", "element_id": "dispatch"}
        key = self.add(task, key=next_key(self.db), case_key=case_key, unit_key=self.lake, name=name, name_en="Dispatch", **row, **fixed)
        for role, unit in roles:
            self.add(task_candidate, task_key=key, role=role, unit_key=unit)
        return key

    def inbox(self, person: int, tab: Tab = Tab.OPEN, **kwargs: Any) -> list[str]:
        who = runtime.worker(org_at(self.db), person)
        return [row.number for row in runtime.inbox(self.db, who, tab, **kwargs).rows]

    def cases(self, person: int, **kwargs: Any) -> list[str]:
        return [row.number for row in cases.listed(self.db, cases.reader(org_at(self.db), person), **kwargs).rows]


@pytest.fixture
def house(db: Connection) -> House:
    return House(db)


def test_a_task_is_offered_to_holders_of_its_role_at_its_unit_only(house: House) -> None:
    house.task(house.case("PP-1"), roles=(("reception", house.lake),))
    assert house.inbox(house.li) == ["PP-1"]
    assert house.inbox(house.wang) == [] and house.inbox(house.chen) == []


def test_somebody_excluded_is_not_offered_the_task(house: House) -> None:
    key = house.task(house.case("PP-1"), roles=(("reception", house.lake),))
    house.add(task_exclusion, task_key=key, person_key=house.li)
    assert house.inbox(house.li) == []


def test_a_claimed_task_moves_from_everybodys_shelf_to_ones_own(house: House) -> None:
    zhao = house.person("zhao", "reception", house.lake)
    house.task(house.case("PP-1"), roles=(("reception", house.lake),), assignee_key=house.li, claimed_at=NOON)
    assert house.inbox(house.li, Tab.MINE) == ["PP-1"]
    assert house.inbox(house.li) == [] and house.inbox(zhao) == [] and house.inbox(zhao, Tab.MINE) == []


def test_a_substitute_sees_the_tasks_of_the_absent_person(house: House) -> None:
    house.task(house.case("PP-1"), roles=(("reception", house.lake),), assignee_key=house.li, claimed_at=NOON)
    house.task(house.case("PP-2"), roles=(("reception", house.lake),))
    org.add_substitution(house.db, house.li, house.wang, NOON + timedelta(days=3), SEED)
    assert house.inbox(house.wang, Tab.MINE) == ["PP-1"]
    assert house.inbox(house.wang) == ["PP-2"]


def test_the_most_pressing_task_comes_first_and_a_late_one_is_marked(house: House) -> None:
    house.task(house.case("PP-1"), roles=(("reception", house.lake),), created_at=NOON - timedelta(hours=3))
    house.task(house.case("PP-2"), roles=(("reception", house.lake),), created_at=NOON - timedelta(hours=5))
    house.task(house.case("PP-3"), roles=(("reception", house.lake),), due_at=NOON + timedelta(hours=1))
    house.task(house.case("PP-4"), roles=(("reception", house.lake),), due_at=NOON - timedelta(minutes=1))

    rows = runtime.inbox(house.db, runtime.worker(org_at(house.db), house.li), Tab.OPEN).rows

    assert [(row.number, row.overdue) for row in rows] == [("PP-4", True), ("PP-3", False), ("PP-2", False), ("PP-1", False)]


def test_done_tasks_are_those_one_completed_the_latest_first(house: House) -> None:
    for number, minutes in (("PP-1", 9), ("PP-2", 3)):
        house.task(house.case(number), status="completed", completed_by=house.li, closed_at=NOON - timedelta(minutes=minutes))
    assert house.inbox(house.li, Tab.DONE) == ["PP-2", "PP-1"]
    assert house.inbox(house.wang, Tab.DONE) == []


def test_text_is_looked_for_in_number_and_subject_and_wildcards_are_plain_letters(house: House) -> None:
    house.task(house.case("PP-1", "电梯异响"), roles=(("reception", house.lake),))
    house.task(house.case("PP-2", "打 100% 折扣"), roles=(("reception", house.lake),))
    assert house.inbox(house.li, text="pp-1") == ["PP-1"]
    assert house.inbox(house.li, text=" 电梯 ") == ["PP-1"]
    assert house.inbox(house.li, text="%") == ["PP-2"]
    assert house.inbox(house.li, text="_") == []


@pytest.mark.parametrize("tab", [Tab.OPEN, Tab.DONE])
def test_pages_follow_each_other_without_gap_or_repeat(house: House, tab: Tab) -> None:
    # given 45 tasks, many with the same due time and age
    key = house.case("PP-1")
    for number in range(45):
        due = None if number % 3 else NOON + timedelta(hours=number // 9)
        if tab is Tab.DONE:
            house.task(key, f"{number}", status="completed", completed_by=house.li, closed_at=NOON - timedelta(minutes=number // 10))
        else:
            house.task(key, f"{number}", roles=(("reception", house.lake),), due_at=due)
    who = runtime.worker(org_at(house.db), house.li)

    # when
    seen, after, pages = [], "", 0
    while after is not None:
        page = runtime.inbox(house.db, who, tab, after=after)
        seen += [row.name for row in page.rows]
        after, pages = page.after, pages + 1

    # then
    assert pages == 3 and len(seen) == 45 and len(set(seen)) == 45


@pytest.mark.parametrize("after", ["", "x", "W10", "WyJhIl0", "WzEsMiwzXQ", "bnVsbA", "WyIyMDI2LTAxLTAxIiwxXQ"])
def test_a_spoilt_cursor_means_the_first_page(house: House, after: str) -> None:
    house.task(house.case("PP-1"), roles=(("reception", house.lake),))
    assert house.inbox(house.li, after=after) == ["PP-1"]


def test_counts_stop_at_a_thousand(house: House) -> None:
    key = house.case("PP-1")
    one = house.task(key, assignee_key=house.li)
    shape = {"case_key": key, "release_key": house.release, "unit_key": house.lake, "procedure": "p", "process_id": "m"}
    shape |= {"instance_key": house.db.execute(task.select().where(task.c.key == one)).one().instance_key}
    shape |= {"element_id": "e", "name": "n", "name_en": "n", "status": "open", "priority": 1, "created_at": NOON}
    keys = [next_key(house.db) for _ in range(1100)]
    house.db.execute(insert(task), [{"key": item, **shape} for item in keys])
    house.db.execute(insert(task_candidate), [{"task_key": item, "role": "reception", "unit_key": house.lake} for item in keys])
    assert runtime.counts(house.db, runtime.worker(org_at(house.db), house.li)) == runtime.Counts(1, 1000)


def test_somebody_without_any_role_has_an_empty_inbox(house: House) -> None:
    house.task(house.case("PP-1"), roles=(("reception", house.lake),))
    nobody = org.add_person(house.db, "nobody", "无名", "Nobody", SEED)
    who = runtime.worker(org_at(house.db), nobody)
    assert runtime.inbox(house.db, who, Tab.OPEN).rows == () and runtime.counts(house.db, who) == runtime.Counts(0, 0)


def test_a_case_is_read_from_above_by_its_registrar_and_by_who_worked_on_it(house: House) -> None:
    zhao = house.person("zhao", "functional_dept", house.lake)
    key = house.case("PP-1", registered_by=house.li)
    house.task(key, status="completed", completed_by=zhao, closed_at=NOON)
    assert house.cases(house.chen) == house.cases(house.li) == house.cases(zhao) == ["PP-1"]
    assert house.cases(house.wang) == []


def test_a_stranger_meets_the_same_error_as_for_a_number_that_does_not_exist(house: House) -> None:
    house.case("PP-1", registered_by=house.li)
    who = cases.reader(org_at(house.db), house.wang)
    for number in ("PP-1", "PP-9"):
        with pytest.raises(NotFound):
            cases.one(house.db, who, number)


def test_the_list_is_filtered_by_status_and_text(house: House) -> None:
    late, calm = house.case("PP-1"), house.case("PP-2", "漏水", registered_at=NOON - timedelta(hours=2))
    house.case("PP-3", status="closed", closed_at=NOON)
    house.task(late, due_at=NOON - timedelta(hours=1))
    house.task(calm, due_at=NOON + timedelta(hours=1))
    assert house.cases(house.chen) == ["PP-2", "PP-3", "PP-1"]
    assert house.cases(house.chen, status=cases.Status.OPEN) == ["PP-2", "PP-1"]
    assert house.cases(house.chen, status=cases.Status.OVERDUE) == ["PP-1"]
    assert house.cases(house.chen, status=cases.Status.CLOSED) == ["PP-3"]
    assert house.cases(house.chen, text="漏水") == ["PP-2"]
    assert cases.count(house.db, cases.reader(org_at(house.db), house.chen)) == 3


def test_a_line_shows_open_steps_and_the_earliest_due_time(house: House) -> None:
    key = house.case("PP-1")
    house.task(key, "派单", due_at=NOON + timedelta(hours=4))
    house.task(key, "回复情况", due_at=NOON - timedelta(hours=1))
    house.task(key, "登记", status="completed", closed_at=NOON, due_at=NOON - timedelta(hours=9))

    (row,) = cases.listed(house.db, cases.reader(org_at(house.db), house.chen)).rows

    assert [step[0] for step in row.steps] == ["派单", "回复情况"]
    assert row.due_at == NOON - timedelta(hours=1) and row.overdue


def test_the_list_of_cases_is_paged(house: House) -> None:
    for number in range(25):
        house.case(f"PP-{number}", registered_at=NOON - timedelta(hours=number // 5))
    who = cases.reader(org_at(house.db), house.chen)
    first = cases.listed(house.db, who)
    second = cases.listed(house.db, who, after=first.after or "")
    assert len(first.rows) == 20 and len(second.rows) == 5 and second.after is None
    assert len({row.number for row in first.rows + second.rows}) == 25


def test_a_case_comes_with_tasks_events_notices_and_incidents(house: House) -> None:
    # given
    key = house.case("PP-1", registered_by=house.li)
    house.task(key, due_at=NOON, due_facts=dumps({"unit": "minute", "amount": 30}))
    said = {"element_id": "alert", "zh": "请处理", "en": "Act"}
    house.add(notice, key=next_key(house.db), case_key=key, role="dept_head", unit_key=house.lake, created_at=NOON, **said)
    stopped = {"kind": "no_candidate", "zh": "无人", "en": "Nobody", "facts": "{}", "status": "open"}
    house.add(incident, key=next_key(house.db), case_key=key, created_at=NOON + timedelta(seconds=1), **stopped)
    actor = Actor(f"person:{house.li}", "李梅", house.li)
    entries = [Entry("case.registered", {"number": "PP-1"}), Entry("task.claimed", {"name": "派单"})]
    append(house.db, Head("case", key), actor, entries)

    # when
    found = cases.one(house.db, cases.reader(org_at(house.db), house.li), "PP-1")

    # then
    assert found.variables == {"level": "general"} and found.key == key
    assert [item.due_facts for item in cases.tasks(house.db, key)] == [{"unit": "minute", "amount": 30}]
    assert [item.verb for item in cases.events(house.db, key)] == ["task.claimed", "case.registered"]
    assert [item.verb for item in cases.events(house.db, key, before=2)] == ["case.registered"]
    assert [(item.kind, item.zh, item.role, item.status) for item in cases.remarks(house.db, key)] == [
        ("incident", "无人", None, "open"),
        ("notice", "请处理", "dept_head", None),
    ]
