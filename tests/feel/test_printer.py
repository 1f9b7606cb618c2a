"""compile ∘ print ∘ compile is stable, on trees made at random and on texts by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import feel
from engine.feel import syntax
from engine.feel.printer import print_tree
from engine.feel.types import ANY, ListType, Type

NAMES = st.sampled_from(["amount", "客户", "a b", "list", "x1"])
LEAVES: st.SearchStrategy[Any] = st.one_of(
    st.decimals(min_value=0, max_value=10**9, places=3, allow_nan=False).map(syntax.Literal),
    st.text(max_size=8).map(lambda text: syntax.Literal(text.encode("utf-8", "ignore").decode())),
    st.sampled_from([True, False, None]).map(syntax.Literal),
    NAMES.map(syntax.Name),
    st.sampled_from(["2026-11-22", "P1D", "10:00:00+08:00"]).map(syntax.At),
)
TYPES = st.sampled_from([ANY, Type("number"), ListType(Type("date and time"))])


def _two(inner: st.SearchStrategy[Any], node: type, signs: list[str]) -> st.SearchStrategy[Any]:
    return st.builds(node, st.sampled_from(signs), inner, inner)


def _grown(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    few = st.lists(inner, max_size=3).map(tuple)
    two = st.lists(inner, min_size=2, max_size=3).map(tuple)
    iterators = st.lists(st.builds(syntax.Iterator, NAMES, inner, st.one_of(st.none(), inner)), min_size=1, max_size=2).map(tuple)
    half = st.builds(syntax.HalfInterval, st.sampled_from(["<", ">=", "=", "!="]), inner)
    return st.one_of(
        _two(inner, syntax.Arithmetic, ["+", "-", "*", "/", "**"]),
        _two(inner, syntax.Comparison, ["=", "!=", "<", ">="]),
        st.builds(syntax.Logic, st.sampled_from(["and", "or"]), two),
        st.builds(syntax.Negation, inner),
        st.builds(syntax.Between, inner, inner, inner),
        st.builds(syntax.In, inner, st.lists(st.one_of(inner, half), min_size=1, max_size=3).map(tuple)),
        st.builds(syntax.InstanceOf, inner, TYPES),
        st.builds(syntax.If, inner, inner, inner),
        st.builds(syntax.For, iterators, inner),
        st.builds(syntax.Quantified, st.booleans(), iterators, inner),
        st.builds(syntax.FunctionDefinition, st.lists(st.tuples(NAMES, TYPES), max_size=2, unique_by=lambda one: one[0]).map(tuple), inner),
        st.builds(syntax.Path, inner, NAMES),
        st.builds(syntax.Filter, inner, inner),
        st.builds(syntax.Call, inner, few),
        st.builds(syntax.ListNode, few),
        st.builds(syntax.ContextNode, st.lists(st.tuples(st.one_of(NAMES, st.just('k"1')), inner), max_size=3).map(tuple)),
        st.builds(syntax.Interval, inner, inner, st.booleans(), st.booleans()),
    )


TREES = st.recursive(LEAVES, _grown, max_leaves=12)


@given(TREES)
def test_a_printed_tree_compiles_to_an_equal_tree(tree: syntax.Node) -> None:
    text = print_tree(tree)
    again = feel.compile(text, frozenset({"a b"})).tree
    assert print_tree(again) == text
    assert print_tree(feel.compile(print_tree(again), frozenset({"a b"})).tree) == text


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("1+2 *3", "1 + 2 * 3"),
        ("(1+2)*3", "(1 + 2) * 3"),
        ("((1))", "1"),
        ("a or (b and c)", "a or b and c"),
        ("(a or b) and c", "(a or b) and c"),
        ("a - (b - c)", "a - (b - c)"),
        ("x in [1..2[", "x in ([1..2))"),
        ("not (x)", "not(x)"),
        ('{"a":1 , b :2}', "{a: 1, b: 2}"),
        ("1e3", "1000"),
    ],
)
def test_the_canonical_form(text: str, canonical: str) -> None:
    assert print_tree(feel.compile(text).tree) == canonical


def test_numbers_print_exactly() -> None:
    for written in ("0.1", "123456789012345678901234567890.1234", "1e-300", "9e6000"):
        tree = feel.compile(written).tree
        again = feel.compile(print_tree(tree)).tree
        assert isinstance(again, syntax.Literal) and isinstance(tree, syntax.Literal)
        assert Decimal(again.value) == Decimal(tree.value)
