"""What an incident says about its cause besides the sentence: where, which expression, which variables it reads; no values."""

from __future__ import annotations

from typing import Any

from engine.errors import Broken
from engine.runtime.language import SIGNATURES, names_in
from engine.runtime.package import Package
from engine.runtime.tokens import Stopped


def cause(package: Package, problem: Broken) -> dict[str, Any]:
    """Return `process`, `element`, `reason`, `expression` and the names of the variables it reads; {} if it is of no element.

    Without an expression, a business rule task tells its decision, and the names of that decision's inputs.
    """
    if not isinstance(problem, Stopped):
        return {}
    facts: dict[str, Any] = {"process": problem.process_id, "element": problem.element_id, "reason": problem.reason}
    facts |= {"expression": problem.expression, "names": sorted(names_in(problem.expression) - SIGNATURES.keys())}
    decision = _decision(package, problem)
    if problem.expression is None and decision in package.decisions:
        facts |= {"decision": decision, "names": list(package.decisions[decision].decisions[decision].inputs)}
    return facts


def _decision(package: Package, problem: Stopped) -> str:
    element = package.processes.process(problem.process_id).elements.get(problem.element_id)
    return (element.decision_id if element else None) or ""
