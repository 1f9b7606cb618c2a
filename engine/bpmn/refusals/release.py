"""What only shows when all processes are seen together: ids and calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from engine.bpmn.data import Element, Process
from engine.bpmn.finding import about
from engine.model import Finding, Severity


def process_ids(processes: Sequence[Process]) -> Iterator[Finding]:
    """Two processes with one id."""
    counted = Counter(process.id for process in processes)
    for process in processes:
        if counted[process.id] > 1:
            others = "、".join(sorted({p.file_name for p in processes if p.id == process.id}))
            zh = f"流程编号“{process.id}”重复（{others}）。请在属性面板改成不同的编号。"
            en = f"The process id “{process.id}” is used more than once ({others}). Give each process its own id."
            yield about(process, None, "duplicateProcess", zh, en)


def calls(processes: Sequence[Process]) -> Iterator[Finding]:
    """A called process is among the files and can be started without an event."""
    known = {process.id: process for process in processes}
    for process, element, called in _calls(processes):
        target = known.get(called)
        if target is None:
            zh = f"要调用的流程“{called}”不在这组文件里。请一起部署，或改正流程编号。"
            en = f"The called process “{called}” is not among these files. Deploy it with them, or correct the process id."
            yield about(process, element, "calledProcess", zh, en)
        elif len(target.starts) > 1 and all(start.event is not None for start in target.starts):
            zh = f"要调用的流程“{called}”没有无事件的开始事件。请在那里画一个。"
            en = f"The called process “{called}” has no start event without an event. Draw one there."
            yield about(process, element, "calledProcess", zh, en)


def cycles(processes: Sequence[Process]) -> Iterator[Finding]:
    """A process that calls itself, directly or through others."""
    graph: dict[str, set[str]] = {process.id: set() for process in processes}
    for process, _element, called in _calls(processes):
        graph[process.id].add(called)
    for process, element, called in _calls(processes):
        if process.id in _reached(graph, called):
            zh = f"流程“{process.id}”通过“{called}”又调用了自己。请用回到前面任务的连线代替。"
            en = f"The process “{process.id}” calls itself through “{called}”. Draw a flow back to the earlier task instead."
            yield about(process, element, "callCycle", zh, en)


def propagation(processes: Sequence[Process]) -> Iterator[Finding]:
    """Modeler switches propagation off on new call activities: then nothing entered inside comes back."""
    for process in processes:
        for element in process.elements.values():
            if element.kind == "callActivity" and not element.propagate_child and not element.outputs and element.loop is None:
                zh = "调用的流程里填写的内容都不会带回来。请勾选“Propagate all variables”或填写输出映射。"
                en = "Nothing entered in the called process comes back. Tick “Propagate all variables”, or map outputs."
                yield about(process, element, "propagation", zh, en, Severity.WARNING)


def _calls(processes: Sequence[Process]) -> Iterator[tuple[Process, Element, str]]:
    for process in processes:
        for element in process.elements.values():
            called = element.called_process
            if element.kind == "callActivity" and called and not called.startswith("="):
                yield process, element, called


def _reached(graph: dict[str, set[str]], start: str) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        for called in graph.get(waiting.pop(), ()):
            if called not in found:
                found.add(called)
                waiting.append(called)
    return found
