"""Everything the engine cannot run is refused when the file is read, with the element, its name and what to draw instead.

One line of `REFUSED` per refusal: what is drawn, which element is named, which rule speaks, and words of the advice.
"""

from __future__ import annotations

import pytest

from engine import bpmn
from engine.model import Severity
from tests.tokens.drawing import (
    ERROR,
    ESCALATION,
    SIGNAL,
    boundary,
    call,
    catch,
    chain,
    cycle,
    date,
    diagram,
    duration,
    each,
    element,
    end,
    event_gateway,
    event_subprocess,
    exclusive,
    flow,
    link,
    mapping,
    message,
    on_condition,
    on_error,
    on_escalation,
    on_message,
    on_signal,
    parallel,
    process,
    receive,
    rule,
    script,
    service,
    start,
    subprocess,
    throw,
    user,
)

KNOWN = SIGNAL + ERROR + ESCALATION + message("m", "answer") + message("keyless", "anyone", "") + message("nameless", "")
COMPENSATE = element("compensateEventDefinition")


def around(*nodes: str, through: str = "x") -> str:
    """A process with a start, `through` and an end in a row, and whatever else is drawn."""
    return process("p", start(), *nodes, end(), chain("s", through, "e"))


def inside(*nodes: str, first: str = "is") -> str:
    return around(subprocess("x", *nodes, end("ie"), chain(first, "ie")))


REFUSED: dict[str, tuple[str, str, str, str]] = {
    # the notes on SpiffWorkflow, section 7
    "compensation boundary": (around(user("x"), boundary("b", "x", COMPENSATE)), "b", "compensate", "撤销步骤画成普通任务"),
    "compensation throw": (around(throw("x", COMPENSATE)), "x", "compensate", "撤销步骤"),
    "compensation end": (process("p", start(), end("x", COMPENSATE), chain("s", "x")), "x", "compensate", "撤销步骤"),
    "compensation marker": (around(user("x", isForCompensation="true")), "x", "compensate", "撤销步骤"),
    "transaction": (around(element("transaction", "x", start("is"))), "x", "transaction", "普通子流程"),
    "cancel event": (process("p", start(), end("x", element("cancelEventDefinition")), chain("s", "x")), "x", "cancel", "错误结束事件"),
    "ad hoc subprocess": (around(element("adHocSubProcess", "x", user("u"))), "x", "adHocSubProcess", "普通子流程"),
    "complex gateway": (around(element("complexGateway", "x")), "x", "complexGateway", "包容网关或排他网关"),
    "standard loop": (around(user("x", body="<bpmn:standardLoopCharacteristics />")), "x", "standardLoop", "连线"),
    "several definitions": (around(catch("x", on_message("m") + duration("P1D"))), "x", "severalEvents", "每个定义画一个事件"),
    "data store": (around(user("x"), '<bpmn:dataStoreReference id="d" name="台账" />'), "d", "dataStore", "文本注释"),
    "event gateway to a task": (
        process(
            "p", start(), event_gateway("g"), catch("c", on_message("m")), user("u"), chain("s", "g", "c"), flow("g", "u", flow_id="x")
        ),
        "x",
        "eventGateway",
        "捕获事件",
    ),
    "event gateway with one event": (
        process("p", start(), event_gateway("x"), catch("c", on_message("m")), chain("s", "x", "c")),
        "x",
        "eventGateway",
        "至少要有两个事件",
    ),
    "event gateway whose event is entered elsewhere": (
        process(
            "p",
            start(),
            event_gateway("g"),
            catch("c", on_message("m")),
            catch("t", duration("P1D")),
            user("u"),
            chain("s", "g", "c"),
            flow("g", "t", flow_id="x"),
            chain("c", "u", "t"),
        ),
        "x",
        "eventGateway",
        "别的进入连线",
    ),
    "two none starts": (process("p", start(), start("x"), end(), chain("s", "e"), chain("x", "e")), "x", "severalStarts", "删去多余的"),
    "two none starts inside": (inside(start("is"), start("i2"), chain("i2", "ie")), "i2", "severalStarts", "删去多余的"),
    "event subprocess without event": (around(user("x"), event_subprocess("ev", "")), "ev", "eventSubprocessStart", "只有一个带事件"),
    "event subprocess with two starts": (
        around(user("x"), event_subprocess("ev", on_message("m"), start("ev2", on_signal("Signal_1")) + user("ev_u"))),
        "ev",
        "eventSubprocessStart",
        "只有一个带事件",
    ),
    "link without catch": (process("p", start(), throw("x", link("L")), chain("s", "x")), "x", "link", "同名的链接捕获事件"),
    "two links of one name": (
        process("p", start(), throw("t", link("L")), catch("x", link("L")), catch("y", link("L")), chain("s", "t")),
        "x",
        "link",
        "改名",
    ),
    "a call of itself": (around(call("x", "p")), "x", "callCycle", "连线代替"),
    "a call of itself through another": (
        around(call("x", "q")) + process("q", start("qs"), call("qc", "p"), end("qe"), chain("qs", "qc", "qe")),
        "x",
        "callCycle",
        "连线代替",
    ),
    "too many nodes": (process("p", start(), *(user(f"u{i}") for i in range(400)), end()), "p", "size", "拆成几个流程"),
    "too many nodes in all scopes": (
        process("p", start(), *(subprocess(f"x{i}", start(f"s{i}"), *(user(f"u{i}_{k}") for k in range(300))) for i in range(4)), end()),
        "p",
        "size",
        "拆成几个流程",
    ),
    "reserved id Start": (around(user("Start"), through="Start"), "Start", "reservedId", "改成"),
    "reserved id End": (around(user("End"), through="End"), "End", "reservedId", "改成"),
    "reserved id EndJoin": (around(user("p.EndJoin"), through="p.EndJoin"), "p.EndJoin", "reservedId", "改成"),
    "reserved suffix __w": (around(user("a__w"), through="a__w"), "a__w", "reservedId", "改成"),
    "reserved suffix __body": (around(user("a__body"), through="a__body"), "a__body", "reservedId", "改成"),
    "reserved suffix [child]": (around(user("a [child]"), through="a [child]"), "a [child]", "reservedId", "改成"),
    "reserved suffix BoundaryEventSplit": (
        around(user("a.BoundaryEventSplit"), through="a.BoundaryEventSplit"),
        "a.BoundaryEventSplit",
        "reservedId",
        "改成",
    ),
    "two flows into one join": (
        process(
            "p",
            start(),
            parallel("f"),
            user("a"),
            parallel("j"),
            end(),
            chain("s", "f", "a", "j", "e"),
            flow("f", "j", flow_id="x"),
            flow("f", "j", flow_id="y"),
        ),
        "x",
        "doubledFlow",
        "只留一条",
    ),
    "branches of a choice into a parallel join": (
        process(
            "p",
            start(),
            exclusive("g", default="no"),
            user("a"),
            user("b"),
            parallel("x"),
            end(),
            chain("s", "g"),
            flow("g", "a", "=yes"),
            flow("g", "b", flow_id="no"),
            chain("a", "x", "e"),
            chain("b", "x"),
        ),
        "x",
        "deadlock",
        "排他网关",
    ),
    "condition that is no FEEL": (
        process(
            "p",
            start(),
            exclusive("g", default="d"),
            end(),
            end("e2"),
            chain("s", "g"),
            flow("g", "e", "${ok}", "x"),
            flow("g", "e2", flow_id="d"),
        ),
        "x",
        "condition",
        "以“=”开头",
    ),
    "duration that is none": (around(catch("x", duration("5 minutes"))), "x", "timer", "PT2H"),
    "date that is none": (around(catch("x", date("tomorrow"))), "x", "timer", "2026-12-01"),
    "cycle that is none": (around(user("u"), boundary("x", "u", cycle("every hour")), through="u"), "x", "timer", "R3/PT1H"),
    "timer without value": (around(catch("x", element("timerEventDefinition"))), "x", "timerValue", "日期、时长或周期"),
    "unknown message": (around(catch("x", on_message("nowhere"))), "x", "reference", "选择或新建消息"),
    # what else would fail later, or never do what it looks like
    "message without name": (around(catch("x", on_message("nameless"))), "x", "reference", "填写名称"),
    "message without key": (around(receive("x", "keyless")), "x", "correlation", "=caseNumber"),
    "unknown signal": (around(catch("x", on_signal("nowhere"))), "x", "reference", "信号"),
    "error without code": (process("p", start(), end("x", on_error("nowhere")), chain("s", "x")), "x", "reference", "填写代码"),
    "escalation without code": (around(throw("x", on_escalation())), "x", "reference", "填写代码"),
    "condition without text": (around(catch("x", on_condition(""))), "x", "reference", "条件"),
    "catch event without event": (around(catch("x", "")), "x", "noEvent", "扳手图标"),
    "error as intermediate event": (around(throw("x", on_error("Error_1"))), "x", "eventPosition", "此处可用"),
    "signal start of a case": (process("p", start("x", on_signal("Signal_1")), end(), chain("x", "e")), "x", "eventPosition", "定时"),
    "error that does not interrupt": (
        around(user("u"), boundary("x", "u", on_error("Error_1")), through="u"),
        "x",
        "errorInterrupts",
        "上报",
    ),
    "cycle that can happen once": (around(catch("x", cycle("R3/PT1H"))), "x", "timerCycle", "日期或时长"),
    "cycle that interrupts": (
        around(user("u"), boundary("x", "u", cycle("R/PT1H"), interrupting=True), through="u"),
        "x",
        "timerCycle",
        "非中断",
    ),
    "boundary event on a gateway": (
        around(exclusive("g"), boundary("x", "g", duration("P1D")), through="g"),
        "x",
        "boundaryHost",
        "拖到活动的边上",
    ),
    "no start": (process("p", user("a"), end(), chain("a", "e")), "p", "noStart", "请画一个"),
    "subprocess started by a message": (inside(start("is", on_message("m"))), "x", "subprocessStart", "事件子流程"),
    "event subprocess in a flow": (
        process("p", start(), event_subprocess("x", on_message("m")), end(), chain("s", "x", "e")),
        "x",
        "eventSubprocessFlow",
        "删去",
    ),
    "loose flow": (process("p", start(), end(), chain("s", "e"), flow("s", "gone", flow_id="x")), "x", "looseFlow", "重新连接"),
    "flow into a subprocess": (
        around(subprocess("x", start("is"), user("u"), chain("is", "u")), flow("s", "u", flow_id="f")),
        "f",
        "crossingFlow",
        "子流程本身",
    ),
    "flow into a start": (around(user("x"), flow("x", "s", flow_id="f")), "f", "direction", "改变连线方向"),
    "flow out of an end": (around(user("x"), flow("e", "x", flow_id="f")), "f", "direction", "中间事件"),
    "choice without condition": (
        process("p", start(), exclusive("g"), end(), end("e2"), chain("s", "g"), flow("g", "e", "=ok"), flow("g", "e2", flow_id="x")),
        "x",
        "noCondition",
        "默认连线",
    ),
    "default of another node": (
        process("p", start(), exclusive("x", default="s_x"), end(), chain("s", "x", "e")),
        "x",
        "defaultFlow",
        "默认连线",
    ),
    "script without expression": (around(script("x", "", "r")), "x", "incomplete", "FEEL"),
    "script without result": (around(script("x", "=1", "")), "x", "incomplete", "结果变量"),
    "decision without id": (around(rule("x", "", "r")), "x", "incomplete", "决策编号"),
    "decision without result": (around(rule("x", "d", "")), "x", "incomplete", "结果变量"),
    "service without type": (around(service("x", "")), "x", "incomplete", "类型"),
    "receive without message": (around(element("receiveTask", "x")), "x", "incomplete", "消息"),
    "send without anything": (around(element("sendTask", "x")), "x", "incomplete", "其中之一"),
    "call without process": (around(call("x", "")), "x", "incomplete", "Process ID"),
    "call of nobody": (around(call("x", "nowhere")), "x", "calledProcess", "一起部署"),
    "call of a process with event starts only": (
        around(call("x", "q"))
        + process("q", start("qs", on_message("m")), start("qt", cycle("R/P1M")), end("qe"), chain("qs", "qe"), chain("qt", "qe")),
        "x",
        "calledProcess",
        "无事件的开始事件",
    ),
    "bad variable name": (around(user("x", mapping({"a-b": "=1"}))), "x", "variableName", "变量名"),
    "multi-instance without collection": (around(user("x", body=each("", "i"))), "x", "multiInstance", "Input collection"),
    "multi-instance without zeebe": (around(user("x", body="<bpmn:multiInstanceLoopCharacteristics />")), "x", "multiInstance", "集合"),
    "multi-instance with half an output": (around(user("x", body=each("=[1]", "i", "all", ""))), "x", "multiInstance", "同时填写"),
    "bad FEEL in a script": (around(script("x", "=1 +", "r")), "x", "feel", "有误"),
    "script that is no FEEL": (around(script("x", "1 + 1", "r")), "x", "feel", "以“=”开头"),
    "bad FEEL in a mapping": (around(user("x", mapping({"a": "=(1"}))), "x", "feel", "有误"),
    "bad FEEL in a collection": (around(user("x", body=each("=[1", "i"))), "x", "feel", "有误"),
    "duplicate element id": (around(user("x"), script("x", "=1", "r")), "x", "duplicateId", "不同的编号"),
    "duplicate process id": (around(user("x")) + around(user("x")), "p", "duplicateProcess", "不同的编号"),
    "nothing executable": (element("process", "p", start()), "", "executable", "Executable"),
}


@pytest.mark.parametrize("drawn", REFUSED)
def test_a_diagram_is_refused_with_the_element_and_what_to_draw_instead(drawn):
    parts, element_id, rule_name, advice = REFUSED[drawn]
    with pytest.raises(bpmn.Refused) as refused:
        bpmn.read({"投诉.bpmn": diagram(KNOWN, parts)})
    finding = next(f for f in refused.value.findings if f.rule == f"bpmn.{rule_name}" and f.element == element_id)
    assert finding.file == "投诉.bpmn" and finding.severity is Severity.ERROR
    assert advice in finding.zh and finding.en and finding.en != finding.zh
    assert finding.line or not element_id


def test_all_findings_of_all_files_come_at_once():
    first = diagram(process("p", start(), element("complexGateway", "g"), script("x", "=(", "r"), chain("s", "g", "x")))
    with pytest.raises(bpmn.Refused) as refused:
        bpmn.read({"a.bpmn": first, "b.bpmn": b"<no", "c.bpmn": diagram(process("q", end("e")))})
    assert {(f.file, f.rule) for f in refused.value.findings} == {
        ("a.bpmn", "bpmn.complexGateway"),
        ("a.bpmn", "bpmn.feel"),
        ("b.bpmn", "bpmn.xml"),
        ("c.bpmn", "bpmn.noStart"),
    }
    assert "a.bpmn:g" in str(refused.value) and "complex gateway" in refused.value.text("en").lower()


def test_what_may_run_but_deserves_a_look_is_a_warning():
    listened = user("u", "<zeebe:taskListeners><zeebe:taskListener /></zeebe:taskListeners>")
    drawn = process("p", start(), listened, call("c", "q", propagate=False), end(), chain("s", "u", "c", "e"))
    processes = bpmn.read({"a.bpmn": diagram(drawn, process("q", start("qs"), end("qe"), chain("qs", "qe")))})
    assert [(f.rule, f.element, f.severity) for f in processes.warnings] == [
        ("bpmn.listeners", "u", Severity.WARNING),
        ("bpmn.propagation", "c", Severity.WARNING),
    ]
