"""What we rely on in SpiffWorkflow beyond its public surface: one test per private name, and the pinned version.

When one of these fails after an update, read the library's change before touching our node kinds.
"""

from __future__ import annotations

import inspect
import re
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace

import pytest
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

ENGINE = Path(__file__).parents[2] / "engine"


class Recorder(BpmnSpecMixin):
    """A node that writes down which hooks the library calls."""

    def __init__(self, scope, name):
        super().__init__(scope, name)
        self.calls: list[str] = []
        self.may_run = True
        self.result: bool | None = True

    def test(self):
        self.calls.append("test")

    def _predict(self, *args, **options):
        self.calls.append("_predict")

    def _update_hook(self, task):
        self.calls.append("_update_hook")
        return self.may_run

    def _on_ready_hook(self, task):
        self.calls.append("_on_ready_hook")

    def _run_hook(self, task):
        self.calls.append("_run_hook")
        return self.result

    def _on_complete_hook(self, task):
        self.calls.append("_on_complete_hook")

    def _on_cancel(self, task):
        self.calls.append("_on_cancel")


@pytest.fixture
def node() -> Recorder:
    return Recorder(BpmnProcessSpec("p"), "n")


@pytest.fixture
def workflow(node) -> BpmnWorkflow:
    made = BpmnWorkflow(node._wf_spec, {}, script_engine=object(), deserializing=True)
    made.task_tree = Task(made, node._wf_spec.start, None, state=TaskState.COMPLETED, id=-1)
    return made


@pytest.fixture
def task(workflow, node) -> Task:
    return Task(workflow, node, workflow.task_tree, state=TaskState.FUTURE, id=17)


def test_the_version_is_pinned():
    assert version("SpiffWorkflow") == "3.2.0"
    assert '"SpiffWorkflow==3.2.0"' in (ENGINE.parent / "pyproject.toml").read_text()


def test_task_takes_our_integer_id_and_enters_the_dictionary_and_the_list_of_its_parent(workflow, task):
    assert workflow.tasks == {-1: workflow.task_tree, 17: task}
    assert task._parent == -1 and workflow.task_tree._children == [17] and task.children == []


def test_task_state_is_kept_in_state_and_changed_through_set_state_only(task):
    assert task._state == TaskState.FUTURE
    task._set_state(TaskState.WAITING)
    assert task._state == task.state == TaskState.WAITING
    source = inspect.getsource(Task)
    assert set(re.findall(r"self\._state = (\w+)", source)) == {"state", "value"}, "constructor and _set_state"


def test_task_ready_makes_it_ready_and_calls_the_hook(task, node):
    task._ready()
    assert task._state == TaskState.READY and node.calls == ["test", "_on_ready_hook"]


def test_taskspec_update_asks_update_hook_and_readies(task, node):
    node._update(task)
    assert node.calls == ["_update_hook", "test", "_on_ready_hook"]


def test_taskspec_update_hook_may_refuse(task, node):
    node.may_run = False
    node._update(task)
    assert task._state == TaskState.FUTURE


def test_task_run_calls_run_hook_and_completes(task, node):
    task._ready()
    node.calls.clear()
    assert task.run() is True
    assert task._state == TaskState.COMPLETED and node.calls == ["_run_hook", "_on_complete_hook"]


def test_task_run_with_none_leaves_it_started(task, node):
    node.result = None
    task._ready()
    assert task.run() is None and task._state == TaskState.STARTED
    task.complete()
    assert node.calls[-1] == "_on_complete_hook"


def test_task_run_marks_an_error_and_raises_it(task, node, monkeypatch):
    def fail(_task):
        raise ValueError("no")

    node._run_hook = fail
    task._ready()
    with pytest.raises(ValueError, match="no"):
        task.run()
    assert task._state == TaskState.ERROR


def test_task_cancel_calls_on_cancel_of_an_open_task(task, node):
    task.cancel()
    assert task._state == TaskState.CANCELLED and node.calls == ["_on_cancel"]


def test_on_complete_updates_open_children_only(workflow, task, node):
    child = Task(workflow, node, task, state=TaskState.FUTURE, id=18)
    done = Task(workflow, node, task, state=TaskState.COMPLETED, id=19)
    task._ready()
    task.run()
    assert child._state == TaskState.READY and done._state == TaskState.COMPLETED


def test_predict_is_never_called_by_what_we_use(task, node):
    node._update(task)
    task.run()
    assert "_predict" not in node.calls


def test_internal_data_is_a_plain_dictionary_and_data_stays_empty(task):
    task._ready()
    task.run()
    assert task.internal_data == {} and task.data == {}


def test_taskspec_knows_its_spec_as_wf_spec_and_registers_itself(node):
    assert node._wf_spec.task_specs["n"] is node and node.manual is False


def test_a_deserializing_workflow_has_no_tree_of_its_own(node):
    made = BpmnWorkflow(node._wf_spec, {}, script_engine=SimpleNamespace(), deserializing=True)
    assert made.tasks == {} and not hasattr(made, "task_tree") and made.completed is False


def test_the_script_engine_is_the_one_given_and_parts_have_the_same(workflow, task):
    part = BpmnSubWorkflow(BpmnProcessSpec("q"), task.id, workflow, deserializing=True)
    assert part.script_engine is workflow.script_engine and part.top_workflow is workflow


def test_parts_hang_in_a_dictionary_by_their_owner(workflow, task):
    assert workflow.subprocesses == {}
    part = BpmnSubWorkflow(BpmnProcessSpec("q"), task.id, workflow, deserializing=True)
    assert (part.parent_task_id, part.depth, part._calculate_depth()) == (17, 1, 1)


def test_after_each_task_the_library_asks_update_waiting_tasks_which_we_override(workflow, task):
    asked = []
    workflow.update_waiting_tasks = lambda: asked.append(True)
    task._ready()
    task.run()
    assert asked == [True] and workflow.last_task is task


def test_a_node_called_end_would_mark_the_workflow_complete_so_the_id_is_reserved(workflow):
    last = Recorder(workflow.spec, "Ende")
    last.name = "End"
    task = Task(workflow, last, workflow.task_tree, state=TaskState.FUTURE, id=20)
    task._ready()
    task.run()
    assert workflow.completed


def test_a_process_spec_has_parts_of_its_own_that_we_clear():
    spec = BpmnProcessSpec(name="p", filename="p.bpmn")
    assert set(spec.task_specs) == {"Start", "p.EndJoin", "End"} and spec.data_objects == {}


PRIVATE = {
    "_calculate_depth",
    "_children",
    "_on_cancel",
    "_on_complete_hook",
    "_on_ready_hook",
    "_parent",
    "_predict",
    "_ready",
    "_run_hook",
    "_set_state",
    "_state",
    "_update",
    "_update_hook",
}


def test_no_other_private_name_of_the_library_is_touched():
    theirs = {name for kind in (Task, TaskSpec, BpmnSpecMixin, BpmnWorkflow, BpmnSubWorkflow, BpmnProcessSpec) for name in dir(kind)}
    theirs |= {"_state", "_parent", "_children", "_inputs", "_outputs", "_wf_spec"}
    ours: set[str] = set()
    for path in [*(ENGINE / "bpmn").rglob("*.py"), *(ENGINE / "runtime" / "tokens").rglob("*.py")]:
        ours |= set(re.findall(r"(?<=[.\s])_[a-z]\w*", path.read_text()))
    assert {name for name in ours & theirs if not name.startswith("__")} == PRIVATE


def test_spiffworkflow_is_imported_in_bpmn_and_runtime_only():
    users = {
        path.relative_to(ENGINE).parts[0]
        for path in ENGINE.rglob("*.py")
        if re.search(r"^\s*(from|import) SpiffWorkflow", path.read_text(), re.M)
    }
    assert users <= {"bpmn", "runtime"}
