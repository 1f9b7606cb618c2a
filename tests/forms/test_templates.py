"""Texts with FEEL inside."""

from __future__ import annotations

from typing import Any

import pytest

from engine.forms import templates
from tests.forms.building import context


def filled(text: str, **scope: Any) -> str:
    return templates.fill(text, context().evaluate, scope)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("共 {{n}} 元", "共 3 元"),
        ("{{ n + 1 }}{{nothing}}.", "4."),
        ('="一共 " + string(n)', "一共 3"),
        ("{{#if n > 2}}多{{#if n > 5}}很多{{/if}}{{/if}}{{#if n > 9}}太多{{/if}}", "多"),
        ("{{#loop rows}}- {{name}}：{{this.price}}，共 {{parent.n}}\n{{/loop}}", "- 灯：2，共 3\n- 泵：5，共 3\n"),
        ("{{#loop [1,2]}}{{this}};{{/loop}}", "1;2;"),
        ("{{#loop n}}x{{/loop}}", ""),
        ("没有模板 { }", "没有模板 { }"),
    ],
)
def test_values_sections_and_loops(text: str, expected: str):
    assert filled(text, n=3, rows=[{"name": "灯", "price": 2}, {"name": "泵", "price": 5}]) == expected


@pytest.mark.parametrize("text", ["{{#if a}}", "{{/if}}", "{{#if a}}{{/loop}}", "{{#loop a}}{{#if b}}{{/loop}}{{/if}}"])
def test_sections_that_do_not_fit_are_refused(text: str):
    with pytest.raises(templates.TemplateRefused):
        templates.parse(text)


def test_all_expressions_are_found():
    assert templates.expressions("a {{b}} {{#if c}}{{d}}{{/if}}") == ["b", "c", "d"]
    assert templates.expressions("=x + 1") == ["x + 1"]


def test_a_loop_on_a_page_ends():
    assert len(filled("{{#loop for i in 1..2000 return i}}x{{/loop}}")) == templates.MOST_TURNS
