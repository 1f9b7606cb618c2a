"""The language by example: one line each, grouped as the chapters of DMN 1.5."""

from __future__ import annotations

import pytest

from engine import feel

OPERATORS = {
    "1 + 2 * 3": "7",
    "(1 + 2) * 3": "9",
    "2 ** 3 ** 2": "64",
    "-3 ** 2": "9",
    "10 / 4": "2.5",
    "1 / 0": "null",
    "1 / 3": "0." + "3" * 34,
    "0.1 + 0.2 = 0.3": "true",
    '"a" + "b"': "ab",
    '"a" + 1': "null",
    "-(2 - 5)": "3",
    "1 < 2": "true",
    '1 < "a"': "null",
    '"a" < "b"': "true",
    "null = null": "true",
    "1 = null": "false",
    '1 = "1"': "null",
    "1 != 2": "true",
    "true and null": "null",
    "false and null": "false",
    "true or null": "true",
    "false or null": "null",
    '"x" or true': "true",
    "not(null)": "null",
    "5 between 1 and 5": "true",
    "null between 1 and 5": "null",
    "1 in [1..3] and 2 in (2, 3)": "true",
    "5 in > 3": "true",
    "5 in (< 3, > 4)": "true",
    "2 in [3, 2]": "true",
    "1 in ]1..3[": "false",
    "5 in (null..10]": "null",
    "if null then 1 else 2": "2",
    "if 1 = 1 then 1 else 2": "1",
}
NAMES = {
    "{first name: 1}.first name": "1",
    "{a-b: 1, c: a-b + 1}.c": "2",
    '{"姓 名": "张三"}.姓 名': "张三",
    "{客户: {等级: 3}}.客户.等级 + 1": "4",
    "for 客户 名称 in [1, 2] return 客户 名称 * 2": "[2, 4]",
    "{a: 1, b: a + 1, c: b + 1}": "{a: 1, b: 2, c: 3}",
    "{a: 1, a: 2}": "null",
    "{date: 5}.date": "5",
    "// a comment\n1 /* another */ + 1": "2",
    '"\\u0041\\U01F40E"': "A🐎",
    '"tab\\tquote\\""': 'tab\tquote"',
}
LISTS = {
    "[1, 2, 3][1]": "1",
    "[1, 2, 3][-1]": "3",
    "[1, 2, 3][4]": "null",
    "[1, 2, 3][item > 1]": "[2, 3]",
    "[{a: 1}, {a: 2}][a > 1]": "[{a: 2}]",
    "[{a: 1}, {a: 2}].a": "[1, 2]",
    "[{item: 1}, {item: 5}][item > 2]": "[{item: 5}]",
    "5[1]": "5",
    "null[1]": "null",
    "[[1], [2, 3]][2][1]": "2",
    "{xs: [1, 2], n: count(xs)}.n": "2",
    "[]": "[]",
    "[1, 2] = [1, 2]": "true",
    "[1, [2]] = [1, 2]": "false",
}
LOOPS = {
    "for i in 1..3 return i * i": "[1, 4, 9]",
    "for i in 3..1 return i": "[3, 2, 1]",
    "for i in [1..3) return i": "[1, 2]",
    "for i in 1..2, j in [10, 20] return i + j": "[11, 21, 12, 22]",
    "for i in 1..4 return if i = 1 then 1 else i * partial[-1]": "[1, 2, 6, 24]",
    "for x in [[1, 2], [3]], y in x return y": "[1, 2, 3]",
    'for d in @"2026-02-27"..@"2026-03-01" return d.day': "[27, 28, 1]",
    'for i in "a".."c" return i': "null",
    "for i in null return i": "null",
    "some x in [1, 2] satisfies x > 1": "true",
    "every x in [1, 2] satisfies x > 1": "false",
    "every x in [] satisfies false": "true",
    "some x in [] satisfies true": "false",
    "some x in [1, 2] satisfies if x = 1 then null else false": "null",
    "some x in [1, 2], y in [3, 4] satisfies x + y = 6": "true",
}
FUNCTIONS = {
    "(function(x) x * 2)(4)": "8",
    "(function(x: number, y) x + y)(1, 2)": "3",
    '(function(x: number) x)("a")': "null",
    "(function(x: number) x)([5])": "5",
    "(function(x) x)(1, 2)": "null",
    "{add: function(a, b) a + b, r: add(b: 1, a: 2)}.r": "3",
    "{outer: 10, f: function(x) x + outer, r: f(1)}.r": "11",
    "{make: function(a) function(b) a * b, r: make(3)(4)}.r": "12",
    "[1, 2, 3][(function(x) x > 1)(item)]": "[2, 3]",
    'sort(["b", "a"], function(x, y) x < y)': '["a", "b"]',
    'substring(string: "foobar", start position: 4)': "bar",
    'substring(text: "foobar", start position: 4)': "null",
    "nothing like this(1)": None,
    "unknown(1)": "null",
    'function(x) external {java: {class: "java.lang.Runtime"}}': "null",
    "(function(f) f(9))(sqrt)": "3",
}
TYPES = {
    "1 instance of number": "true",
    "null instance of Any": "false",
    "[1] instance of list<number>": "true",
    '[1, "a"] instance of list<number>': "false",
    "{a: 1, b: 2} instance of context<a: number>": "true",
    "[1..2] instance of range<number>": "true",
    'duration("P1Y") instance of years and months duration': "true",
    "(function(a: string) 1) instance of function<string> -> number": "true",
    '(function(a: string) "x") instance of function<string> -> number': "false",
    "1 + 1 instance of number": "null",
}


def check(text: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(feel.SyntaxError_):
            feel.compile(text)
    else:
        assert feel.to_text(feel.evaluate(text)) == expected


@pytest.mark.parametrize(("text", "expected"), OPERATORS.items())
def test_operators(text: str, expected: str) -> None:
    check(text, expected)


@pytest.mark.parametrize(("text", "expected"), NAMES.items())
def test_names_and_contexts(text: str, expected: str) -> None:
    check(text, expected)


@pytest.mark.parametrize(("text", "expected"), LISTS.items())
def test_lists_and_filters(text: str, expected: str) -> None:
    check(text, expected)


@pytest.mark.parametrize(("text", "expected"), LOOPS.items())
def test_loops_and_quantifiers(text: str, expected: str) -> None:
    check(text, expected)


@pytest.mark.parametrize(("text", "expected"), FUNCTIONS.items())
def test_functions(text: str, expected: str | None) -> None:
    check(text, expected)


@pytest.mark.parametrize(("text", "expected"), TYPES.items())
def test_instance_of(text: str, expected: str) -> None:
    check(text, expected)


def test_a_variable_with_blanks_must_be_known_to_the_parser() -> None:
    variables = {"客户 等级": "A", "amount-due": 5}
    assert feel.compile('客户 等级 = "A" and amount-due > 1', frozenset(variables)).evaluate(variables) is True
    with pytest.raises(feel.SyntaxError_):
        feel.compile('客户 等级 = "A"')


def test_a_variable_may_carry_the_name_of_a_built_in() -> None:
    assert feel.evaluate("count + 1", {"count": 2}) == 3
    assert feel.evaluate("count([1, 2]) + count", {"count": 2}) == 4
    assert feel.evaluate('date("2026-01-01") = d', {"date": "today", "d": feel.parse_date("2026-01-01")}) is True


def test_free_names_are_told() -> None:
    found = feel.compile('amount > limit and due("reply") != null and some x in items satisfies x.ok')
    assert found.variables == {"amount", "limit", "due", "items"}


def test_a_known_name_may_hold_full_width_punctuation() -> None:
    variables = {"金额（元）": 5, "甲": 1}
    assert feel.compile("金额（元） > 甲", frozenset(variables)).evaluate(variables) is True
    with pytest.raises(feel.SyntaxError_):
        feel.compile("金额（元） > 甲", frozenset({"甲"}))


def test_a_variable_named_like_a_built_in_is_told_too() -> None:
    assert feel.compile("count > 1 and count(items) > 2").variables == {"count", "items"}
