"""Markdown of text components can do no harm."""

from __future__ import annotations

import re

import pytest
from lxml import html as parser

from webapp.forms.markdown import to_html


def test_what_authors_use_is_there():
    html = to_html("# 标题\n\n**重** ~~旧~~ [规定](/rules)\n\n- 一\n- 二")
    assert '<h2 class="form-heading h3">标题</h2>' in html and "<strong>重</strong>" in html and "<s>旧</s>" in html
    assert '<a href="/rules" rel="noopener noreferrer nofollow">规定</a>' in html and html.count("<li>") == 2


@pytest.mark.parametrize("level", range(1, 7))
def test_no_heading_skips_a_level(level: int):
    assert "<h2 " in to_html("#" * level + " 标题")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "a <b onclick=x>b</b>",
        "![x](http://evil/x.png)", "![x][r]\n\n[r]: http://evil/x.png", "[x](javascript:alert(1))", "[x](data:text/html,x)",
        "[x](vbscript:x)", "[x](//evil.com)", "<javascript:alert(1)>", "[x](JaVaScRiPt:alert(1))", "[x](ftp://evil)",
        "[x](/\\\\evil.com)", '[x](/a "\\" onclick=alert(1) \\"")', "[x](&#106;avascript:alert(1))", "[x](\x01javascript:alert(1))",
    ],
)  # fmt: skip
def test_nothing_runs_and_nothing_is_fetched(text: str):
    for element in parser.fragment_fromstring(str(to_html(text)), create_parent="div").iterdescendants():
        assert element.tag in ("p", "a", "h2", "strong")
        assert set(element.attrib) <= {"href", "rel", "title"}
        assert re.match(r"(https?://|mailto:|tel:|/(?![/\\])|#|$)", element.get("href", "#"))


@pytest.mark.parametrize("text", ["[x](http://evil)", "<http://evil>", "[x][r]\n\n[r]: http://evil"])
def test_links_of_computed_texts_stay_text(text: str):
    assert "<a" not in to_html(text, links=False)


def test_tables_carry_classes_and_no_inline_style():
    html = to_html("| a | b |\n|:-:|--:|\n| 1 | 2 |")
    assert 'class="text-center"' in html and 'class="text-end"' in html and "style" not in html


def test_deep_nesting_ends():
    assert len(to_html("> " * 10_000 + "x")) < 100_000
