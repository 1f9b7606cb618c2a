"""Trying a decision without a case: what can be tried in a release, and what it answers. For the page and for `jiesu decide`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from engine import dmn, feel, runtime
from engine.calendar import calendar_at
from engine.dmn import HitPolicyViolation
from engine.errors import JiesuError
from engine.runtime.language import NAMES, SIGNATURES, Answers, functions

WITHOUT_CASE = ("workdays", "add working time")  # host functions that need no case


@dataclass(frozen=True, slots=True)
class Subject:
    """A decision or decision service of a release. `kind` is decisionTable, literalExpression, …, or decisionService."""

    id: str
    name: str
    kind: str
    model: dmn.Model
    text: str = ""

    @property
    def decision(self) -> dmn.Decision | None:
        """The decision, unless it is a service."""
        return self.model.decisions.get(self.id)

    @property
    def service(self) -> dmn.Service | None:
        """The decision service, unless it is a decision."""
        return dmn.decision_services(self.model).get(self.id)

    @property
    def questions(self) -> tuple[dmn.Question, ...]:
        """What it asks for."""
        return dmn.questions(self.model, self.id)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a try gave: the result, or the error that kept it from answering; `clashing` are rules that fit at once against the policy."""

    result: dmn.Result | None
    warnings: tuple[feel.Warning, ...] = ()
    error: JiesuError | None = None
    clashing: tuple[int, ...] = ()
    clashing_in: str = ""


def subjects(package: runtime.Package) -> dict[str, Subject]:
    """Return everything that can be tried, by id, in the order of the files."""
    found: dict[str, Subject] = {}
    for model in {id(model): model for model in package.decisions.values()}.values():
        for decision in model:
            kind, text = dmn.expression_of(model, decision.id)
            found[decision.id] = Subject(decision.id, decision.name, kind, model, text)
        for service in dmn.decision_services(model).values():
            found[service.id] = Subject(service.id, service.name, "decisionService", model)
    return found


def subject(package: runtime.Package, name: str) -> Subject:
    """Return the decision or service of this id or name. Raises `dmn.UnknownDecision`."""
    found = subjects(package)
    named = [item for item in found.values() if item.name == name]
    if name not in found and not named:
        raise dmn.UnknownDecision(name=name)
    return found.get(name) or named[0]


def attempt(db: Connection, tried: Subject, inputs: Mapping[str, Any]) -> Outcome:
    """Answer from these inputs. Nothing is stored; working time is that of the whole installation."""
    asked = {question.name for question in tried.questions}
    said = [feel.Warning("unread", f"没有用到“{name}”。", f"{name!r} is not used.", name) for name in inputs if name not in asked]
    for name in sorted(asked - inputs.keys()):
        said.append(feel.Warning("not-given", f"没有给出“{name}”，按空值处理。", f"{name!r} was not given; it is null.", name))
    called: list[feel.Warning] = []
    try:
        if tried.kind == "decisionService":
            result = tried.model.invoke(tried.id, **{name: inputs.get(name) for name in asked})
        else:
            result = tried.model.decide(tried.id, inputs, _functions(db, called))
    except HitPolicyViolation as error:
        return Outcome(None, tuple(said), error, tuple(error.facts["rules"]), str(error.facts["name"]))
    except JiesuError as error:
        return Outcome(None, tuple(said), error)
    others = [warning for warning in result.warnings if not (warning.kind == "unknown-name" and warning.name in asked)]
    return Outcome(result, tuple(dict.fromkeys([*said, *called, *others])))


def _functions(db: Connection, called: list[feel.Warning]) -> dict[str, feel.HostFunction]:
    """Return the host functions: those of the calendar work, those that ask the case answer null and say so."""
    nobody = Answers(lambda stage: None, lambda: calendar_at(db).working(), lambda role: [], lambda element: [])
    real = functions(nobody)
    found = dict(SIGNATURES)
    for name in NAMES:
        found[name] = real[name] if name in WITHOUT_CASE else feel.HostFunction(name, NAMES[name], _absent(name, called))
    return found


def _absent(name: str, called: list[feel.Warning]) -> Any:
    def note(*given: Any, **named: Any) -> None:
        zh, en = f"{name}() 要有案件才有值，试算时为空。", f"{name}() needs a case; here it is null."
        called.append(feel.Warning("host", zh, en, name))

    return note
