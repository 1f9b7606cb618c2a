"""Writes small DMN files as Modeler does."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def definitions(*parts: str, namespace: str = "http://camunda.org/schema/1.0/dmn", imports: str = "") -> bytes:
    """Return a DMN file of these elements."""
    body = imports + "".join(parts)
    head = f'<definitions xmlns="{NAMESPACE}" id="d" name="d" namespace="{namespace}">'
    return f'<?xml version="1.0" encoding="UTF-8"?>{head}{body}</definitions>'.encode()


def text(tag: str, written: str, more: str = "") -> str:
    """Return an element with a text."""
    return f"<{tag}{more}><text>{escape(written)}</text></{tag}>"


def decision(name: str, logic: str, requires: str = "", typ: str = "") -> str:
    """Return a decision; its id is its name with underscores."""
    reference = f' typeRef="{typ}"' if typ else ""
    return f'<decision id="{key(name)}" name="{name}"><variable name="{name}"{reference}/>{requires}{logic}</decision>'


def key(name: str) -> str:
    """Return the id of the element of this name."""
    return name.replace(" ", "_")


def literal(written: str) -> str:
    """Return a literal expression."""
    return text("literalExpression", written)


def needs(*names: str, kind: str = "Decision") -> str:
    """Return requirements: of decisions, of input (kind Input) or of knowledge (kind Knowledge)."""
    outer = "knowledgeRequirement" if kind == "Knowledge" else "informationRequirement"
    return "".join(f'<{outer}><required{kind} href="#{key(name)}"/></{outer}>' for name in names)


def table(
    inputs: Sequence[str], outputs: Sequence[str], rules: Sequence[Sequence[str]], policy: str = "", values: str = "", more: str = ""
) -> str:
    """Return a decision table. Each rule lists its input cells, output cells and, if there is one more, its annotation.

    `values` are the allowed values of the first output; `more` goes into the first output, e.g. a default.
    """
    head = "".join(f'<input id="i{place}">{text("inputExpression", written)}</input>' for place, written in enumerate(inputs))
    listed = text("outputValues", values) if values else ""
    for place, name in enumerate(outputs):
        inner = listed + more if place == 0 else ""
        head += f'<output id="o{place}" name="{name}">{inner}</output>'
    body = "".join(_rule(number, rule, len(inputs), len(outputs)) for number, rule in enumerate(rules, 1))
    return f"<decisionTable {policy}>{head}{body}</decisionTable>"


def _rule(number: int, cells: Sequence[str], inputs: int, outputs: int) -> str:
    note = f"<description>{escape(cells[-1])}</description>" if len(cells) > inputs + outputs else ""
    tests = "".join(text("inputEntry", cell) for cell in cells[:inputs])
    results = "".join(text("outputEntry", cell) for cell in cells[inputs : inputs + outputs])
    return f'<rule id="rule{number}">{note}{tests}{results}</rule>'
