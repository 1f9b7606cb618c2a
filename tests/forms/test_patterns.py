"""Patterns mean what they mean in JavaScript, and cannot stop the server."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path

import pytest

from engine.forms import patterns

PATTERNS = [
    r"^1[3-9]\d{9}$", r"^[\w-.]+$", "[]", "[^]", r"^[\s\S]$", "a{,3}", r"(\d)\1{2}", r"^\d+$", "a++", "(?i)a",
    r"^(?<y>\d{4})-\k<y>$", r"\bfoo\b", "^.$", "x{2}{3}", "*a", "(|a)*", "(?:a|)+b", r"\u4e00",
    r"^[\u4e00-\u9fa5]{2,4}$", "a|*", r"[a\]b]", r"\/", r"^\S+$", "[z-a]", "(a", "a)", r"\x41",
    r"(?=a)b|^[^\d\s]$", r"[\b]", "}", "]", "{", "a{2", "^$", r"(a)?\1b", r"[a-\d]", r"\-", "(?*)",
    r"^京[A-Z]\w{5}$", r"\(*a", "(?<!a)b", r"\Z", r"\A", "a$b", "(?=", r"[\w-]", "[a&&b]", "[[a]]", "[a~~b]",
    "^(?:a|b)?c$", r"\.", r"^\p{L}$", "a{2,1}",
]  # fmt: skip
TEXTS = [
    "13800138000", "13800138000\n", "a-b.c", "", "x", "\n", "a", "aaa", "a{,3}", "111", "112", "٣",
    "2020-2020", "a foo b", "afoo", "\u2028", "\u3000", "一", "王小明", "a]b", "]", "/", "A", "b", "}", "{",
    "a{2", "é", "京A12345", "-", "(((a", "\x08", "ab", "cb", "\ufeff", " ", "\xa0", "ｆ", "&", "[", "~", "Z",
    "c", "p{L}", ".",
]  # fmt: skip
JAVASCRIPT = """
const [patterns, texts] = JSON.parse(require("fs").readFileSync(0));
const run = p => { try { const r = new RegExp(p); return texts.map(t => r.test(t)); } catch { return null; } };
console.log(JSON.stringify(patterns.map(run)));
"""


def test_every_pattern_finds_what_node_finds(node: Path):
    run = subprocess.run([str(node), "-e", JAVASCRIPT], input=json.dumps([PATTERNS, TEXTS]), capture_output=True, text=True, check=True)
    for pattern, expected in zip(PATTERNS, json.loads(run.stdout), strict=True):
        try:
            patterns.compiled(pattern)
        except patterns.PatternRefused:
            assert expected is None, f"{pattern} is good JavaScript"
            continue
        assert expected is not None, f"{pattern} is no JavaScript"
        assert [text for text in TEXTS if patterns.matches(pattern, text)] == [t for t, hit in zip(TEXTS, expected, strict=True) if hit], (
            pattern
        )


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(.*a){25}$"])
def test_a_pattern_that_explodes_is_stopped(pattern: str):
    before = time.monotonic()
    assert not patterns.matches("^" + pattern, "a" * 5_000 + "!")
    assert time.monotonic() - before < 2


@pytest.mark.parametrize(
    "pattern",
    ["a" * 501, "a{1001}", "((a{100}){100}){100}", "(?:[ab]{200}){200}", r"(\({200}){200}", "\\", r"\cA", r"\9", r"\k<x>", "(?>a)"],
)
def test_patterns_that_would_cost_too_much_or_are_none_are_refused(pattern: str):
    with pytest.raises(patterns.PatternRefused) as error:
        patterns.compiled(pattern)
    assert error.value.text("zh").startswith("正则表达式无法使用") and error.value.text("en").startswith("The pattern cannot be used")


def test_many_repeats_side_by_side_are_fine():
    assert patterns.matches(r"^[A-Z]{1,1000}-\d{1,1000}(ab){1,500}$", "A-1ab")
