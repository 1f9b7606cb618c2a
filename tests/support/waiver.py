"""A small procedure about waiving fees: decisions that require each other, a service, a table whose rules clash, and names nobody knows."""

from __future__ import annotations

from engine import releases
from tests.support.tiny import CLAUSES, ROLES, form
from tests.support.town import SEED, Town
from tests.tokens import drawing as draw

VARIABLES = """name,type,unit,values,personal,set_by,zh,en
level,string,,general=一般|General;major=重大|Major,,register,级别,Level
note,string,,,,register,备注,Note
"""
SETTINGS = """slug = "tiny"
prefix = "TINY"
title = "减免制度"
title_en = "Waivers"
main = "tiny_main"
document_no = "示例〔2026〕1号"
"""
CARRIED_OUT = "waiver.dmn#rate_major main.bpmn#look register.form#note later: other.bpmn"
CLAUSE = f"TN-1,RULE,重大投诉减半。,Half for major ones.,rule,{CARRIED_OUT}\n"
TABLES = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="waiver" name="减免" namespace="http://example.org/waiver">
  <itemDefinition id="i1" name="tLevel">
    <typeRef>string</typeRef><allowedValues><text>"general","major"</text></allowedValues>
  </itemDefinition>
  <inputData id="in_level" name="level"><variable name="level" typeRef="tLevel"/></inputData>
  <inputData id="in_amount" name="amount due"><variable name="amount due" typeRef="number"/></inputData>
  <inputData id="in_day" name="day"><variable name="day" typeRef="date"/></inputData>
  <decision id="tiny_rate" name="比例">
    <variable name="rate" typeRef="number"/>
    <informationRequirement><requiredInput href="#in_level"/></informationRequirement>
    <decisionTable hitPolicy="FIRST">
      <input id="r_i" label="级别"><inputExpression typeRef="string"><text>level</text></inputExpression></input>
      <output id="r_o" name="rate" typeRef="number"/>
      <rule id="rate_major"><description>重大减半</description>
        <inputEntry><text>"major"</text></inputEntry><outputEntry><text>0.5</text></outputEntry></rule>
      <rule id="rate_other"><inputEntry><text>-</text></inputEntry><outputEntry><text>0.1</text></outputEntry></rule>
    </decisionTable>
  </decision>
  <decision id="tiny_waiver" name="减免额">
    <variable name="waiver" typeRef="number"/>
    <informationRequirement><requiredDecision href="#tiny_rate"/></informationRequirement>
    <informationRequirement><requiredInput href="#in_amount"/></informationRequirement>
    <literalExpression><text>amount due * rate</text></literalExpression>
  </decision>
  <decisionService id="tiny_service" name="减免服务">
    <variable name="waiver service"/>
    <outputDecision href="#tiny_waiver"/><encapsulatedDecision href="#tiny_rate"/>
    <inputData href="#in_level"/><inputData href="#in_amount"/>
  </decisionService>
  <decision id="tiny_clash" name="冲突表">
    <decisionTable hitPolicy="UNIQUE">
      <input id="c_i" label="金额"><inputExpression typeRef="number"><text>amount due</text></inputExpression></input>
      <output id="c_o" name="who" typeRef="string"/>
      <rule id="clash_1"><inputEntry><text>&gt; 10</text></inputEntry><outputEntry><text>"a"</text></outputEntry></rule>
      <rule id="clash_2"><inputEntry><text>&gt; 20</text></inputEntry><outputEntry><text>"b"</text></outputEntry></rule>
    </decisionTable>
  </decision>
  <decision id="tiny_open" name="其他">
    <informationRequirement><requiredInput href="#in_day"/></informationRequirement>
    <literalExpression><text>if day = null then count(things) else string(day) + due("reply")</text></literalExpression>
  </decision>
</definitions>
"""


def diagram(note: str = "=note") -> bytes:
    """Register, look up the rate, set a variable from `note`, and wait for somebody to look."""
    assigned = draw.zeebe("assignmentDefinition", candidateGroups="reception")
    register = draw.user("register", draw.zeebe("formDefinition", formId="tiny_register"), assigned)
    nodes = (draw.start(), register, draw.rule("rate_it", "tiny_rate", "rate"), draw.script("copy", note, "copied"))
    steps = draw.chain("s", "register", "rate_it", "copy", "look", "e")
    return draw.diagram(draw.process("tiny_main", *nodes, draw.user("look", assigned), draw.end(), steps))


def files(note: str = "=note") -> dict[str, bytes]:
    """The files of the procedure."""
    sheets = {"procedure.toml": SETTINGS, "roles.csv": ROLES, "clauses.csv": CLAUSES + CLAUSE, "variables.csv": VARIABLES}
    found = {"main.bpmn": diagram(note), "waiver.dmn": TABLES.encode(), "register.form": form("tiny_register", "note", "level")}
    return found | {name: text.encode() for name, text in sheets.items()}


def deploys_waiver(town: Town, note: str = "=note", active: bool = True) -> releases.Deployed:
    """Deploy the procedure `tiny`, and activate it unless told otherwise."""
    with town.store.writing() as db:
        deployed = releases.deploy(db, files(note), SEED)
        if active:
            releases.activate(db, deployed.release_key, SEED)
    return deployed
