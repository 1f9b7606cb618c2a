"""Plain SpiffWorkflow in memory, for those diagrams that it runs rightly: it must come to the same marking as ours.

The dialect they share: user and script tasks, exclusive and parallel gateways, loops, embedded subprocesses, call activities.
SpiffWorkflow keeps data in its tasks and loses some at joins, so a variable is read only on the path that wrote it. In the second
round of a loop its parallel join lets the first token pass, so a loop holds no parallel gateway but inside a subprocess or call.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field

from hypothesis import strategies as st
from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from tests.tokens import drawing as d
from tests.tokens.random_diagrams import Block

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
ROUNDS = 2  # of each loop: beyond some hundred SpiffWorkflow fails


class Stock:
    """The same diagram and variables in SpiffWorkflow alone."""

    def __init__(self, file: bytes, variables: dict[str, object]) -> None:
        parser = BpmnParser()
        with warnings.catch_warnings(action="ignore"):
            parser.add_bpmn_str(_translated(file), filename="test.bpmn")
            self.workflow = BpmnWorkflow(parser.get_spec("p"), parser.get_subprocess_specs("p"))
        self.workflow.task_tree.data.update(variables)
        self.workflow.do_engine_steps()

    @property
    def marking(self) -> list[str]:
        """The element ids of the open tasks, sorted."""
        return sorted(task.task_spec.name for task in self.workflow.get_tasks(state=TaskState.READY, manual=True))

    @property
    def completed(self) -> bool:
        return bool(self.workflow.completed)

    def complete(self, element_id: str) -> None:
        open_tasks = self.workflow.get_tasks(state=TaskState.READY, manual=True)
        next(task for task in open_tasks if task.task_spec.name == element_id).run()
        self.workflow.do_engine_steps()


def _translated(file: bytes) -> bytes:
    """Return our diagram in SpiffWorkflow's dialect: Python for FEEL, attributes for zeebe's extensions."""
    root = etree.fromstring(file)
    for node in root.iter(f"{BPMN}scriptTask"):
        script = next(node.iter(f"{ZEEBE}script"))
        etree.SubElement(node, f"{BPMN}script").text = f"{script.get('resultVariable')} = {script.get('expression')[1:]}"
    for node in root.iter(f"{BPMN}callActivity"):
        node.set("calledElement", next(node.iter(f"{ZEEBE}calledElement")).get("processId"))
    for node in root.iter(f"{BPMN}conditionExpression"):
        node.text = node.text.removeprefix("=")
    return etree.tostring(root)


@dataclass
class Sheet:
    """Where the blocks of all processes are drawn, with the variables their gateways read."""

    processes: list[str] = field(default_factory=list)
    variables: dict[str, object] = field(default_factory=dict)
    count: int = 0
    in_loop: bool = False

    def name(self, letter: str) -> str:
        self.count += 1
        return f"{letter}{self.count}"


@st.composite
def shared_diagrams(draw: st.DrawFn) -> tuple[bytes, dict[str, object]]:
    """A file whose process is `p`, and the variables to start it with."""
    sheet = Sheet()
    _process(draw, sheet, "p", 4)
    return d.diagram(*sheet.processes), sheet.variables


def _process(draw: st.DrawFn, sheet: Sheet, process_id: str, depth: int) -> None:
    sheet.processes.append(d.process(process_id, _scope(draw, sheet, depth)))


def _scope(draw: st.DrawFn, sheet: Sheet, depth: int) -> str:
    begin, body, finish = sheet.name("s"), _looped(draw, sheet, depth, False), sheet.name("e")
    return d.start(begin) + body.xml + d.end(finish) + d.chain(begin, body.first) + d.chain(body.last, finish)


def _block(draw: st.DrawFn, sheet: Sheet, depth: int) -> Block:
    branches = [_row, _row, _choice, _again, _inside, _called] if depth > 0 else []
    branches += [_both, _both] if depth > 0 and not sheet.in_loop else []
    return draw(st.sampled_from([_task, *branches]))(draw, sheet, depth - 1)


def _looped(draw: st.DrawFn, sheet: Sheet, depth: int, in_loop: bool) -> Block:
    before, sheet.in_loop = sheet.in_loop, in_loop
    body = _block(draw, sheet, depth)
    sheet.in_loop = before
    return body


def _task(_draw: st.DrawFn, sheet: Sheet, _depth: int) -> Block:
    name = sheet.name("u")
    return Block(d.user(name), name, name)


def _row(draw: st.DrawFn, sheet: Sheet, depth: int) -> Block:
    a, b = _block(draw, sheet, depth), _block(draw, sheet, depth)
    return Block(a.xml + b.xml + d.chain(a.last, b.first), a.first, b.last)


def _choice(draw: st.DrawFn, sheet: Sheet, depth: int) -> Block:
    split, meet, flag, default = sheet.name("x"), sheet.name("m"), sheet.name("flag"), sheet.name("f")
    a, b = _block(draw, sheet, depth), _block(draw, sheet, depth)
    sheet.variables[flag] = draw(st.booleans())
    flows = d.flow(split, a.first, f"={flag}") + d.flow(split, b.first, flow_id=default)
    meeting = d.exclusive(meet) + d.chain(a.last, meet) + d.chain(b.last, meet)
    return Block(d.exclusive(split, default) + a.xml + b.xml + flows + meeting, split, meet)


def _both(draw: st.DrawFn, sheet: Sheet, depth: int) -> Block:
    split, meet = sheet.name("g"), sheet.name("j")
    xml = d.parallel(split) + d.parallel(meet)
    for _ in range(draw(st.integers(2, 3))):
        body = _block(draw, sheet, depth)
        xml += body.xml + d.chain(split, body.first) + d.chain(body.last, meet)
    return Block(xml, split, meet)


def _again(draw: st.DrawFn, sheet: Sheet, depth: int) -> Block:
    """A loop of its own counter, which begins anew each time the loop is entered."""
    zero, head, more, gate, default, after = (sheet.name(letter) for letter in ("z", "m", "c", "x", "f", "m"))
    body, counter = _looped(draw, sheet, depth, True), sheet.name("n")
    sheet.variables[counter] = 0
    xml = d.script(zero, "=0", counter) + d.exclusive(head) + body.xml + d.script(more, f"={counter} + 1", counter)
    xml += d.exclusive(gate, default) + d.exclusive(after) + d.chain(zero, head, body.first) + d.chain(body.last, more, gate)
    back = d.flow(gate, head, f"={counter} < {ROUNDS}") + d.flow(gate, after, flow_id=default)
    return Block(xml + back, zero, after)


def _inside(draw: st.DrawFn, sheet: Sheet, depth: int) -> Block:
    name = sheet.name("p")
    return Block(d.subprocess(name, _scope(draw, sheet, depth)), name, name)


def _called(draw: st.DrawFn, sheet: Sheet, depth: int) -> Block:
    name, process_id = sheet.name("a"), sheet.name("q")
    _process(draw, sheet, process_id, depth)
    return Block(d.call(name, process_id), name, name)
