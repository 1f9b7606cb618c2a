"""What a process owner reads when a decision file is wrong."""

from __future__ import annotations

import pytest

from engine import dmn
from engine.errors import NotFound
from tests.dmn.models import decision, definitions, literal, needs, table


def findings(data: bytes) -> list[str]:
    with pytest.raises(dmn.DmnError) as caught:
        dmn.read(data)
    return [finding.rule for finding in caught.value.findings]


@pytest.mark.parametrize(
    "data",
    [
        b"no xml",
        b"<a/>",
        b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>',
        b'<!DOCTYPE x [<!ENTITY e "boom">]><definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/">&e;</definitions>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>',
    ],
)
def test_what_is_no_dmn_is_refused(data: bytes) -> None:
    assert findings(data) == ["dmn-file"]


def test_a_wrong_cell_is_named_with_place_and_caret() -> None:
    data = definitions(decision("fee", table(["amount"], ["x"], [["> 5 5", "1"]])))
    with pytest.raises(dmn.DmnError) as caught:
        dmn.read(data)
    (finding,) = caught.value.findings
    assert finding.rule == "dmn-feel" and finding.name == "fee" and finding.line is not None
    assert "“fee”" in finding.zh and "> 5 5" in finding.zh and "    ^" in finding.zh
    assert "Decision 'fee'" in finding.en
    assert "fee" in caught.value.text("zh")


def test_all_faults_are_listed_at_once() -> None:
    data = definitions(
        decision("a", literal("1 +")),
        decision("b", table(["x", ""], ["y"], [["1", "2"]], 'hitPolicy="NONE"')),
        decision("c", table(["x"], ["y"], [["1"]])),
        decision("d", literal("e"), needs("e")),
        decision("f", '<literalExpression expressionLanguage="javascript"><text>1</text></literalExpression>'),
    )
    assert sorted(findings(data)) == ["dmn-feel", "dmn-hit-policy", "dmn-language", "dmn-requirement", "dmn-rule"]


def test_lenient_reading_keeps_the_findings_and_answers_null() -> None:
    model = dmn.read(definitions(decision("a", literal("1 +")), decision("b", literal("2"))), lenient=True)
    assert [finding.rule for finding in model.findings] == ["dmn-feel"]
    assert model.decide("a", {}).value is None
    assert model.decide("b", {}).value == 2


def test_an_unknown_decision_is_not_found() -> None:
    model = dmn.read(definitions(decision("a", literal("1"))))
    with pytest.raises(dmn.UnknownDecision) as caught:
        model.decide("z", {})
    assert isinstance(caught.value, NotFound) and "z" in caught.value.text("zh")


def test_a_decision_is_found_by_id_and_by_name() -> None:
    model = dmn.read(definitions('<decision id="level_1" name="等级"><literalExpression><text>1</text></literalExpression></decision>'))
    assert model.decide("level_1", {}).value == model.decide("等级", {}).value == 1


def test_the_xml_may_use_a_prefix_and_other_namespaces() -> None:
    data = definitions(decision("a", literal("1"))).replace(b"xmlns=", b'xmlns:x="urn:y" x:z="1" xmlns=')
    assert dmn.read(data).decide("a", {}).value == 1
