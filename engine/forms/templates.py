"""Texts with FEEL inside, as Camunda Forms write them: `=…` is one expression, `{{…}}` a value in between, and
`{{#if …}} {{/if}}`, `{{#loop …}} {{/loop}}` are sections; in a loop the names of an item, `this` and `parent` are known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from engine import feel
from engine.errors import Invalid
from engine.forms.model import Evaluate

MOST_TURNS = 500  # of one loop; a text on a page is no report
_TAG = re.compile(r"\{\{\s*(#if\b|#loop\b|/if\b|/loop\b)?(.*?)\}\}", re.DOTALL)


class TemplateRefused(Invalid):
    """A template whose sections do not fit together."""

    zh = "文本模板中 {tag} 不成对。"
    en = "In the template {tag} has no counterpart."


@dataclass(frozen=True, slots=True)
class Section:
    """`value`, `if` or `loop` with its expression and what stands inside."""

    kind: str
    expression: str
    inside: tuple[Piece, ...] = ()


Piece: TypeAlias = "str | Section"


def is_dynamic(text: str) -> bool:
    """Tell whether a text needs FEEL at all."""
    return text.startswith("=") or "{{" in text


def expressions(text: str) -> list[str]:
    """Return every FEEL expression of a text; raise `TemplateRefused` when its sections do not fit."""
    if text.startswith("="):
        return [text[1:]]
    return list(_expressions(parse(text)))


def fill(text: str, evaluate: Evaluate, scope: Mapping[str, Any], escape: Callable[[str], str] = str) -> str:
    """Return the text with its values filled in. `escape` is applied to values put in between, not to the text of the author."""
    if text.startswith("="):
        return shown(evaluate(text[1:], scope))
    return "".join(_filled(parse(text), evaluate, scope, escape))


def shown(value: Any) -> str:
    """Write a FEEL value into a text; null is nothing."""
    return "" if value is None else str(feel.to_text(value))


@lru_cache(maxsize=512)
def parse(text: str) -> tuple[Piece, ...]:
    """Split a text into what stays and its sections."""
    stack: list[tuple[str, str, list[Piece]]] = [("", "", [])]
    at = 0
    for tag in _TAG.finditer(text):
        stack[-1][2].append(text[at : tag.start()])
        at = tag.end()
        word, expression = tag.group(1) or "", tag.group(2).strip()
        if word.startswith("#"):
            stack.append((word[1:], expression, []))
        elif word.startswith("/"):
            kind, opened, inside = stack.pop()
            if kind != word[1:]:
                raise TemplateRefused(tag=f"{{{{{word}}}}}")
            stack[-1][2].append(Section(kind, opened, tuple(inside)))
        else:
            stack[-1][2].append(Section("value", expression))
    if len(stack) > 1:
        raise TemplateRefused(tag=f"{{{{#{stack[-1][0]}}}}}")
    return (*stack[0][2], text[at:])


def _expressions(pieces: tuple[Piece, ...]) -> Iterator[str]:
    for piece in pieces:
        if isinstance(piece, Section):
            yield piece.expression
            yield from _expressions(piece.inside)


def _filled(pieces: tuple[Piece, ...], evaluate: Evaluate, scope: Mapping[str, Any], escape: Callable[[str], str]) -> Iterator[str]:
    for piece in pieces:
        if isinstance(piece, str):
            yield piece
            continue
        value = evaluate(piece.expression, scope)
        if piece.kind == "value":
            yield escape(shown(value))
        elif piece.kind == "if" and value is True:
            yield from _filled(piece.inside, evaluate, scope, escape)
        elif piece.kind == "loop" and isinstance(value, list):
            for item in value[:MOST_TURNS]:
                inner = {**scope, **(item if isinstance(item, Mapping) else {}), "this": item, "parent": scope}
                yield from _filled(piece.inside, evaluate, inner, escape)
