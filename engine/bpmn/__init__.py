"""Camunda Modeler's diagrams (Camunda 8 profile): read safely, refused with reasons, turned into runnable specs.

`read` is the door. SpiffWorkflow is imported here and in `engine.runtime` only.
"""

from engine.bpmn.data import Element, Event, Flow, IoMapping, Loop, Process
from engine.bpmn.errors import Refused, UnknownProcess
from engine.bpmn.processes import Processes
from engine.bpmn.read import FUNCTIONS, read

__all__ = ["FUNCTIONS", "Element", "Event", "Flow", "IoMapping", "Loop", "Process", "Processes", "Refused", "UnknownProcess", "read"]
