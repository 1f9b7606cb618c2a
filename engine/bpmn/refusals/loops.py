"""Multi-instance markers."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.data import Process
from engine.bpmn.finding import about
from engine.model import Finding


def multi_instance(process: Process) -> Iterator[Finding]:
    """A multi-instance has a collection; an output collection comes with its element."""
    for element in process.elements.values():
        loop = element.loop
        if loop is None:
            continue
        if not loop.input_collection:
            zh = "多实例没有集合。请填写“Input collection”，例如 =people。"
            en = "The multi-instance has no collection. Fill in “Input collection”, for example =people."
            yield about(process, element, "multiInstance", zh, en)
        if bool(loop.output_collection) != bool(loop.output_element):
            zh = "多实例的“Output collection”和“Output element”要同时填写。"
            en = "“Output collection” and “Output element” of a multi-instance go together. Fill in both or none."
            yield about(process, element, "multiInstance", zh, en)
