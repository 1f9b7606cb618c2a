"""Boxed expressions, knowledge models, services, item definitions, imports."""

from __future__ import annotations

import time
from typing import Any

import pytest

from engine import dmn, feel
from tests.dmn.models import decision, definitions, key, literal, needs, text


def value(*parts: str, of: str = "answer", **inputs: Any) -> Any:
    return feel.to_json(dmn.read(definitions(*parts)).decide(of, inputs).value)


def entry(name: str, logic: str) -> str:
    return f'<contextEntry><variable name="{name}"/>{logic}</contextEntry>' if name else f"<contextEntry>{logic}</contextEntry>"


def part(tag: str, written: str) -> str:
    return f"<{tag}>{literal(written)}</{tag}>"


def knowledge(name: str, parameters: str, logic: str, requires: str = "") -> str:
    formal = "".join(f'<formalParameter name="{one}"/>' for one in parameters.split(","))
    body = f"<encapsulatedLogic>{formal}{logic}</encapsulatedLogic>"
    return f'<businessKnowledgeModel id="{key(name)}" name="{name}"><variable name="{name}"/>{body}{requires}</businessKnowledgeModel>'


def test_a_context_with_and_without_a_result() -> None:
    entries = entry("base pay", literal("10")) + entry("bonus", literal("base pay * 2"))
    assert value(decision("answer", f"<context>{entries}</context>")) == {"base pay": 10, "bonus": 20}
    assert value(decision("answer", f"<context>{entries}{entry('', literal('base pay + bonus'))}</context>")) == 30


def test_a_list_and_a_relation() -> None:
    assert value(decision("answer", f"<list>{literal('1')}{literal('a')}</list>"), a=2) == [1, 2]
    rows = f"<row>{literal('1')}{literal('2')}</row><row>{literal('3')}{literal('4')}</row>"
    relation = f'<relation><column name="x"/><column name="y y"/>{rows}</relation>'
    assert value(decision("answer", relation)) == [{"x": 1, "y y": 2}, {"x": 3, "y y": 4}]


def test_a_function_and_its_invocation() -> None:
    function = f'<functionDefinition><formalParameter name="n" typeRef="number"/>{literal("n * factor")}</functionDefinition>'
    binding = f'<binding><parameter name="n"/>{literal("4")}</binding>'
    entries = entry("factor", literal("3")) + entry("triple", function)
    invocation = f"<invocation>{literal('triple')}{binding}</invocation>"
    assert value(decision("answer", f"<context>{entries}{entry('', invocation)}</context>")) == 12


def test_conditional_filter_and_iterators() -> None:
    assert value(decision("answer", f"<conditional>{part('if', 'a > 1')}{part('then', '1')}{part('else', '2')}</conditional>"), a=5) == 1
    assert value(decision("answer", f"<filter>{part('in', '[1, 2, 3]')}{part('match', 'item > 1')}</filter>")) == [2, 3]
    assert value(decision("answer", f"<filter>{part('in', '[{n: 1}, {n: 2}]')}{part('match', 'n = 2')}</filter>")) == [{"n": 2}]
    assert value(decision("answer", f'<for iteratorVariable="i">{part("in", "[1..3]")}{part("return", "i * i")}</for>')) == [1, 4, 9]
    assert value(decision("answer", f'<for iteratorVariable="i">{part("in", "[1, 2]")}{part("return", "i + count(partial)")}</for>')) == [
        1,
        3,
    ]
    assert value(decision("answer", f'<some iteratorVariable="i">{part("in", "[1, 2]")}{part("satisfies", "i > 1")}</some>')) is True
    assert value(decision("answer", f'<every iteratorVariable="i">{part("in", "[1, 2]")}{part("satisfies", "i > 1")}</every>')) is False


def test_a_knowledge_model_may_call_itself_and_others() -> None:
    factorial = knowledge("fac torial", "n", literal("if n <= 1 then one else n * fac torial(n - 1)"))
    one = decision("answer", literal("fac torial(5)"), needs("fac torial", kind="Knowledge"))
    assert value(factorial.replace("then one", "then 1"), one) == 120


def test_knowledge_sees_only_its_parameters() -> None:
    assert (
        value(knowledge("k", "n", literal("n + secret")), decision("answer", literal("k(1)"), needs("k", kind="Knowledge")), secret=5)
        is None
    )


def test_a_service_runs_its_decisions_with_what_it_is_given() -> None:
    parts = (
        decision("rate", literal("2")),
        decision("price", literal("amount * rate"), needs("rate") + needs("amount", kind="Input")),
        '<inputData id="amount" name="amount"><variable name="amount" typeRef="number"/></inputData>',
        '<decisionService id="pricing" name="pricing"><outputDecision href="#price"/>'
        '<inputDecision href="#rate"/><inputData href="#amount"/></decisionService>',
        decision("answer", literal("pricing(10, 7)"), needs("pricing", kind="Knowledge")),
    )
    model = dmn.read(definitions(*parts))
    assert model.decide("answer", {}).value == 70
    assert model.decide("price", {"amount": 10}).value == 20
    assert model.invoke("pricing", rate=3, amount=10).value == 30
    assert model.invoke("pricing", rate=3).value is None
    assert model.decide("price", {"amount": "ten"}).value is None


def test_item_definitions_fit_values_to_their_type() -> None:
    items = f'<itemDefinition name="tLevel"><typeRef>string</typeRef>{text("allowedValues", chr(34) + "a" + chr(34))}</itemDefinition>'
    items += '<itemDefinition name="tLevels" isCollection="true"><typeRef>tLevel</typeRef></itemDefinition>'
    model = dmn.read(definitions(items, decision("one", literal("x"), typ="tLevel"), decision("many", literal("x"), typ="tLevels")))
    assert model.decide("one", {"x": "a"}).value == "a"
    assert model.decide("one", {"x": ["a"]}).value == "a"
    assert model.decide("many", {"x": "a"}).value == ["a"]
    refused = model.decide("one", {"x": "b"})
    assert refused.value is None and refused.warnings[0].kind == "wrong-type"


def test_names_with_blanks_and_signs_are_known_from_the_model() -> None:
    parts = (
        '<inputData id="i" name="客户 等级"><variable name="客户 等级"/></inputData>',
        decision(
            "pre-check result", literal('客户 等级 = "A"'), '<informationRequirement><requiredInput href="#i"/></informationRequirement>'
        ),
        decision("answer", literal("pre-check result and true"), needs("pre-check result")),
    )
    assert value(*parts, **{"客户 等级": "A"}) is True


def test_imports_bring_types_decisions_and_knowledge_under_their_name() -> None:
    common = definitions(
        '<itemDefinition name="tN"><typeRef>number</typeRef></itemDefinition>',
        knowledge("double it", "n", literal("n * 2")),
        decision("base rate", literal("amount + 1")),
        namespace="urn:common",
    )
    imports = f'<import namespace="urn:common" name="lib" importType="{dmn_namespace()}"/>'
    required = '<informationRequirement><requiredDecision href="urn:common#base_rate"/></informationRequirement>'
    required += '<knowledgeRequirement><requiredKnowledge href="urn:common#double_it"/></knowledgeRequirement>'
    data = definitions(decision("answer", literal("lib.double it(lib.base rate)"), required, "lib.tN"), imports=imports)
    assert dmn.read(data, others=[common]).decide("answer", {"amount": 4}).value == 10
    with pytest.raises(dmn.DmnError) as caught:
        dmn.read(data)
    assert "urn:common" in caught.value.text("en")


def dmn_namespace() -> str:
    return "https://www.omg.org/spec/DMN/20191111/MODEL/"


def test_decisions_that_require_each_other_are_refused() -> None:
    model = dmn.read(definitions(decision("a", literal("b"), needs("b")), decision("b", literal("a"), needs("a"))))
    with pytest.raises(dmn.CyclicRequirement):
        model.decide("a", {})


def test_endless_knowledge_ends_with_a_warning() -> None:
    endless = knowledge("f", "n", literal("f(n + 1)"))
    found = dmn.read(definitions(endless, decision("answer", literal("f(1)"), needs("f", kind="Knowledge")))).decide("answer", {})
    assert found.value is None and "limit" in {warning.kind for warning in found.warnings}


def test_boxed_loops_inside_each_other_end_with_a_warning() -> None:
    logic = literal("1")
    for level in range(30):
        logic = f'<for iteratorVariable="i{level}"><in>{literal("[1..10]")}</in><return>{logic}</return></for>'
    started = time.perf_counter()
    found = dmn.read(definitions(decision("answer", logic))).decide("answer", {})
    assert found.value is None and "limit" in {warning.kind for warning in found.warnings}
    assert time.perf_counter() - started < 4


def test_a_long_chain_of_decisions_is_answered() -> None:
    chain = [decision("d0", literal("1"))] + [decision(f"d{n}", literal(f"d{n - 1} + 1"), needs(f"d{n - 1}")) for n in range(1, 100)]
    assert value(*chain, of="d99") == 100


def test_a_variable_nested_too_deep_is_null_with_a_warning() -> None:
    deep: list[Any] = [1]
    for _ in range(100):
        deep = [deep]
    found = dmn.read(definitions(decision("answer", literal("count(v)")))).decide("answer", {"v": deep})
    assert found.value is None and "limit" in {warning.kind for warning in found.warnings}
