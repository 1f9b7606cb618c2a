"""A deterministic world: one seed drives the clock, the people, the messages and the crashes, through the real store.

A crash pulls the plug before a random SQL statement of an act: the transaction never commits, the store is closed, and
work goes on with a new one. Nothing but the seed decides, so a failing seed replays exactly.
"""

from __future__ import annotations

import hashlib
import random
from datetime import timedelta
from typing import Any

from sqlalchemy import event, select

from engine import audit, cases, clock, jobs, runtime
from engine.model import system
from engine.runtime import messages
from engine.runtime.locking import lock_case
from engine.store import open_store, tables
from tests.support.filling import filled
from tests.support.town import Someone, Town

PORTAL = system("portal")


class PlugPulled(BaseException):
    """The process dies here."""


class World:
    """A town whose people work at random."""

    def __init__(self, town: Town, seed: int, crash_rate: float = 0.15) -> None:
        self.town, self.chance, self.crash_rate = town, random.Random(seed), crash_rate
        self.crashes = self.refused = self.acknowledged = 0
        self.numbers: list[str] = []
        self.log: list[str] = []
        self._countdown: int | None = None
        self._listen()

    def step(self) -> None:
        """Let one thing happen."""
        what = self.chance.choices([self.register, self.work, self.wait, self.claim, self.send], [3, 12, 3, 2, 1])[0]
        self._countdown = self.chance.randint(1, 14) if self.chance.random() < self.crash_rate else None
        try:
            what()
            self.acknowledged += 1
        except PlugPulled:
            self.crashes += 1
            self._reopen()
        except runtime.FormErrors as problem:
            raise AssertionError(f"{[error.zh for error in problem.outcome.errors]}") from problem
        finally:
            self._countdown = None

    # --- what may happen

    def register(self) -> None:
        with self.town.store.reading() as db:
            clerks = [(someone, found) for someone in self._everyone() if (found := cases.registrable(db, someone.key))]
        someone, places = self.chance.choice(clerks)
        place = self.chance.choice(places)
        unit = self.chance.choice(place.units)
        with self.town.store.reading() as db:
            _, form, context, _ = cases.register_form(db, place.procedure, unit.key)
        values = filled(form, context, self.chance)
        with self.town.store.writing() as db:
            done = cases.register(db, cases.Registration(place.procedure, unit.key, values), someone.actor)
        self.numbers.append(done.number)
        self.log.append(f"registered {done.number}")

    def work(self) -> None:
        found = self._some_task()
        if found is None:
            return
        someone, task_key = found
        with self.town.store.reading() as db:
            task = runtime.open_task(db, task_key, someone.key)
        if not task.may_work:
            return
        values = filled(task.form, task.context, self.chance) if task.form else {}
        with self.town.store.writing() as db:
            runtime.complete(db, task_key, runtime.Submission(values, task.case.audit_seq), someone.actor)
        self.log.append(f"{someone.login} did {task.element.id} of {task.case.number}")

    def claim(self) -> None:
        found = self._some_task()
        if found is not None:
            someone, task_key = found
            try:
                with self.town.store.writing() as db:
                    runtime.claim(db, task_key, someone.actor)
                if self.chance.random() < 0.5:
                    with self.town.store.writing() as db:
                        runtime.unclaim(db, task_key, someone.actor)
            except runtime.TaskTaken:
                self.refused += 1

    def wait(self) -> None:
        clock.pin(clock.now() + timedelta(minutes=self.chance.choice([1, 29, 60, 600, 3000])))
        jobs.run_once(self.town.store)

    def send(self) -> None:
        if self.numbers:
            publication = messages.Publication("upgraded", self.chance.choice(self.numbers), time_to_live=timedelta(0))
            with self.town.store.writing() as db:
                messages.publish(db, publication, PORTAL)

    # --- who and what

    def _everyone(self) -> list[Someone]:
        return sorted(self.town.people.values(), key=lambda someone: someone.login)

    def _some_task(self) -> tuple[Someone, int] | None:
        column = tables.task.c
        with self.town.store.reading() as db:
            keys = list(db.execute(select(column.key).where(column.status == "open").order_by(column.key)).scalars())
            if not keys:
                return None
            key = self.chance.choice(keys)
            offered = db.execute(select(tables.task_candidate).where(tables.task_candidate.c.task_key == key)).all()
            row = db.execute(select(tables.task).where(column.key == key)).one()
        people = {person.key: person for person in self.town.people.values()}
        if row.assignee_key:
            return people[row.assignee_key], key
        if not offered:
            return None
        choice = self.chance.choice(sorted(offered, key=lambda item: (item.role, item.unit_key)))
        with self.town.store.reading() as db:
            from engine.org import org_at

            members = sorted(person.key for person in org_at(db).members(choice.role, choice.unit_key))
        return people[self.chance.choice(members)], key

    # --- the plug

    def _listen(self) -> None:
        event.listen(self.town.store.engine, "before_cursor_execute", self._tick)

    def _tick(self, *_: Any) -> None:
        if self._countdown is not None:
            self._countdown -= 1
            if self._countdown == 0:
                raise PlugPulled

    def _reopen(self) -> None:
        url = self.town.store.engine.url.render_as_string(hide_password=False)
        self.town.store.dispose()
        self.town.store = open_store(url)
        self._listen()

    # --- what must hold at any moment

    def check(self) -> None:
        """Every chain is whole, every number is there once, and the rows say what the tokens say."""
        with self.town.store.reading() as db:
            assert audit.verify(db)[1] == []
            stored = list(db.execute(select(tables.case.c.number)).scalars())
            assert set(self.numbers) <= set(stored)
            for row in db.execute(select(tables.case.c.key, tables.case.c.number, tables.case.c.status)).all():
                self._check_case(db, row)

    def _check_case(self, db: Any, row: Any) -> None:
        live = lock_case(db, row.key)
        tokens = {token.key: token for key in live._stored for token in live.machine(key).open}
        people = {key for key, token in tokens.items() if token.element.kind in ("userTask", "manualTask", "task")}
        column = tables.task.c
        tasks = set(db.execute(select(column.key).where(column.case_key == row.key, column.status == "open")).scalars())
        assert tasks == people, f"{row.number}: tasks {tasks} ≠ tokens {people}"
        for table in (tables.timer, tables.subscription):
            waiting = select(table).where(table.c.case_key == row.key, table.c.status == "waiting")
            for item in db.execute(waiting):
                assert live.machine(item.instance_key).is_waiting(item.element_key, item.position), f"{row.number}: {item.element_id}"
        assert (row.status == "closed") == (not tokens), f"{row.number} is {row.status} with {len(tokens)} tokens"
        if row.status == "open":
            candidates = db.execute(select(tables.task_candidate.c.task_key).where(tables.task_candidate.c.task_key.in_(tasks))).all()
            assert candidates, f"{row.number} waits for nobody"

    def fingerprint(self) -> str:
        """Return a hash over all that happened, without the random salts of personal data."""
        column = tables.event.c
        query = select(column.kind, column.key, column.seq, column.at, column.actor, column.verb)
        query = query.order_by(column.kind, column.key, column.seq)
        with self.town.store.reading() as db:
            return hashlib.sha256(repr([tuple(row) for row in db.execute(query)]).encode()).hexdigest()
