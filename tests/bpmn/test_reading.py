"""A file saved by Camunda Modeler becomes our frozen data."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from engine import bpmn
from engine.bpmn import Event, Flow, IoMapping, Loop
from tests.tokens.case import Case
from tests.tokens.drawing import chain, diagram, end, process, start, subprocess, user

FILE = Path(__file__).parent / "files" / "complaint.bpmn"


@pytest.fixture(scope="module")
def read() -> bpmn.Process:
    return bpmn.read({"complaint.bpmn": FILE.read_bytes()}).process("shop_main")


def test_the_process_knows_its_names_tag_and_bytes(read):
    assert (read.id, read.name, read.name_en, read.file_name) == ("shop_main", "客户投诉处理", "Complaint handling", "complaint.bpmn")
    assert (read.version_tag, read.documentation, read.properties["procedure"]) == ("2026-11", "从登记到归档", "shop")
    assert read.xml == FILE.read_bytes()


def test_a_user_task_carries_everything_modeler_writes(read):
    task = read.elements["propose"]
    assert (task.kind, task.name, task.name_en, task.lane) == ("userTask", "提出方案", "Propose a solution", "客服专员")
    assert (task.documentation, task.form_id) == ("两天内提出方案。", "shop_propose")
    assert (task.assignee, task.candidate_groups, task.candidate_users) == ("=owner", '=["agent", role]', "li.mei, wang")
    assert task.due_date == '=date and time(registeredAt) + duration("P2D")'
    assert (task.follow_up_date, task.priority) == ("2026-12-01T09:00:00+08:00", "=if urgent then 90 else 50")
    assert task.inputs == (IoMapping("=customer.name", "name"),) and task.outputs == (IoMapping("=proposal", "result.proposal"),)
    assert task.properties == {
        "clauses": "SH-1 SH-2",
        "excluded": "=[accusedLogin]",
        "name_en": "Propose a solution",
        "origin": "config",
        "on_behalf": "agent",
    }


def test_what_stands_inside_does_not_leak_outside(read):
    outer, inner = read.elements["repair"], read.elements["order"]
    assert (outer.documentation, outer.job_type, outer.headers) == ("维修过程", None, {})
    assert (inner.scope, inner.job_type, inner.retries, inner.headers) == ("repair", "send-order", "5", {"channel": "sms"})
    assert inner.lane == "项目", "a lane holds what is inside its subprocess"
    assert outer.loop == Loop(True, "=orders", "order", "results", "=done", "=done = false")


def test_events_flows_and_lanes(read):
    overdue = read.elements["overdue"]
    assert (overdue.attached_to, overdue.interrupting) == ("propose", False)
    assert overdue.event == Event("timer", timer="date", expression="=taskDue")
    assert read.flows["Flow_2"] == Flow(
        "Flow_2", "propose", "repair", "需要维修", "=count(orders) > 0", "shop_main", read.flows["Flow_2"].line
    )
    assert read.elements["late"].lane == "经理"
    assert [start.id for start in read.starts] == ["start"]
    assert [flow.id for flow in read.leaving("overdue")] == ["Flow_5"] and [flow.id for flow in read.entering("end")] == ["Flow_3"]


def test_only_executable_processes_count_and_an_unknown_one_is_said_so():
    processes = bpmn.read({"complaint.bpmn": FILE.read_bytes()})
    assert processes.ids == ("shop_main",) and "customer_side" not in processes
    with pytest.raises(bpmn.UnknownProcess, match="customer_side"):
        processes.process("customer_side")


def test_nothing_can_be_changed_after_reading(read):
    with pytest.raises(FrozenInstanceError):
        read.elements["propose"].name = "别的"


def test_the_file_runs():
    case = Case(
        FILE.read_bytes(), "shop_main", {"registeredAt": "2026-11-20T09:00:00+08:00", "customer": {"name": "王强"}, "orders": [1, 2]}
    )
    case.wait(days=2)
    assert case.names == ["late", "propose"]
    case.complete("propose", proposal="换新")
    assert case.data["result"] == {"proposal": "换新"}
    case.finish_job("order", done=True).finish_job("order", done=True).complete("late")
    assert case.completed and case.data["results"] == [True, True]


def test_two_processes_may_have_subprocesses_of_the_same_id():
    def drawn(name: str) -> bytes:
        inside = subprocess("sub", start("ss"), user(f"in_{name}"), end("se"), chain("ss", f"in_{name}", "se"))
        return diagram(process(name, start(), inside, end(), chain("s", "sub", "e")))

    processes = bpmn.read({"a.bpmn": drawn("a"), "b.bpmn": drawn("b")})
    assert (Case(processes, "a").names, Case(processes, "b").names) == (["in_a"], ["in_b"])


def test_three_hundred_nodes_in_a_row_are_read_and_run():
    names = [f"u{i}" for i in range(300)]
    case = Case(diagram(process("p", start(), *map(user, names), end(), chain("s", *names, "e"))), stored=False)
    for name in names:
        case.complete(name)
    assert case.completed
