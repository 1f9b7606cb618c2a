"""Decision tables: every hit policy, what fired, and what happens when nothing does."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine import dmn, feel
from tests.dmn.models import decision, definitions, literal, needs, table, text

FEES = [["< 100", '"low"', "1"], ["[50..200]", '"middle"', "2"], ["> 150", '"high"', "3"]]


def decide(policy: str, amount: object, values: str = "", outputs: int = 2, more: str = "") -> dmn.Result:
    rules = [rule[: 1 + outputs] for rule in FEES]
    model = dmn.read(definitions(decision("fee", table(["amount"], ["class", "rate"][:outputs], rules, policy, values, more))))
    return model.decide("fee", {"amount": amount})


def test_unique_answers_with_the_one_rule() -> None:
    found = decide("", 10)
    assert found.value == {"class": "low", "rate": 1}
    assert [(rule.id, rule.index) for rule in found.fired] == [("rule1", 1)]
    assert found.fired[0].outputs == {"class": "low", "rate": 1}
    assert found.inputs == {"amount": 10}


def test_unique_names_the_rules_that_clash() -> None:
    with pytest.raises(dmn.HitPolicyViolation) as caught:
        decide('hitPolicy="UNIQUE"', 60)
    assert caught.value.facts["rules"] == (1, 2)
    assert "第 1、2 条规则" in caught.value.text("zh")
    assert "1、2" in caught.value.text("en")


def test_any_allows_equal_answers_only() -> None:
    same = table(["a"], ["x"], [["> 1", '"yes"'], ["> 2", '"yes"'], ["> 3", '"no"']], 'hitPolicy="ANY"')
    model = dmn.read(definitions(decision("same", same)))
    assert model.decide("same", {"a": 3}).value == "yes"
    with pytest.raises(dmn.HitPolicyViolation):
        model.decide("same", {"a": 4})


@pytest.mark.parametrize(
    ("policy", "values", "expected"),
    [
        ('hitPolicy="FIRST"', "", "low"),
        ('hitPolicy="PRIORITY"', '"high", "middle", "low"', "middle"),
        ('hitPolicy="RULE ORDER"', "", ["low", "middle"]),
        ('hitPolicy="OUTPUT ORDER"', '"middle", "low", "high"', ["middle", "low"]),
        ('hitPolicy="COLLECT"', "", ["low", "middle"]),
        ('hitPolicy="COLLECT" aggregation="COUNT"', "", Decimal(2)),
    ],
)
def test_policies_for_several_rules(policy: str, values: str, expected: Any) -> None:
    assert decide(policy, 60, values, outputs=1).value == expected


@pytest.mark.parametrize(("aggregation", "expected"), [("SUM", 5), ("MIN", 2), ("MAX", 3), ("COUNT", 2)])
def test_collect_reckons(aggregation: str, expected: int) -> None:
    rules = [["< 100", "1"], ["[50..200]", "2"], ["> 150", "3"]]
    logic = table(["amount"], ["rate"], rules, f'hitPolicy="COLLECT" aggregation="{aggregation}"')
    assert dmn.read(definitions(decision("rate", logic))).decide("rate", {"amount": 170}).value == expected


def test_no_rule_is_null_an_empty_list_or_zero_with_a_warning() -> None:
    found = decide("", None)
    assert found.value is None and found.fired == ()
    assert [warning.kind for warning in found.warnings][-1] == "no-rule"
    assert decide('hitPolicy="COLLECT"', None).value == []
    assert decide('hitPolicy="COLLECT" aggregation="COUNT"', None).value == 0
    assert decide('hitPolicy="COLLECT" aggregation="SUM"', None, outputs=1).value is None


def test_a_default_answers_when_no_rule_fits() -> None:
    assert decide("", None, outputs=1, more=text("defaultOutputEntry", '"none"')).value == "none"


def test_an_output_outside_the_allowed_values_is_null_and_warned_of() -> None:
    found = decide("", 10, '"middle", "high"', outputs=1)
    assert found.value is None
    assert "not-allowed" in {warning.kind for warning in found.warnings}


def test_an_input_outside_the_allowed_values_is_warned_of() -> None:
    allowed = text("inputValues", '"a","b"')
    logic = table(["level"], ["x"], [["-", "1"]]).replace("</inputExpression>", f"</inputExpression>{allowed}")
    model = dmn.read(definitions(decision("one", logic)))
    assert model.decide("one", {"level": "a"}).value == 1
    found = model.decide("one", {"level": "c"})
    assert found.value is None and found.warnings[0].kind == "not-allowed"


def test_annotations_of_modeler_and_of_the_standard() -> None:
    logic = table(["a"], ["x"], [["1", '"one"', "DL-4-G3"]])
    model = dmn.read(definitions(decision("one", logic)))
    assert model.decide("one", {"a": 1}).fired[0].annotations == ("DL-4-G3",)
    standard = logic.replace("<description>DL-4-G3</description>", "").replace(
        "</rule>", "<annotationEntry><text>第四条</text></annotationEntry></rule>"
    )
    assert dmn.read(definitions(decision("one", standard))).decide("one", {"a": 1}).fired[0].annotations == ("第四条",)


def test_empty_cells_are_anything_and_null() -> None:
    model = dmn.read(definitions(decision("one", table(["a"], ["x", "y"], [["", '"one"', ""]]))))
    assert model.decide("one", {}).value == {"x": "one", "y": None}


def test_host_functions_in_cells_and_outputs() -> None:
    functions = {"days until": feel.HostFunction("days until", ("date",), lambda date: 3)}
    logic = table(["days until(due)"], ["x"], [["< 5", "days until(due) * 2"]])
    model = dmn.read(definitions(decision("one", logic)), functions)
    assert model.decisions["one"].inputs == ("due",)
    assert model.decide("one", {"due": "soon"}, functions).value == 6


def test_the_table_explains_itself() -> None:
    level = decision("level", table(["amount"], ["level"], [["> 10", '"major"', "DL-1"], ["<= 10", '"general"', "DL-2"]]))
    answer = decision("answer", literal('if level = "major" then 3 else 1'), needs("level"))
    model = dmn.read(definitions(level, answer))
    found = model.decide("answer", {"amount": 11})
    assert found.value == 3 and found.decisions == {"level": "major"}
    (shown,) = dmn.explain(model, found)
    assert shown.decision == "level" and shown.hit_policy == "UNIQUE"
    assert [(column.label, column.value) for column in shown.inputs] == [("amount", "11")]
    assert [(rule.index, rule.fired, rule.row.annotations) for rule in shown.rules] == [(1, True, ("DL-1",)), (2, False, ("DL-2",))]


def test_a_decision_tells_what_it_reads() -> None:
    level = decision("level", table(["amount", "region"], ["level"], [["> 10", "-", '"major"']]))
    model = dmn.read(definitions(level, decision("answer", literal("level + suffix"), needs("level"))))
    assert model.decisions["answer"].inputs == ("amount", "region", "suffix")
    assert model.decisions["level"].hit_policy == "UNIQUE"
    assert model.decisions["answer"].requires == ("level",)
    written = model.decisions["level"].table
    assert written is not None and written.rules[0].inputs == ("> 10", "-")


def test_a_default_of_a_table_that_lists_is_a_list() -> None:
    assert decide('hitPolicy="COLLECT"', None, outputs=1, more=text("defaultOutputEntry", '"none"')).value == ["none"]
