"""Small forms for the tests, written as Camunda Modeler would, and a context without a case around it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from engine import feel, forms


def component(kind: str, key: str = "", **more: Any) -> dict[str, Any]:
    """A component of a .form file; its id is `F_<key>` unless given."""
    raw: dict[str, Any] = {"type": kind, "id": f"F_{key.replace('.', '_') or kind}", **more}
    if key:
        raw["key"] = key
    return raw


def choice(kind: str, key: str, *values: Any, **more: Any) -> dict[str, Any]:
    """A component that offers values, each labelled by itself."""
    return component(kind, key, values=[{"label": str(value), "value": value} for value in values], **more)


def written(*components: dict[str, Any], **more: Any) -> bytes:
    """The bytes of a .form file."""
    whole = {"components": list(components), "type": "default", "id": "a_form", "schemaVersion": 19, "executionPlatform": "Camunda Cloud"}
    return json.dumps(whole | more).encode()


def form(*components: dict[str, Any]) -> forms.Form:
    """A form with these components."""
    return forms.read(written(*components))


def context(variables: Mapping[str, Any] | None = None, labels: forms.Labels | None = None) -> forms.Context:
    """A context with FEEL and nothing else."""
    return forms.Context(variables or {}, lambda text, scope: feel.compile(text).evaluate(scope), labels)


def outcome(components: list[dict[str, Any]] | dict[str, Any], submitted: Mapping[str, Any], **variables: Any) -> forms.Outcome:
    """What a submission to a form with these components comes to."""
    parts = components if isinstance(components, list) else [components]
    return forms.validate(form(*parts), submitted, context(variables))


def rules(found: forms.Outcome) -> list[str]:
    """The rules that were broken, in the order of the page."""
    return [error.rule for error in found.errors]
