"""Trying decisions: the form is made from the inputs, everything stands in the address, no script is needed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from engine import releases
from tests.support import waiver
from tests.support.office import Desk, Office, Screen, office
from tests.support.town import SEED, town
from tests.support.waiver import deploys_waiver

TINY = "/procedures/tiny/releases/1/decisions/"
PP = "/procedures/property-project/releases/1/decisions/property_project_"


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Office]:
    with town(f"sqlite:///{tmp_path}/town.db") as found, office(found, tmp_path) as opened:
        deploys_waiver(found)
        yield opened


@pytest.fixture
def desk(here: Office) -> Desk:
    return here.desk("reception")


def tries(desk: Desk, decision: str, **values: str) -> Screen:
    """Fill in the form of a decision and send it, as a browser does."""
    path = decision if decision.startswith("/") else TINY + decision
    form = desk.get(path).all("//section[@id='try']//form")[0]
    assert form.get("method") == "get"
    fields = dict(form.form_values())
    unknown = values.keys() - fields.keys()
    return desk.get(f"{path}?{urlencode({**fields, **values})}" if not unknown else f"{path}?{urlencode(fields | values)}")


def fired(screen: Screen) -> list[str]:
    return [row.xpath("string(th)").split()[0] for row in screen.all("//table[@class='dt']//tr[@class='fired']")]


def result(screen: Screen) -> str:
    return " ".join(screen.all("//div[@class='result']")[0].text_content().split())


def test_before_it_is_tried_the_table_stands_there_as_written(desk: Desk) -> None:
    screen = desk.get(PP + "classify")
    heads = [" ".join(head.text_content().split()) for head in screen.all("//table[@class='dt']/thead/tr[2]/th")]
    assert heads[:2] == ["判定的性质 manualLevel 文本", "超出部门处理权限 exceedsDept 是/否"]
    assert "C 汇集：列出全部命中的规则" in screen.text and not screen.all("//div[@class='result']") and fired(screen) == []


def test_fields_are_made_from_types_and_known_values(desk: Desk) -> None:
    options = desk.get(PP + "classify").all("//select")
    assert [(field.get("name"), field.value_options) for field in options] == [
        ("manualLevel", ["", "general", "major"]),
        ("exceedsDept", ["", "true", "false"]),
    ]
    assert options[0].xpath("option/text()") == ["（空）", "一般", "重大"]
    screen = desk.get(TINY + "tiny_waiver")
    assert screen.all("//select[@name='level']/option/@value") == ["", "general", "major"]
    assert screen.all("//input[@name='amount due']/@inputmode") == ["decimal"]
    assert "variables.csv 里没有这个名称" in screen.text
    assert desk.get(TINY + "tiny_open").all("//input[@name='day']/@type") == ["date"]


def test_the_result_and_the_rules_that_fired_are_shown(desk: Desk) -> None:
    screen = tries(desk, PP + "classify", manualLevel="major", exceedsDept="true")
    assert fired(screen) == ["1", "2"] and screen.text.count("✓ 命中") == 2
    assert "判定投诉级别命中规则：1、2" in result(screen) and "超出部门处理权限" in result(screen)
    assert screen.all("//option[@selected]/@value") == ["major", "true"]
    assert "重大 \"major\"" in " ".join(screen.all("//tr[@class='given']")[0].text_content().split())


def test_nothing_fires_is_said(desk: Desk) -> None:
    assert "没有规则命中。" in tries(desk, PP + "classify", manualLevel="general", exceedsDept="false").text


def test_what_was_decided_on_the_way_is_told(desk: Desk) -> None:
    for decision in ("tiny_waiver", "tiny_service"):
        screen = tries(desk, decision, level="major", **{"amount due": "300"})
        assert "结果 150" in result(screen) and "比例0.5" in result(screen) and "比例命中规则：1" in result(screen)
        assert fired(screen) == ["1"]
    assert screen.all("//h1/text()") == ["减免服务"]


def test_a_literal_expression_is_shown_as_written(desk: Desk) -> None:
    screen = desk.get(TINY + "tiny_waiver")
    assert screen.all("//pre/code/text()") == ["amount due * rate"]
    assert screen.all("//a[@href='/procedures/tiny/releases/1/decisions/tiny_rate']/text()") == ["比例"]


def test_rules_that_clash_are_marked_and_named(desk: Desk) -> None:
    screen = tries(desk, "tiny_clash", **{"amount due": "30"})
    assert "UNIQUE 策略下第 1、2 条规则同时命中" in result(screen)
    assert [row.xpath("string(th)").split() for row in screen.all("//tr[@class='clashing']")] == [["1", "✕", "冲突"], ["2", "✕", "冲突"]]


def test_a_value_of_the_wrong_kind_is_refused_at_its_field(desk: Desk) -> None:
    screen = tries(desk, "tiny_clash", **{"amount due": "viel"})
    field = screen.all("//input[@name='amount due']")[0]
    assert field.get("aria-invalid") == "true" and field.get("value") == "viel"
    assert screen.all("//div[@id='errors']//a/text()") == ["金额：请输入数字，例如 12.5。"]
    assert not screen.all("//div[@class='result']")
    assert "请从列出的值中选择" in tries(desk, PP + "classify", manualLevel="huge").text
    assert "2026-11-22" in tries(desk, "tiny_open", day="tomorrow").all("//div[@id='errors']//a/text()")[0]


def test_feel_errors_have_a_line_and_a_caret(desk: Desk) -> None:
    screen = tries(desk, "tiny_open", things="[1, 2")
    assert "第 1 行第" in screen.text
    assert screen.all("//pre[@class='caret']/text()")[-1].splitlines()[1].endswith("^")
    assert "“apples”不是值。文本要加英文双引号。" in tries(desk, "tiny_open", things="apples").text


def test_warnings_are_said_in_words(desk: Desk) -> None:
    assert "结果 3" in result(tries(desk, "tiny_open", things="[1, 2, 3]"))
    assert "due() 要有案件才有值" in result(tries(desk, "tiny_open", day="2026-11-22"))
    assert "没有用到“typo”" in result(desk.get(TINY + "tiny_rate?_try=1&level=major&typo=1"))
    assert "* 不能用于：空值、数字。" in result(tries(desk, "tiny_waiver", level="general"))


def test_what_was_typed_is_never_markup(desk: Desk) -> None:
    screen = tries(desk, PP + "closing", userOpinion="<script>alert(1)</script>", reportedAt="<img src=x>")
    assert "<script>alert" not in screen.html and "<img" not in screen.html


def test_hostile_text_is_answered_quickly(desk: Desk) -> None:
    for text in ("[" * 400, "for i in 1..1000000000 return i", "1" + "0" * 480, "2 ** 999999999"):
        assert tries(desk, "tiny_open", things=text).status == 200


def test_trying_leaves_no_trace(here: Office, desk: Desk) -> None:
    def size() -> int:
        with here.town.store.reading() as db:
            return int(db.exec_driver_sql("select count(*) from event").scalar_one())

    before = size()
    tries(desk, "tiny_rate", level="major")
    assert size() == before


def test_a_decision_may_rest_on_another_file_of_its_release(here: Office, desk: Desk) -> None:
    importing = IMPORTING.encode()
    with here.town.store.writing() as db:
        deployed = releases.deploy(db, waiver.files() | {"letter.dmn": importing}, SEED)
        releases.activate(db, deployed.release_key, SEED)

    screen = tries(desk, "/procedures/tiny/releases/2/decisions/tiny_letter", level="major")

    assert 'half' in result(screen) and "比例命中规则：1" in result(screen)
    assert fired(screen) == ["1"]


IMPORTING = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="letters" name="函件" namespace="http://example.org/letters">
  <import namespace="http://example.org/waiver" name="fees" importType="https://www.omg.org/spec/DMN/20191111/MODEL/" />
  <decision id="tiny_letter" name="函件">
    <variable name="letter" typeRef="string"/>
    <informationRequirement><requiredDecision href="http://example.org/waiver#tiny_rate"/></informationRequirement>
    <literalExpression><text>if fees.rate = 0.5 then "half" else "little"</text></literalExpression>
  </decision>
</definitions>
"""
