"""What was acknowledged survives `kill -9`; what was not leaves no trace, or exactly one when it is sent again."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from engine import audit
from engine.store import Store, open_store, tables
from tests.support.server import Server, Visitor

FORM = "//form[.//textarea[@name='complaintMatter']]"
TYPED: dict[str, Any] = {"channel": "phone", "category": "facility", "clearListen": "true"}


class Clerk(threading.Thread):
    """Registers complaints until told to stop; when an answer is lost, sends the very same form again."""

    def __init__(self, server: Server, name: str, stop: threading.Event) -> None:
        super().__init__(name=name, daemon=True)
        self.server, self.stop = server, stop
        self.acknowledged: dict[str, str] = {}  # matter → case number
        self.sent: list[str] = []

    def run(self) -> None:
        visitor, pending = self._arrive(), None
        while pending is not None or not self.stop.is_set():
            try:
                if pending is None:
                    matter = f"{self.name} 第 {len(self.sent) + 1} 件"
                    pending = visitor.filled("/intake/property-project", FORM, complaintMatter=matter, **TYPED)
                    self.sent.append(matter)
                status, location, body = visitor.ask("/intake/property-project", pending)
                assert status == 303, body
                self.acknowledged[pending["complaintMatter"]] = location.partition("/cases/")[2].partition("?")[0]
                pending = None
            except (OSError, HTTPException):
                time.sleep(0.2)  # the plug was pulled; the same form goes out again

    def _arrive(self) -> Visitor:
        visitor = Visitor(self.server.address)
        visitor.sign_in("property-project.reception")
        return visitor


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    url = None if request.param == "sqlite" else request.getfixturevalue("durable_postgres").new_database()
    found = Server(tmp_path, url)
    found.start()
    yield found
    found.stop()


def store_of(server: Server) -> Store:
    return open_store(server.environment.get("JIESU_DATABASE_URL") or f"sqlite:///{server.home}/var/jiesu.db")


def survives(server: Server, kills: int, until: int) -> None:
    stop = threading.Event()
    clerks = [Clerk(server, f"柜台{number}", stop) for number in (1, 2, 3)]
    for clerk in clerks:
        clerk.start()
    chance = random.Random(20261122)
    marks = sorted(chance.sample(range(5, until - 5), kills))
    for mark in marks:
        _wait_for(clerks, mark)
        server.kill()
        server.start()
    _wait_for(clerks, until)
    stop.set()
    for clerk in clerks:
        clerk.join(60)
        assert not clerk.is_alive()
    _check(server, clerks)


def _wait_for(clerks: list[Clerk], count: int) -> None:
    until = time.monotonic() + 120
    while sum(len(clerk.acknowledged) for clerk in clerks) < count:
        assert time.monotonic() < until, "the clerks do not get on"
        assert all(clerk.is_alive() for clerk in clerks)
        time.sleep(0.01)


def _check(server: Server, clerks: list[Clerk]) -> None:
    store = store_of(server)
    try:
        with store.reading() as db:
            stored = {row.subject: row.number for row in db.execute(select(tables.case.c.subject, tables.case.c.number))}
            cases = db.execute(select(func.count()).select_from(tables.case)).scalar_one()
            waiting = select(func.count()).where(tables.task.c.status == "open", tables.task.c.element_id == "classify")
            tasks = db.execute(waiting).scalar_one()
            acknowledged = {matter: number for clerk in clerks for matter, number in clerk.acknowledged.items()}
            assert stored == acknowledged, "every acknowledged case is there under its number, and no other"
            assert cases == len(acknowledged) == tasks, "nothing twice, nothing half"
            assert audit.verify(db)[1] == []
    finally:
        store.dispose()


def test_a_hundred_registrations_survive_kill_9(server: Server) -> None:
    survives(server, kills=2, until=100)


@pytest.mark.long
def test_a_thousand_registrations_survive_twenty_kills(server: Server) -> None:
    survives(server, kills=20, until=1000)
