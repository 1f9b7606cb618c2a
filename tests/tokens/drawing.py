"""Draws small diagrams as real `.bpmn` text, the way Camunda Modeler saves them (Camunda 8 profile, without the picture)."""

from __future__ import annotations

from itertools import count, pairwise
from xml.sax.saxutils import escape, quoteattr

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="Definitions_1" '
    'targetNamespace="http://bpmn.io/schema/bpmn" exporter="Camunda Modeler" exporterVersion="5.41.0" '
    'modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.9.0">\n'
)
_numbers = count(1)


def diagram(*parts: str) -> bytes:
    """A whole file from its processes, messages, errors …"""
    return (HEAD + "\n".join(parts) + "\n</bpmn:definitions>\n").encode()


def process(process_id: str, *parts: str, name: str = "") -> str:
    return element("process", process_id, *parts, name=name or process_id, isExecutable="true")


def element(tag: str, element_id: str | None = None, *body: str, **attributes: str) -> str:
    """Any BPMN element."""
    given = ({"id": element_id} if element_id else {}) | attributes
    return f"<bpmn:{tag}{_attributes(given)}>{''.join(body)}</bpmn:{tag}>"


def zeebe(tag: str, *body: str, **attributes: str) -> str:
    """Any extension of Camunda 8."""
    return f"<zeebe:{tag}{_attributes(attributes)}>{''.join(body)}</zeebe:{tag}>"


def extend(*body: str) -> str:
    return element("extensionElements", None, *body) if body else ""


# flows


def flow(source: str, target: str, condition: str | None = None, flow_id: str | None = None) -> str:
    formal = {"xsi:type": "bpmn:tFormalExpression"}
    text = element("conditionExpression", None, escape(condition), **formal) if condition else ""
    return element("sequenceFlow", flow_id or f"Flow_{next(_numbers)}", text, sourceRef=source, targetRef=target)


def chain(*ids: str) -> str:
    """Sequence flows from each id to the next; their ids are `a_b`."""
    return "".join(flow(a, b, flow_id=f"{a}_{b}") for a, b in pairwise(ids))


# nodes


def start(element_id: str = "s", *body: str, **attributes: str) -> str:
    return element("startEvent", element_id, *body, **attributes)


def end(element_id: str = "e", *body: str) -> str:
    return element("endEvent", element_id, *body)


def user(element_id: str, *extensions: str, body: str = "", **attributes: str) -> str:
    return element("userTask", element_id, extend("<zeebe:userTask />", *extensions), body, **attributes)


def script(element_id: str, expression: str, variable: str, *extensions: str) -> str:
    return element("scriptTask", element_id, extend(zeebe("script", expression=expression, resultVariable=variable), *extensions))


def rule(element_id: str, decision: str, variable: str) -> str:
    return element("businessRuleTask", element_id, extend(zeebe("calledDecision", decisionId=decision, resultVariable=variable)))


def service(element_id: str, job_type: str, *extensions: str, tag: str = "serviceTask", body: str = "", **attributes: str) -> str:
    return element(tag, element_id, extend(zeebe("taskDefinition", type=job_type), *extensions), body, **attributes)


def receive(element_id: str, message: str, *extensions: str) -> str:
    return element("receiveTask", element_id, extend(*extensions), messageRef=message)


def call(element_id: str, called: str, *extensions: str, propagate: bool = True, parent: bool = True, body: str = "") -> str:
    spread = {"propagateAllChildVariables": str(propagate).lower(), "propagateAllParentVariables": str(parent).lower()}
    target = zeebe("calledElement", processId=called, **spread)
    return element("callActivity", element_id, extend(target, *extensions), body)


def subprocess(element_id: str, *body: str, **attributes: str) -> str:
    return element("subProcess", element_id, *body, **attributes)


def event_subprocess(element_id: str, event: str, inside: str = "", interrupting: bool = False, steps: tuple[str, ...] = ()) -> str:
    """An event subprocess whose start, task and end are `<id>_s`, `<id>_u`, `<id>_e` (or other `steps` between)."""
    first, last = f"{element_id}_s", f"{element_id}_e"
    inside = inside or user(f"{element_id}_u")
    middle = steps or (f"{element_id}_u",)
    begin = start(first, event, isInterrupting=str(interrupting).lower())
    return subprocess(element_id, begin, inside, end(last), chain(first, *middle, last), triggeredByEvent="true")


def exclusive(element_id: str, default: str | None = None) -> str:
    return element("exclusiveGateway", element_id, **({"default": default} if default else {}))


def parallel(element_id: str) -> str:
    return element("parallelGateway", element_id)


def inclusive(element_id: str, default: str | None = None) -> str:
    return element("inclusiveGateway", element_id, **({"default": default} if default else {}))


def event_gateway(element_id: str) -> str:
    return element("eventBasedGateway", element_id)


def boundary(element_id: str, host: str, event: str, *extensions: str, interrupting: bool = False) -> str:
    return element("boundaryEvent", element_id, extend(*extensions), event, attachedToRef=host, cancelActivity=str(interrupting).lower())


def catch(element_id: str, event: str, *extensions: str) -> str:
    return element("intermediateCatchEvent", element_id, extend(*extensions), event)


def throw(element_id: str, event: str, *extensions: str) -> str:
    return element("intermediateThrowEvent", element_id, extend(*extensions), event)


# events and what they refer to


def duration(text: str) -> str:
    return _timer("timeDuration", text)


def date(text: str) -> str:
    return _timer("timeDate", text)


def cycle(text: str) -> str:
    return _timer("timeCycle", text)


def message(element_id: str, name: str, key: str = "=caseNumber") -> str:
    """The definition of a message."""
    return element("message", element_id, extend(zeebe("subscription", correlationKey=key)) if key else "", name=name)


def on_message(reference: str) -> str:
    return element("messageEventDefinition", None, messageRef=reference)


def on_signal(reference: str) -> str:
    return element("signalEventDefinition", None, signalRef=reference)


def on_error(reference: str | None = None) -> str:
    return element("errorEventDefinition", None, **({"errorRef": reference} if reference else {}))


def on_escalation(reference: str | None = None) -> str:
    return element("escalationEventDefinition", None, **({"escalationRef": reference} if reference else {}))


def on_condition(text: str) -> str:
    return element("conditionalEventDefinition", None, element("condition", None, escape(text)))


def link(name: str) -> str:
    return element("linkEventDefinition", None, name=name)


TERMINATE = "<bpmn:terminateEventDefinition />"
SIGNAL = '<bpmn:signal id="Signal_1" name="alarm" />'
ESCALATION = '<bpmn:escalation id="Escalation_1" name="up" escalationCode="UP" />'
OTHER_ESCALATION = '<bpmn:escalation id="Escalation_2" name="other" escalationCode="OTHER" />'
ERROR = '<bpmn:error id="Error_1" name="bad" errorCode="BAD" />'


# extensions


def mapping(inputs: dict[str, str] | None = None, outputs: dict[str, str] | None = None) -> str:
    """Input and output mappings, target → source."""
    lines = [zeebe("input", source=s, target=t) for t, s in (inputs or {}).items()]
    return zeebe("ioMapping", *lines, *[zeebe("output", source=s, target=t) for t, s in (outputs or {}).items()])


def due(text: str) -> str:
    return zeebe("taskSchedule", dueDate=text)


def each(collection: str, item: str, results: str = "", result: str = "", until: str = "", one_by_one: bool = False) -> str:
    """A multi-instance marker."""
    output = {"outputCollection": results, "outputElement": result} if results else {}
    condition = element("completionCondition", None, escape(until)) if until else ""
    loop = zeebe("loopCharacteristics", inputCollection=collection, inputElement=item, **output)
    return element("multiInstanceLoopCharacteristics", None, extend(loop), condition, isSequential=str(one_by_one).lower())


def _timer(tag: str, text: str) -> str:
    return element("timerEventDefinition", None, f'<bpmn:{tag} xsi:type="bpmn:tFormalExpression">{escape(text)}</bpmn:{tag}>')


def _attributes(given: dict[str, str]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in given.items())
