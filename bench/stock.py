"""The floor: the same diagrams moved by SpiffWorkflow alone, in memory, with nothing stored.

SpiffWorkflow does not read Camunda 8 files, so FEEL conditions and scripts are put into its Python, called processes
into its attribute, timers are left out, and decisions become scripts with a fixed answer.
"""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
ANSWERS = {"set_level": "level = 'general'", "closing_check": "missing = []"}


def _python(condition: str) -> str:
    text = condition.strip().removeprefix("=").replace("count(", "len(").replace("true", "True").replace("null", "None")
    return re.sub(r"(?<![<>!=])=(?!=)", "==", text)


def translate(data: bytes) -> bytes:
    """Return a diagram of ours as SpiffWorkflow's own dialect."""
    root = etree.fromstring(data)
    gone = set()
    for node in list(root.iter(f"{{{BPMN}}}boundaryEvent")):
        gone.add(node.get("id"))
        node.getparent().remove(node)
    for node in list(root.iter(f"{{{BPMN}}}sequenceFlow")):
        if node.get("sourceRef") in gone:
            node.getparent().remove(node)
    for node in root.iter(f"{{{BPMN}}}businessRuleTask", f"{{{BPMN}}}serviceTask", f"{{{BPMN}}}scriptTask"):
        node.tag = f"{{{BPMN}}}scriptTask"
        etree.SubElement(node, f"{{{BPMN}}}script").text = ANSWERS.get(node.get("id", ""), "pass")
    for node in root.iter(f"{{{BPMN}}}callActivity"):
        node.set("calledElement", node.find(f".//{{{ZEEBE}}}calledElement").get("processId"))
    for node in root.iter(f"{{{BPMN}}}conditionExpression"):
        node.text = _python(node.text or "")
    for node in list(root.iter(f"{{{BPMN}}}escalationEventDefinition")):
        node.getparent().remove(node)
    return etree.tostring(root)


def completions(folder: Path, data: dict[str, Any], rounds: int) -> list[float]:
    """Return the CPU seconds of each completion of `rounds` cases, from the completed task to the next ones at rest."""
    parser = BpmnParser()
    for path in sorted(folder.glob("*.bpmn")):
        parser.add_bpmn_str(translate(path.read_bytes()), filename=path.name)
    main = f"{folder.name.replace('-', '_')}_main"
    spec, subs = parser.get_spec(main), parser.get_subprocess_specs(main)
    taken: list[float] = []
    for _ in range(rounds):
        workflow = BpmnWorkflow(spec, subs)
        workflow.task_tree.data.update(data)
        workflow.do_engine_steps()
        while not workflow.completed:
            task = workflow.get_tasks(state=TaskState.READY, manual=True)[0]
            start = time.process_time()
            task.data.update({"seen": task.task_spec.name})
            task.run()
            workflow.do_engine_steps()
            taken.append(time.process_time() - start)
    return taken
