"""What FEEL in a diagram, form or table may call besides its built-ins: the host functions of jiesu.

- `due(stage)`: the deadline that the procedure's table gives a stage.
- `workdays(a, b)`: the working days after a, up to and including b, in the calendar of the case's unit; negative backwards.
- `add working time(start, duration)`: the moment when so much office time of the case's unit has passed.
- `role members(role)`: the logins of those who hold a role at the nearest unit upward, as for a task.
- `cycle(repetitions, interval)`: Camunda's own, for timers (it comes with `engine.bpmn`).
- `completed by(element)`: the logins of those who completed this element in this handling; for `excluded`.

What cannot be understood is null, as with FEEL's own functions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from engine import clock, feel
from engine.bpmn import FUNCTIONS
from engine.calendar import TooFar, WorkingTime
from engine.runtime.deadlines import moment

MIDNIGHT = time()


def _outside(*_: Any) -> None:
    """Stand in for a host function where no case is at hand (reading a file, trying a table)."""


NAMES = {
    "due": ("stage",),
    "workdays": ("a", "b"),
    "add working time": ("start", "duration"),
    "role members": ("role",),
    "completed by": ("element",),
}
# Known to the parser wherever FEEL is compiled; a case supplies the functions themselves.
SIGNATURES = {name: feel.HostFunction(name, parameters, _outside) for name, parameters in NAMES.items()} | dict(FUNCTIONS)


@dataclass(frozen=True, slots=True)
class Answers:
    """What a case answers the host functions with."""

    due: Callable[[Any], datetime | None]
    working: Callable[[], WorkingTime]
    members: Callable[[str], list[str]]
    doers: Callable[[str], list[str]]


def functions(case: Answers) -> dict[str, feel.HostFunction]:
    """Return the host functions of one case."""
    calls: dict[str, Callable[..., Any]] = {
        "due": lambda stage=None: case.due(stage),
        "workdays": lambda a=None, b=None: _workdays(case, a, b),
        "add working time": lambda start=None, duration=None: _add(case, start, duration),
        "role members": lambda role=None: case.members(role) if isinstance(role, str) else None,
        "completed by": lambda element=None: case.doers(element) if isinstance(element, str) else None,
    }
    return {name: feel.HostFunction(name, NAMES[name], call) for name, call in calls.items()} | dict(FUNCTIONS)


def names_in(text: str | None) -> frozenset[str]:
    """Return the variables and host functions that a raw text of a diagram reads; without a leading "=" it is no FEEL."""
    return feel.compile(text[1:], functions=SIGNATURES).variables if text and text.startswith("=") else frozenset()


def _workdays(case: Answers, a: Any, b: Any) -> int | None:
    first, last = moment(a, MIDNIGHT), moment(b, MIDNIGHT)
    if first is None or last is None:
        return None
    try:
        return case.working().between(_day(first), _day(last)).days
    except TooFar:
        return None


def _add(case: Answers, start: Any, duration: Any) -> datetime | None:
    begin = moment(start, MIDNIGHT)
    length = feel.parse_duration(duration) if isinstance(duration, str) else duration
    if begin is None or not isinstance(length, timedelta):
        return None
    try:
        local: datetime = case.working().add_time(begin, length).due.astimezone(clock.ZONE)
    except (TooFar, ValueError, OverflowError):  # beyond the years a date can have
        return None
    return local


def _day(at: datetime) -> date:
    local: date = at.astimezone(clock.ZONE).date()
    return local
