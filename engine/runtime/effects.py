"""What each effect of a machine becomes in the store: a table of small functions."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from engine.audit.chain import stamp
from engine.bpmn import Element
from engine.errors import Broken
from engine.org import Org
from engine.runtime import deadlines
from engine.runtime.causes import cause
from engine.runtime.language import names_in
from engine.runtime.tokens import Machine, effects
from engine.store.documents import dumps
from engine.store.keys import next_key

if TYPE_CHECKING:
    from engine.runtime.live import LiveCase

CUSTOMER = "customer"
PRIORITY = 50  # Camunda's default


class NoCandidate(Broken):
    """A task nobody can do. The case is not lost: it stands in the list of incidents until somebody holds the role."""

    zh = "“{unit}”及其上级没有人担任“{roles}”，任务“{task}”无人可办；请在人员管理中指定。"
    en = "Nobody holds {roles!r} at {unit!r} or above, so nobody can do {task!r}; name somebody for the role."


@dataclass(frozen=True, slots=True)
class Place:
    """Where an effect happened."""

    live: LiveCase
    instance_key: int
    machine: Machine

    def row(self, element: Element, **values: Any) -> dict[str, Any]:
        """Return the columns that every waiting row shares, with `values`."""
        shared = {"case_key": self.live.row.key, "instance_key": self.instance_key, "element_id": element.id}
        return {**shared, "created_at": self.live.now(), **values}


def apply(live: LiveCase, instance_key: int, machine: Machine, effect: effects.Effect) -> None:
    """Add to the rows of this act what the effect means."""
    act = _ACTS.get(type(effect))
    if act is not None:
        act(Place(live, instance_key, machine), effect)


def _left(place: Place, effect: effects.Left) -> None:
    place.live.over.add(effect.key)
    place.live.rows.element_instances.append(
        {
            "key": effect.key,
            "case_key": place.live.row.key,
            "instance_key": place.instance_key,
            "parent_key": effect.parent_key,
            "process_id": effect.process_id,
            "element_id": effect.element_id,
            "entered_at": effect.entered_at,
            "left_at": effect.left_at,
            "outcome": effect.how,
            "flows": " ".join(effect.flows),
        }
    )
    at_the_top = effect.parent_key is None and place.live.kind(place.instance_key) == "main"
    if at_the_top and place.live.package.element(effect.process_id, effect.element_id).kind == "endEvent":
        place.live.columns["outcome"] = effect.element_id


def _task_opened(place: Place, effect: effects.TaskOpened) -> None:
    live, element = place.live, effect.element
    roles = offered_roles(element, partial(place.machine.evaluate, effect.key))
    due, facts = _deadline(live, element, effect.due)
    row = place.row(
        element,
        key=effect.key,
        release_key=live.row.release_key,
        unit_key=live.row.unit_key,
        procedure=live.package.slug,
        process_id=element.process_id,
        name=element.label,
        name_en=element.name_en or element.label,
        form_id=element.form_id,
        status="open",
        assignee_key=_assignee(place, effect.key, element),
        on_behalf=CUSTOMER if CUSTOMER in _groups(element, partial(place.machine.evaluate, effect.key)) else None,
        priority=_priority(place, effect.key, element),
        due_at=due,
        due_facts=facts,
        closed_at=None,
        completed_by=None,
    )
    live.rows.tasks[effect.key] = row
    told = {"task": str(effect.key), "element": element.id, "name": row["name"], "name_en": row["name_en"], "roles": roles}
    live.opened.append(told if due is None else told | {"due": stamp(due)})
    offer(live, row, roles, _exclude(place, effect.key, element))


def offered_roles(element: Element, evaluate: Callable[[str], Any]) -> list[str]:
    """Return the roles a task is offered to. The customer acts in the portal; until then those named in `on_behalf` do.

    `evaluate` gives the FEEL value of a raw text at the task; it is asked only if the diagram does not name the roles plainly.
    """
    roles = _groups(element, evaluate)
    if CUSTOMER in roles:
        return [role for role in roles if role != CUSTOMER] + _names(element.properties.get("on_behalf"))
    return roles


def _groups(element: Element, evaluate: Callable[[str], Any]) -> list[str]:
    text = element.candidate_groups or ""
    return _names(evaluate(text) if text.startswith("=") else text)


def offer(live: LiveCase, task: Mapping[str, Any], roles: list[str], kept_out: Container[int]) -> set[tuple[str, int]]:
    """Write who may do the task, as (role, unit), and return it; if nobody may, open an incident instead of losing the case.

    A unit where only people hold the role whom the task keeps out is passed over, as one where nobody does.
    """
    found = places(live.org, roles, live.row.unit_key, kept_out)
    live.rows.candidates += [{"task_key": task["key"], "role": role, "unit_key": unit} for role, unit in sorted(found)]
    if not found and task["assignee_key"] is None:
        labels = [live.package.roles[role].zh if role in live.package.roles else role for role in roles]
        unit = live.org.units[live.row.unit_key].name
        problem = NoCandidate(unit=unit, roles="、".join(labels) or "–", task=task["name"])
        incident(live, "no_candidate", problem, element_id=task["element_id"], element_key=task["key"], instance_key=None)
    return found


def places(org: Org, roles: list[str], unit_key: int, kept_out: Container[int]) -> set[tuple[str, int]]:
    """Return (role, unit) of everybody who may do a task that is offered to these roles."""
    units = {role: org.nearest(role, unit_key, kept_out) for role in roles}
    return {(role, unit) for role, unit in units.items() if unit is not None}


def incident(live: LiveCase, kind: str, problem: Broken, **where: Any) -> None:
    """Open an incident on the case, in the same transaction; its facts say where it happened and which names were read."""
    row = {"key": next_key(live.db), "case_key": live.row.key, "kind": kind, "zh": problem.text("zh"), "en": problem.text("en")}
    where = {"element_id": getattr(problem, "element_id", None), **where}
    row |= {"facts": dumps(cause(live.package, problem)), "status": "open", "created_at": live.now()}
    live.rows.incidents.append({**row, **where})
    live.note("incident.opened", kind=kind, zh=row["zh"], en=row["en"], element=where.get("element_id"))


def _task_closed(place: Place, effect: effects.TaskClosed) -> None:
    live = place.live
    live.rows.close_task(effect.key, effect.how, live.now(), live.person_key if effect.how == "completed" else None)
    live.opened = [item for item in live.opened if item["task"] != str(effect.key)]


def _job_opened(place: Place, effect: effects.JobOpened) -> None:
    element = effect.element
    values = {"type": element.job_type or "", "headers": dumps(dict(element.headers)), "status": "open", "retries": _retries(element)}
    place.live.rows.jobs[effect.key] = place.row(element, key=effect.key, ended_at=None, **values)


def _job_closed(place: Place, effect: effects.JobClosed) -> None:
    place.live.rows.close_job(effect.key, effect.how, place.live.now())


def _timer_set(place: Place, effect: effects.TimerSet) -> None:
    key = next_key(place.live.db)
    rule = effect.element.event.expression if effect.element.event else None
    explained = place.live.explanation(effect.due) if "due" in names_in(rule) else None
    place.live.rows.timers[key] = place.row(
        effect.element,
        key=key,
        element_key=effect.key,
        position=effect.index,
        process_id=effect.element.process_id,
        status="waiting",
        due_at=effect.due,
        try_at=effect.due,
        repeats_left=effect.repeats,
        interval=effect.interval,
        rule=rule,
        explanation=dumps(explained.facts) if explained else None,
    )


def _thrown(place: Place, effect: effects.MessageThrown | effects.SignalThrown) -> None:
    place.live.thrown.append((place.instance_key, effect))


def _awaited(place: Place, effect: effects.Subscribed | effects.SignalAwaited) -> None:
    key = next_key(place.live.db)
    place.live.rows.subscriptions[key] = place.row(
        effect.element,
        key=key,
        element_key=effect.key,
        position=effect.index,
        process_id=effect.element.process_id,
        status="waiting",
        kind="message" if isinstance(effect, effects.Subscribed) else "signal",
        name=effect.name,
        correlation_key=effect.correlation_key if isinstance(effect, effects.Subscribed) else None,
    )


def _event_gone(place: Place, effect: effects.EventGone) -> None:
    place.live.over.add(effect.key)
    place.live.rows.end_events(effect.key)


def _completed(place: Place, effect: effects.Completed) -> None:
    live = place.live
    if live.kind(place.instance_key) != "main":
        return
    outcome = live.columns.get("outcome")
    element = live.package.element(live.process_id(place.instance_key), outcome) if outcome else None
    live.columns |= {"status": "closed", "closed_at": live.now()}
    name, name_en = (element.label, element.name_en or element.label) if element else ("", "")
    live.note("case.closed", outcome=outcome, name=name, name_en=name_en)


_ACTS: dict[type, Callable[[Place, Any], None]] = {
    effects.Left: _left,
    effects.TaskOpened: _task_opened,
    effects.TaskClosed: _task_closed,
    effects.JobOpened: _job_opened,
    effects.JobClosed: _job_closed,
    effects.TimerSet: _timer_set,
    effects.Subscribed: _awaited,
    effects.SignalAwaited: _awaited,
    effects.MessageThrown: _thrown,
    effects.SignalThrown: _thrown,
    effects.EventGone: _event_gone,
    effects.Completed: _completed,
}


def _value(place: Place, key: int, text: str | None) -> Any:
    return place.machine.evaluate(key, text) if text else None


def _names(value: Any) -> list[str]:
    """Return role keys or logins given as a list, or as text separated by commas or blanks."""
    items = value if isinstance(value, list) else str(value or "").replace(",", " ").split()
    return list(dict.fromkeys(str(item) for item in items))


def _assignee(place: Place, key: int, element: Element) -> int | None:
    login = _value(place, key, element.assignee)
    people = (person for person in place.live.org.people.values() if person.closed_at is None)
    return next((person.key for person in people if person.login == login), None) if login else None


def _exclude(place: Place, key: int, element: Element) -> set[int]:
    logins = _names(_value(place, key, element.properties.get("excluded")))
    keys = {person.key for person in place.live.org.people.values() if person.login in logins}
    place.live.rows.exclusions += [{"task_key": key, "person_key": person_key} for person_key in sorted(keys)]
    return keys


def _priority(place: Place, key: int, element: Element) -> int:
    value = _value(place, key, element.priority)
    return PRIORITY if value is None else int(value)


def _retries(element: Element) -> int:
    return int(element.retries) if element.retries and element.retries.isdigit() else 3


def _deadline(live: LiveCase, element: Element, value: Any) -> tuple[datetime | None, str | None]:
    if value is None:
        return None, None
    if isinstance(value, datetime):
        due = deadlines.aware(value)
    else:
        text = value.isoformat() if isinstance(value, date) else value
        found = deadlines.entered(element.label, text)
        if found is None:
            return None, None
        due = found
    explained = live.explanation(due, element)
    return due, dumps(explained.facts if explained else {"unit": None, "rule": element.due_date})
