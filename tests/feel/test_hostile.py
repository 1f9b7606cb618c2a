"""Text written to harm: it ends quickly, stays small, and never raises anything but a syntax error."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import feel
from engine.feel.tokens import KEYWORDS

SECONDS = 4.0  # a second on an idle machine
GROWN = 64 * 1024 * 1024
FOLDED = "for i in 1..40 return if i = 1 then [1] else [partial[-1], partial[-1]]"

DEEP = ["(" * 5000 + "1" + ")" * 5000, "[" * 3000, "-" * 5000 + "1", "1" + "+1" * 5000, "a" + ".b" * 3000, "f" + "(1)" * 3000, "if " * 2000]
DEEP += ["for x in " * 2000, "function(x) " * 2000 + "1", "{a:" * 2000, "x in " * 3000 + "1", "1 between " * 2000, "x" * 40_000]
LARGE = [
    "9 ** 9 ** 9 ** 9",
    "exp(exp(100))",
    "10 ** 6000 * 10 ** 6000",
    'number("1e999999999")',
    "for i in 1..100000000 return i",
    "for i in 1..99999, j in 1..99999 return 1",
    "some i in 1..99999 satisfies some j in 1..99999 satisfies false",
    'for i in 1..60 return if i = 1 then "ab" else partial[-1] + partial[-1]',
    "for i in 1..60 return if i = 1 then [1] else concatenate(partial[-1], partial[-1])",
    FOLDED,
    f"string({FOLDED})",
    f"flatten({FOLDED})",
    f"({FOLDED}) = ({FOLDED})",
    f"to json({FOLDED})",
    f"({FOLDED}) instance of list<number>",
    "for i in 1..3000 return if i = 1 then [1] else [partial[-1]]",
    "distinct values(for i in 1..50000 return {a: i})",
    "sort(for i in 1..20000 return 0 - i, function(a, b) a < b)",
    "{f: function(g, n) g(g, n + 1), r: f(f, 1)}.r",
    "{y: function(f, n) if n <= 1 then 1 else f(f, n - 1) + f(f, n - 2), r: y(y, 50)}.r",
    'matches("' + "a" * 60 + '!", "(a+)+$")',
    'matches("' + "a" * 60 + '", "(a|aa)+b")',
    'matches("a", "((a{1,1000}){1,1000}){1,1000}")',
    'for i in 1..100 return matches("' + "a" * 60 + '!", "(a+)+$")',
    'replace(string join(for i in 1..50000 return "a", ""), "a", string join(for i in 1..10000 return "b", ""))',
    'from json(string join(for i in 1..50000 return "[", ""))',
    'date("999999999-12-31") + duration("P999999999Y")',
    'duration("P99999999999999999999999999Y")',
    "[1, 2][1e3000]",
    'substring("abc", -1e3000, 1e3000)',
    "decimal(1e6144, 6000)",
    "for " + ", ".join(f"x{i} in [1, 2]" for i in range(100)) + " return 1",
]


@pytest.mark.parametrize("text", DEEP, ids=lambda text: text[:12])
def test_deep_text_is_refused_or_null(text: str) -> None:
    started = time.perf_counter()
    try:
        assert feel.evaluate(text) is None
    except feel.SyntaxError_ as error:
        assert error.caret() and error.text("zh") and error.text("en")
    assert time.perf_counter() - started < SECONDS


@pytest.mark.parametrize("text", LARGE, ids=lambda text: text[:40])
def test_growth_ends_in_time_and_small(text: str) -> None:
    started = time.perf_counter()
    feel.evaluate(text)
    assert time.perf_counter() - started < SECONDS


@pytest.mark.parametrize("text", LARGE[4:12], ids=lambda text: text[:40])
def test_growth_stays_below_the_bound(text: str) -> None:
    tracemalloc.start()
    try:
        feel.evaluate(text)
        assert tracemalloc.get_traced_memory()[1] < GROWN
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "text",
    ["x.__class__", 'x["__class__"]', "x.__init__", "count.call", "(function() 1).frame", 'get value(x, "__class__")', "x.real", "_fixed"],
)
def test_nothing_of_python_can_be_reached(text: str) -> None:
    assert feel.evaluate(text, {"x": 5}) in (None, [])


def test_a_zone_is_never_a_path() -> None:
    assert feel.evaluate('time("10:00:00@../../etc/passwd")') is None


WORDS = [*sorted(KEYWORDS), "of", "not", "partial", "item"]
NAMES = ["x", "a b", "count", "date", "date and time", "string", "substring", "sort", "matches", "客户", "?", '"a"', "1", ".5", "1e3"]
SIGNS = [*"+-*/=<>()[]{},:.'@", "..", "**", "<=", "!=", '@"P1D"', '"', "/*", "//", "\n", "\\", "\x00", "，"]
SOUP = st.lists(st.sampled_from(WORDS + NAMES + SIGNS), max_size=25).map(" ".join)


@given(st.one_of(SOUP, st.text(max_size=60)))
def test_any_text_compiles_or_is_refused(text: str) -> None:
    variables = {"x": [1, {"a": "b"}], "a b": "text", "客户": {"x": None}}
    started = time.perf_counter()
    for compile_one in (feel.compile, feel.compile_unary):
        try:
            compiled = compile_one(text, frozenset(variables))
        except feel.SyntaxError_ as error:
            assert error.line >= 1 and error.column >= 1 and error.caret() and str(error)
            continue
        value = compiled.evaluate(variables) if isinstance(compiled, feel.Expression) else compiled.evaluate(1, variables)
        feel.to_json(value)
        feel.to_text(value)
    assert time.perf_counter() - started < SECONDS
