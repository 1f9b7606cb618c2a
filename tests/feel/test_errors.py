"""What a person reads when an expression is wrong."""

from __future__ import annotations

import pytest

from engine import feel
from engine.errors import Invalid


def faulty(text: str) -> feel.SyntaxError_:
    with pytest.raises(feel.SyntaxError_) as caught:
        feel.compile(text)
    return caught.value


def test_says_what_was_expected_where_in_both_languages() -> None:
    error = faulty("if amount > 5\nthen 1")
    assert isinstance(error, Invalid)
    assert (error.line, error.column) == (2, 7)
    assert error.text("zh") == "FEEL 表达式第 2 行第 7 列：此处应为 else，但看到 结尾"
    assert error.text("en") == "FEEL expression, line 2, column 7: expected else, found the end"
    assert error.caret() == "then 1\n      ^"


def test_the_caret_stands_below_the_place_also_after_chinese() -> None:
    assert faulty("客户 等级 = 1").caret() == "客户 等级 = 1\n　　 ^"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a，b", "半角“,”"),
        ("“甲”", "半角"),
        ('"open', "结束的双引号"),
        ("/* open", "结束的 */"),
        ("a b", "缺少运算符"),
        ("a ; b", "不认识的字符"),
        ("1 +", "一个值"),
        ("f(a: 1, 2)", "参数要么全部写名称"),
        ("{a 1}", "应为 :"),
        ("[1, 2", ", ]"),
        ("1e99999", "超出范围"),
        ("", "一个值"),
    ],
)
def test_common_slips_are_named(text: str, told: str) -> None:
    assert told in faulty(text).text("zh")


def warnings_of(text: str, **variables: object) -> list[feel.Warning]:
    found: list[feel.Warning] = []
    feel.compile(text).evaluate(variables, warnings=found)
    return found


def test_an_unknown_name_is_null_and_warned_of_once() -> None:
    found = warnings_of("[amuont + 1, amuont + 2]")
    unknown = [warning for warning in found if warning.kind == "unknown-name"]
    assert [warning.name for warning in unknown] == ["amuont"]
    assert unknown[0].text("zh") == "没有名为“amuont”的变量。"
    assert unknown[0].text("en") == "There is no variable called 'amuont'."


def test_asking_whether_a_name_is_there_is_no_fault() -> None:
    assert warnings_of("x != null and is defined(y.z) and get or else(q, 1) = 1") == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('1 < "a"', "wrong-type"),
        ('1 + "a"', "wrong-type"),
        ("1 / 0", "invalid-argument"),
        ("sqrt(-1)", "invalid-argument"),
        ("string length(5)", "wrong-type"),
        ("nope(1)", "unknown-function"),
        ("{a: 1}.b", "unknown-name"),
        ("{a: 1, a: 2}", "invalid-argument"),
        ("(function(x) x)(1, 2)", "wrong-type"),
        ("for i in 1..1000000 return i", "limit"),
        ('assert(1, false, "金额")', "invalid-argument"),
    ],
)
def test_each_fault_has_its_kind(text: str, kind: str) -> None:
    assert kind in {warning.kind for warning in warnings_of(text)}


def test_a_host_function_is_called_by_position_and_by_name() -> None:
    due = feel.HostFunction("add working time", ("start", "duration"), lambda start, duration=None: f"{start}+{duration}")
    functions = {"add working time": due}
    assert feel.compile('add working time("a", "b")', functions=functions).evaluate({}, functions) == "a+b"
    assert feel.compile('add working time(duration: "b", start: "a")', functions=functions).evaluate({}) == "a+b"
    assert feel.compile('add working time("a")', functions=functions).evaluate({}, functions) == "a+None"
    assert feel.compile('add working time("a", 1, 2)', functions=functions).evaluate({}, functions) is None


def test_a_host_function_may_return_python_numbers() -> None:
    functions = {"workdays": feel.HostFunction("workdays", ("a", "b"), lambda a, b: 3)}
    assert feel.compile("workdays(1, 2) / 2", functions=functions).evaluate({}, functions) == feel.evaluate("1.5")


def test_the_same_text_compiles_once() -> None:
    assert feel.compile("a + 1")._program is feel.compile("a + 1", frozenset())._program


def test_a_host_function_may_refuse_with_its_reason() -> None:
    def due(stage: str) -> None:
        raise feel.HostRefusal(f"没有“{stage}”的时限。", f"There is no deadline for {stage!r}.")

    found: list[feel.Warning] = []
    functions = {"due": feel.HostFunction("due", ("stage",), due)}
    assert feel.compile('due("reply")', functions=functions).evaluate({}, functions, found) is None
    assert [(warning.kind, warning.name, warning.zh) for warning in found] == [("host", "due", "没有“reply”的时限。")]


def test_any_other_error_of_the_host_reaches_the_caller() -> None:
    functions = {"due": feel.HostFunction("due", (), lambda: 1 // 0)}
    with pytest.raises(ZeroDivisionError):
        feel.compile("due()", functions=functions).evaluate({}, functions)
    assert feel.evaluate("1 + 1") == 2
