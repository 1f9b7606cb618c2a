"""Elements of BPMN that mean nothing here, or that no complaint procedure should hide its work in."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn import extensions
from engine.bpmn.data import Process
from engine.bpmn.events import event_nodes
from engine.bpmn.finding import at_node
from engine.bpmn.reading import flow_nodes
from engine.bpmn.xml import BPMN, Node, child, children, local
from engine.model import Finding, Severity

NODES: dict[str, tuple[str, str]] = {
    "complexGateway": (
        "不支持复杂网关。请改用包容网关或排他网关，并在连线上写条件。",
        "Complex gateways are not supported. Draw an inclusive or exclusive gateway with conditions on its flows.",
    ),
    "transaction": (
        "不支持事务子流程。请改画普通子流程，用错误边界事件处理失败。",
        "Transactions are not supported. Draw an ordinary subprocess with an error boundary event for what may fail.",
    ),
    "adHocSubProcess": (
        "不支持即席子流程。请改画普通子流程，用包容网关选择要做的任务。",
        "Ad hoc subprocesses are not supported. Draw an ordinary subprocess with an inclusive gateway that chooses the tasks.",
    ),
}
DEFINITIONS: dict[str, tuple[str, str]] = {
    "compensate": (
        "不支持补偿。请把撤销步骤画成普通任务，用错误或消息边界事件引到它。",
        "Compensation is not supported. Draw the undoing as ordinary tasks, reached by an error or message boundary event.",
    ),
    "cancel": (
        "不支持取消事件。请改用错误结束事件和错误边界事件。",
        "Cancel events are not supported. Draw an error end event and an error boundary event.",
    ),
}


def executable(file_name: str, root: Node) -> Iterator[Finding]:
    """A file must hold a process that may run."""
    if not any(node.get("isExecutable") == "true" for node in children(root, "process")):
        yield Finding(
            rule="bpmn.executable",
            zh="文件里没有可执行的流程。请在 Camunda Modeler 的属性面板勾选“Executable”。",
            en="The file holds no executable process. Tick “Executable” in the properties panel of Camunda Modeler.",
            file=file_name,
        )


def nodes(process: Process, node: Node) -> Iterator[Finding]:
    """Flow nodes without a meaning here."""
    for item, _scope in flow_nodes(node):
        if local(item) in NODES:
            yield at_node(process, item, local(item), *NODES[local(item)])


def markers(process: Process, node: Node) -> Iterator[Finding]:
    """Markers on activities: standard loop and compensation."""
    for item, _scope in flow_nodes(node):
        if child(item, "standardLoopCharacteristics") is not None:
            yield at_node(
                process,
                item,
                "standardLoop",
                "不支持标准循环标记。请用排他网关画出回到该任务的连线，或使用多实例。",
                "The standard loop marker is not supported. Draw a flow back to the task, or use multi-instance.",
            )
        if item.get("isForCompensation") == "true":
            yield at_node(process, item, "compensate", *DEFINITIONS["compensate"])


def event_definitions(process: Process, node: Node) -> Iterator[Finding]:
    """Events with several definitions, and kinds that do not exist here."""
    for item, _scope in flow_nodes(node):
        found = event_nodes(item)
        if len(found) > 1 or item.get("parallelMultiple") == "true":
            yield at_node(
                process,
                item,
                "severalEvents",
                "一个事件只能有一个定义。请每个定义画一个事件（边界事件可以并列多个）。",
                "An event may have one definition only. Draw one event for each (several boundary events may sit on one task).",
            )
        for definition in found:
            kind = local(definition).removesuffix("EventDefinition")
            if kind in DEFINITIONS:
                yield at_node(process, item, kind, *DEFINITIONS[kind])


def data_stores(process: Process, node: Node) -> Iterator[Finding]:
    """Data stores look as if something were kept there."""
    for item in node.iter(BPMN + "dataStoreReference"):
        yield at_node(
            process,
            item,
            "dataStore",
            "不支持数据存储。案件的数据都在变量里；如需说明，请改用文本注释。",
            "Data stores are not supported. A case keeps its data in variables; draw a text annotation if it is meant as a remark.",
        )


def listeners(process: Process, node: Node) -> Iterator[Finding]:
    """Listeners of Camunda 8 are not called: said, not refused."""
    for item, _scope in flow_nodes(node):
        for name in ("executionListeners", "taskListeners"):
            if extensions.find(item, name) is not None:
                zh = f"监听器（{name}）不会被调用。需要执行的工作请画成服务任务。"
                en = f"Listeners ({name}) are not called. Draw work to be done as a service task."
                yield at_node(process, item, "listeners", zh, en, Severity.WARNING)
