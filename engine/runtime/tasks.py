"""What people do with tasks: look at one, claim it, put it back, complete it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, select, update

from engine import audit, clock, forms
from engine.bpmn import Element
from engine.errors import NotAllowed
from engine.model import Actor
from engine.org import Org, Person
from engine.runtime.errors import FormErrors, NobodyElse, StaleValues, TaskGone, TaskTaken, TaskWithdrawn
from engine.runtime.explanations import shown
from engine.runtime.live import LiveCase
from engine.runtime.locking import TaskAtHand, find_task
from engine.runtime.package import Package
from engine.runtime.personal import at, put
from engine.runtime.settling import settle
from engine.store import tables
from engine.store.documents import dumps, loads


@dataclass(frozen=True, slots=True)
class Submission:
    """What somebody sends: values by key as they came in, and the audit sequence of the case their form was shown at.

    `confirmed`: they have seen that a value changed meanwhile and send theirs all the same.
    """

    values: Mapping[str, Any]
    shown_revision: int | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Completed:
    """The completed task, its case, and the tasks that appeared and that this person may do."""

    case_key: int
    case_number: str
    task_key: int
    opened: tuple[int, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task as a page shows it."""

    task: Any
    case: Any
    package: Package
    element: Element
    form: forms.Form | None
    variables: dict[str, Any]
    context: forms.Context
    may_work: bool
    may_see: bool
    assignee: Person | None


def open_task(db: Connection, task_key: int, person_key: int) -> OpenTask:
    """Return a task with everything its page needs. Raises `NotFound`, also when the person may not know of it."""
    hand = find_task(db, task_key, person_key, lock=False)
    live = LiveCase(db, hand.case, [hand.instance], hand.org)
    element = live.package.element(hand.task.process_id, hand.task.element_id)
    scope = _scope(live, hand)
    return OpenTask(
        task=hand.task,
        case=hand.case,
        package=live.package,
        element=element,
        form=live.package.form(element),
        variables=scope,
        context=_context(live, element, scope, person_key),
        may_work=hand.may_work,
        may_see=True,
        assignee=hand.org.people.get(hand.task.assignee_key) if hand.task.assignee_key else None,
    )


def _scope(live: LiveCase, hand: TaskAtHand) -> dict[str, Any]:
    if hand.task.status != "open":
        return dict(live.variables)
    return dict(live.machine(hand.instance.key).scope(hand.task.key))


def _context(live: LiveCase, element: Element, scope: Mapping[str, Any], person_key: int) -> forms.Context:
    form = live.package.form(element)
    if form is not None:
        # what was decided last time is no answer to the question of this time (component property prefill = no)
        fresh = [part.key for part in form.walk() if part.key and part.properties.get("prefill") == "no"]
        scope = {**scope, **dict.fromkeys(fresh)} if fresh else scope
    sealed = not live.org.may(person_key, "read_personal", live.row.unit_key)
    return forms.Context(variables=scope, evaluate=lambda text, names: live.evaluate(text, names, element), sealed=sealed)


def claim(db: Connection, task_key: int, actor: Actor) -> None:
    """Take an offered task. Claiming one's own again does nothing. Raises `TaskTaken`, `TaskGone`, `NotAllowed`."""
    hand = _at_hand(db, task_key, actor)
    if hand.task.assignee_key == hand.person_key:
        return
    _assign(db, hand, actor, "task.claimed", hand.person_key)


def unclaim(db: Connection, task_key: int, actor: Actor) -> None:
    """Give a claimed task back to all it is offered to. Raises `TaskTaken`, `TaskGone`, `NotAllowed`, `NobodyElse`."""
    hand = _at_hand(db, task_key, actor)
    if hand.task.assignee_key is None:
        return
    if hand.named and not hand.offered:
        raise NobodyElse
    _assign(db, hand, actor, "task.released", None)


def _assign(db: Connection, hand: TaskAtHand, actor: Actor, verb: str, assignee: int | None) -> None:
    values = {"assignee_key": assignee, "claimed_at": clock.now() if assignee else None}
    db.execute(update(tables.task).where(tables.task.c.key == hand.task.key).values(**values))
    live = LiveCase(db, hand.case, [hand.instance], hand.org)
    live.save(_named(hand, actor), audit.Entry(verb, _facts(hand)))


def complete(db: Connection, task_key: int, submission: Submission, actor: Actor) -> Completed:
    """Complete a task: validate, write, move on, classify again, save; all or nothing.

    Raises `TaskTaken`, `TaskGone`, `NotAllowed`, `FormErrors`, `StaleValues`, and `Broken` when the procedure fails behind it.
    """
    hand = _at_hand(db, task_key, actor)
    live = LiveCase(db, hand.case, [hand.instance], hand.org)
    element = live.package.element(hand.task.process_id, hand.task.element_id)
    accepted = _accept(live, hand, element, submission)
    live.person_key = hand.person_key
    finish(live, hand.instance.key, hand.task.key, accepted)
    facts = _facts(hand) | {"on_behalf": hand.task.on_behalf} | accepted.facts
    live.save(_named(hand, actor), completed_entry(live, facts, accepted))
    return Completed(hand.case.key, hand.case.number, hand.task.key, _next_for(live.opened, live, hand))


@dataclass(frozen=True, slots=True)
class Accepted:
    """A submission after the form has accepted it: the variables to write, the text as given, facts for the record."""

    values: dict[str, Any]
    submitted: str
    facts: dict[str, Any]


def accept(live: LiveCase, form: forms.Form | None, context: forms.Context, values: Mapping[str, Any]) -> Accepted:
    """Validate what was sent and set its personal parts aside. Raises `FormErrors`."""
    if form is None:
        return _accepted(live, values, values, {})
    outcome = forms.validate(form, values, context)
    if not outcome.ok:
        raise FormErrors(outcome)
    return _accepted(live, values, outcome.values, outcome.personal)


def _accepted(live: LiveCase, given: Mapping[str, Any], values: Mapping[str, Any], kinds: Mapping[str, str]) -> Accepted:
    kept, digests = live.set_apart(values, kinds)
    given = dict(given)
    for path in (*live.personal_among(given), *kinds):
        if at(given, path) is not None:
            given = put(given, path, at(kept, path))
    return Accepted(kept, dumps(given), {"digests": digests} if digests else {})


def finish(live: LiveCase, instance_key: int, task_key: int, accepted: Accepted) -> None:
    """Write the values, complete the token, advance to rest, and settle the level."""
    live.machine(instance_key).complete(task_key, accepted.values)
    live.collect()
    settle(live)


def completed_entry(live: LiveCase, facts: dict[str, Any], accepted: Accepted, verb: str = "task.completed") -> audit.Entry:
    """Return the event that tells what this act changed, decided and opened."""
    live.collect()
    facts = facts | {"changes": live.changes, "decisions": live.decisions, "opened": live.opened}
    return audit.Entry(verb, facts, accepted.submitted)


def _accept(live: LiveCase, hand: TaskAtHand, element: Element, submission: Submission) -> Accepted:
    scope = _scope(live, hand)
    accepted = accept(live, live.package.form(element), _context(live, element, scope, hand.person_key), submission.values)
    if not submission.confirmed:
        _check_stale(live, submission, accepted)
    return accepted


def _check_stale(live: LiveCase, submission: Submission, accepted: Accepted) -> None:
    """A value that changed after the form was shown is put before the person, not overwritten in silence."""
    if submission.shown_revision is None or submission.shown_revision >= live.row.audit_seq:
        return
    column = tables.event.c
    later = select(column.facts).where(column.kind == "case", column.key == live.row.key, column.seq > submission.shown_revision)
    changed: dict[str, tuple[Any, Any]] = {}
    for facts in live.db.execute(later.order_by(column.seq)).scalars():
        for name, (old, new) in (loads(facts).get("changes") or {}).items():
            first = changed.get(name, (old, new))[0]
            changed[name] = (first, new)
    clashes = {name: pair for name, pair in changed.items() if name in accepted.values and accepted.values[name] != pair[1] != pair[0]}
    if clashes:
        raise StaleValues(clashes)


def _at_hand(db: Connection, task_key: int, actor: Actor) -> TaskAtHand:
    if actor.person_key is None:
        raise NotAllowed
    hand = find_task(db, task_key, actor.person_key, lock=True)
    task, org = hand.task, hand.org
    if task.status == "completed":
        raise TaskGone(**_names(org, task.completed_by), at=shown(task.closed_at))
    if task.status != "open":
        raise TaskWithdrawn(at=shown(task.closed_at))
    if task.assignee_key not in (None, hand.person_key, *hand.absent):
        raise TaskTaken(**_names(org, task.assignee_key), at=shown(task.claimed_at or task.created_at))
    if not hand.may_work:
        raise NotAllowed
    return hand


def _names(org: Org, person_key: int | None) -> dict[str, str]:
    person = org.people.get(person_key) if person_key else None
    return {"name": person.label("zh"), "name_en": person.label("en")} if person else {"name": "–", "name_en": "–"}


def _named(hand: TaskAtHand, actor: Actor) -> Actor:
    return replace(actor, substitute_for=hand.standing_in_for()) if hand.lent else actor


def _facts(hand: TaskAtHand) -> dict[str, Any]:
    task = hand.task
    return {
        "task": str(task.key),
        "process": task.process_id,
        "element": task.element_id,
        "name": task.name,
        "name_en": task.name_en,
        "release": str(task.release_key),
    }


def _next_for(opened: list[dict[str, Any]], live: LiveCase, hand: TaskAtHand) -> tuple[int, ...]:
    """Return the keys of those tasks that appeared and that this person may do."""
    held = {hold.role for hold in live.org.holds(hand.person_key)}
    return tuple(int(item["task"]) for item in opened if held.intersection(item["roles"]))
