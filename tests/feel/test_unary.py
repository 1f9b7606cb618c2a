"""Table cells: unary tests."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import feel


@pytest.mark.parametrize(
    ("cell", "value", "passes"),
    [
        ("-", None, True),
        ("< 5", 3, True),
        (">= 5", 5, True),
        ("[1..5]", 5, True),
        ("]1..5[", 5, False),
        ('"A", "B"', "B", True),
        ('not("A", "B")', "B", False),
        ('not("A")', "C", True),
        ("not(> 5)", 3, True),
        ("> 5, < 2", 1, True),
        ("? > 3 and ? < 5", 4, True),
        ('starts with(?, "投诉")', "投诉处理", True),
        ("limit", 7, True),
        ("> limit", 8, True),
        ("levels", "b", True),
        ("true", True, True),
        ("null", None, True),
        ("1", None, False),
        ('@"2026-11-22"', "x", None),
        ("> 5", "x", None),
        ("5", "x", None),
        ("not(5)", "x", None),
        ("= 5", 5, True),
        ("!= 5", 4, True),
        ("-5", -5, True),
        ('date("2026-11-22")', None, False),
    ],
)
def test_a_cell_accepts_or_refuses(cell: str, value: object, passes: bool | None) -> None:
    assert feel.unary(cell, value, {"limit": 7, "levels": ["a", "b"]}) is passes


NUMBERS = st.integers(-20, 20).map(Decimal)
TESTS = st.one_of(
    NUMBERS.map(str),
    st.tuples(st.sampled_from(["<", "<=", ">", ">=", "=", "!="]), NUMBERS).map(lambda pair: f"{pair[0]} {pair[1]}"),
    st.tuples(st.sampled_from("[(]"), NUMBERS, NUMBERS, st.sampled_from("])[")).map(lambda r: f"{r[0]}{r[1]}..{r[2]}{r[3]}"),
    st.lists(NUMBERS, min_size=1, max_size=4).map(lambda items: "[" + ", ".join(map(str, items)) + "]"),
)


@given(st.lists(TESTS, min_size=1, max_size=4), st.one_of(NUMBERS, st.none(), st.sampled_from(["a", "b"])))
def test_a_cell_and_the_operator_in_agree(tests: list[str], value: object) -> None:
    cell = ", ".join(tests)
    assert feel.unary(cell, value) is feel.evaluate(f"value in ({cell})", {"value": value})
