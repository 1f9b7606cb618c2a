"""DMN decisions: reads what Camunda Modeler writes (DMN 1.3 and later), decides, and explains which rules fired."""

from __future__ import annotations

from engine.dmn.errors import CyclicRequirement, DmnError, HitPolicyViolation, UnknownDecision
from engine.dmn.explain import ExplainedTable, explain
from engine.dmn.model import Model
from engine.dmn.questions import decision_of, decision_services, expression_of, questions
from engine.dmn.reading import read
from engine.dmn.results import Column, Decision, FiredRule, Question, Result, Row, Service, Table, TableRun

__all__ = [
    "Column",
    "CyclicRequirement",
    "Decision",
    "DmnError",
    "ExplainedTable",
    "FiredRule",
    "HitPolicyViolation",
    "Model",
    "Question",
    "Result",
    "Row",
    "Service",
    "Table",
    "TableRun",
    "UnknownDecision",
    "decision_of",
    "decision_services",
    "explain",
    "expression_of",
    "questions",
    "read",
]
