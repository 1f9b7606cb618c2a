"""A case while somebody acts on it: its row is locked, its variables and machines are in memory.

It is the host of its machines (`tokens.Host`): variables, clock, keys, FEEL, decisions, service functions. Nothing is
stored before `save`; on any exception the caller's transaction rolls back and this object is thrown away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, insert, select, update

from engine import audit, clock, feel
from engine.bpmn import Element
from engine.calendar import WorkingTime, calendar_at
from engine.model import Actor, Deadline
from engine.org import Org, org_at
from engine.runtime import deadlines, doers, starts
from engine.runtime.effects import apply
from engine.runtime.hints import Hints
from engine.runtime.language import SIGNATURES, Answers, functions
from engine.runtime.mending import mend
from engine.runtime.package import Package, package
from engine.runtime.personal import set_apart
from engine.runtime.rows import Rows
from engine.runtime.services import SERVICES, Call
from engine.runtime.tokens import PENDING, Machine, MessageThrown, Pending, SignalThrown
from engine.store import tables
from engine.store.documents import dumps, loads
from engine.store.keys import next_key

Row = Any


class LiveCase:
    """One case in memory, between the lock and `save`."""

    def __init__(self, db: Connection, row: Row, instances: list[Row], org: Org | None = None) -> None:
        self.db, self.row, self.org = db, row, org or org_at(db)
        self.package: Package = package(db, row.release_key)
        self.head = audit.Head("case", row.key, row.audit_seq, row.audit_hash)
        self._variables: dict[str, Any] = loads(row.variables)
        self.changes: dict[str, list[Any]] = {}
        self.decisions: list[dict[str, Any]] = []
        self.entries: list[audit.Entry] = []
        self.hints = Hints()
        self.opened: list[dict[str, Any]] = []
        self.thrown: list[tuple[int, MessageThrown | SignalThrown]] = []  # by which instance, until `settle` has it heard
        self.person_key: int | None = None  # who completes a task in this act
        self.rows = Rows()
        self.listening: set[int] = set()  # keys of the subscriptions of this act that have been asked about kept messages
        self.columns: dict[str, Any] = {}
        self.over: set[int] = set()  # keys of what has been left in this act, or waits no more
        self._explained: dict[datetime, dict[str | None, Deadline]] = {}  # by the element whose expression asked
        self._element: Element | None = None
        self._working: WorkingTime | None = None
        self._functions = functions(Answers(self._due, self.working, self._members, partial(doers.completed_by, self)))
        self._stored = {item.key: item for item in instances}
        self._machines: dict[int, Machine] = {}

    # --- what the machines ask (tokens.Host)

    @property
    def variables(self) -> Mapping[str, Any]:
        """The case scope."""
        return self._variables

    def write(self, name: str, value: Any) -> None:
        """Write a variable of the case and remember what it was."""
        old = self._variables.get(name)
        if name in self._variables and old == value and type(old) is type(value):
            return
        self.changes.setdefault(name, [old, value])[1] = value
        self._variables[name] = value
        if name == "handledTimes" and old is not None:
            self.columns["handling_since"] = clock.now()

    def next_key(self) -> int:
        """Return a new 64-bit key."""
        return next_key(self.db)

    def now(self) -> datetime:
        """Return the present."""
        return clock.now()

    def evaluate(self, text: str, scope: Mapping[str, Any], element: Element | None) -> Any:
        """Return the FEEL value of `text` with the host functions of this case."""
        self._element = element
        warnings: list[feel.Warning] = []
        value = feel.compile(text, functions=SIGNATURES).evaluate(scope, self._functions, warnings)
        self.hints.note(element, warnings)
        return value

    def decide(self, decision_id: str, scope: Mapping[str, Any], element: Element | None) -> Any:
        """Return the value of a decision of this release; which rows fired goes into the record."""
        self._element = element
        result = self.package.decide(decision_id, scope, self._functions)
        self.hints.note(element, result.warnings)
        fired = [_fired(rule) for rule in result.fired]
        value = feel.to_json(result.value)
        self.decisions.append(
            {
                "decision": decision_id,
                "element": element.id if element else None,
                "inputs": feel.to_json(dict(result.inputs)),
                "fired": fired,
                "value": value,
            }
        )
        return value

    def call(
        self, job_type: str, element: Element, headers: Mapping[str, str], scope: Mapping[str, Any]
    ) -> dict[str, Any] | Pending | None:
        """Run one of our service functions, or leave the job to a worker."""
        service = SERVICES.get(job_type)
        return PENDING if service is None else service(Call(self, element.id, headers, scope))

    # --- personal data

    def personal_among(self, values: Mapping[str, Any]) -> dict[str, str]:
        """Return the kinds of those variables that `variables.csv` declares personal."""
        known = self.package.variables
        return {name: known[name].personal for name in values if name in known and known[name].personal}

    def set_apart(self, values: Mapping[str, Any], kinds: Mapping[str, str] | None = None) -> tuple[dict[str, Any], dict[str, str]]:
        """Store what is personal among values from outside; return (values with references instead, salted digests by name).

        Personal is what `variables.csv` says, and what a form says in `kinds` (by name or dotted path).
        """
        return set_apart(self.db, self.row.key, values, {**self.personal_among(values), **(kinds or {})})

    # --- instances

    def start(self, process_id: str, kind: str = "main", start_event: str | None = None) -> int:
        """Start an instance of a process for this case at a start event (None: the one without an event); returns its key."""
        key, ordinal = self.next_key(), len(self._stored) + 1
        values: dict[str, Any] = {"key": key, "case_key": self.row.key, "ordinal": ordinal, "kind": kind, "process_id": process_id}
        values |= {"release_key": self.row.release_key, "status": "active", "state": "", "started_at": self.now()}
        self.db.execute(insert(tables.instance).values(**values))
        self._stored[key] = type("Instance", (), values)
        machine = self._machines[key] = Machine(self.package.processes, process_id, self)
        machine.go(start_event)
        self.collect()
        return key

    def machine(self, instance_key: int) -> Machine:
        """Return the instance's machine, loaded from its state when first asked for."""
        found = self._machines.get(instance_key)
        if found is None:
            stored = self._stored.get(instance_key)
            if stored is None:
                stored = self.db.execute(select(tables.instance).where(tables.instance.c.key == instance_key)).one()
                self._stored[instance_key] = stored
            found = self._machines[instance_key] = Machine.load(self.package.processes, stored.process_id, stored.state, self)
        return found

    @property
    def warnings(self) -> list[feel.Warning]:
        """What FEEL could not make sense of in this act so far."""
        return self.hints.warnings

    @property
    def machines(self) -> list[Machine]:
        """The machines in memory so far."""
        return list(self._machines.values())

    def kind(self, instance_key: int) -> str:
        """Return what the instance is for the case: main, review, …"""
        return str(self._stored[instance_key].kind)

    def process_id(self, instance_key: int) -> str:
        """Return the process that the instance runs."""
        return str(self._stored[instance_key].process_id)

    def collect(self) -> None:
        """Turn what happened in the machines into rows to be written."""
        for instance_key, machine in self._machines.items():
            for effect in machine.drain():
                apply(self, instance_key, machine, effect)

    def note(self, verb: str, **facts: Any) -> None:
        """Add a fact of its own to the record of this act."""
        self.entries.append(audit.Entry(verb, facts))

    # --- the end of the act

    def save(self, actor: Actor, *entries: audit.Entry) -> None:
        """Write everything this act did: rows, states, the case with its revision, and the events that tell it."""
        self.collect()
        at = self.now()
        if getattr(self.row, "troubled", False):
            mend(self, actor, self.over)
        self.rows.write(self.db, at)
        for key, machine in self._machines.items():
            ended = {"status": "completed", "ended_at": at} if machine.completed else {}
            self.db.execute(update(tables.instance).where(tables.instance.c.key == key).values(state=machine.dump(), **ended))
        head = audit.append(self.db, self.head, actor, self._told(entries), at)
        where = update(tables.case).where(tables.case.c.key == self.row.key, tables.case.c.revision == self.row.revision)
        values = {"revision": self.row.revision + 1, "audit_seq": head.seq, "audit_hash": head.hash, **self._mirrored(), **self.columns}
        if self.changes:
            values["variables"] = dumps(self._variables)
        if self.db.execute(where.values(**values)).rowcount != 1:
            raise RuntimeError(f"case {self.row.number} changed under its lock")
        self.head, self.entries, self.hints = head, [], Hints()

    def _told(self, entries: tuple[audit.Entry, ...]) -> list[audit.Entry]:
        """Return the events of this act; what FEEL could not make sense of stands in the first."""
        told = [*entries, *self.entries]
        hints = self.hints.facts(self.package)
        if told and hints:
            told[0] = replace(told[0], facts={**told[0].facts, "warnings": hints})
        return told

    def _mirrored(self) -> dict[str, Any]:
        """Return the columns of the case row that repeat a variable, where it changed."""
        settings = self.package.settings
        named = {"level": settings.classify_result.get("level", ""), "category": settings.category, "subject": settings.subject}
        found: dict[str, Any] = {column: str(self._variables.get(name) or "") for column, name in named.items() if name in self.changes}
        if settings.urgent in self.changes:
            found["urgent"] = self._variables.get(settings.urgent) is True
        return found

    # --- deadlines and people, as FEEL asks for them

    @property
    def handling_since(self) -> datetime:
        """When the present handling began."""
        since: datetime = self.columns.get("handling_since") or self.row.handling_since
        return since

    def working(self) -> WorkingTime:
        """Return the working time of the case's unit; the calendar is asked once in an act."""
        if self._working is None:
            self._working = calendar_at(self.db).working(self.org.upward(self.row.unit_key))
        return self._working

    def explanation(self, due: datetime, element: Element | None = None) -> Deadline | None:
        """Return the deadline `due()` gave in this act with this due time, to this element or (None) to any."""
        asked = self._explained.get(due, {})
        return asked.get(element.id) if element else next(iter(asked.values()), None)

    def _due(self, stage: Any) -> datetime | None:
        table = self.package.settings.deadlines
        if not table:
            return None
        inputs = {**self._variables, "stage": stage, "level": self._variables.get("level"), "category": self._variables.get("category")}
        result = self.package.decide(table, inputs, self._functions)
        self.hints.note(self._element, result.warnings)
        if result.value is None:
            return None
        deadline = deadlines.compute(str(stage), result.value, self._variables, self._moments())
        if deadline is None:
            return None
        deadline.facts.update(table=table, rule=next((rule.index for rule in result.fired), None))
        self._explained.setdefault(deadline.due, {})[self._element.id if self._element else None] = deadline
        local: datetime = deadline.due.astimezone(clock.ZONE)
        return local

    def _moments(self) -> deadlines.Moments:
        return deadlines.Moments(
            task=lambda first: starts.task_began(self, self._element, first),
            case=self.row.registered_at,
            element=lambda element_id, first: starts.element_left(self, element_id, first),
            working=self.working,
        )

    def _members(self, role: str) -> list[str]:
        unit = self.org.nearest(role, self.row.unit_key)
        people = [] if unit is None else self.org.members(role, unit)
        return list(dict.fromkeys(person.login for person in people if person.closed_at is None))


def _fired(rule: Any) -> dict[str, Any]:
    return {"index": rule.index, "annotations": list(rule.annotations), "outputs": feel.to_json(rule.outputs)}
