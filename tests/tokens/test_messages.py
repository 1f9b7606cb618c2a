"""Messages, signals, jobs, and which start event begins a case."""

from __future__ import annotations

import pytest

from engine import bpmn
from engine.runtime import tokens
from tests.tokens.case import Case
from tests.tokens.drawing import (
    ERROR,
    ESCALATION,
    SIGNAL,
    boundary,
    call,
    catch,
    chain,
    cycle,
    diagram,
    duration,
    end,
    event_gateway,
    exclusive,
    flow,
    mapping,
    message,
    on_error,
    on_escalation,
    on_message,
    on_signal,
    parallel,
    process,
    receive,
    script,
    service,
    start,
    subprocess,
    throw,
    user,
)

MESSAGES = message("m1", "complaint", "") + message("m2", "answer") + message("m3", "withdraw")
STARTS = diagram(
    MESSAGES,
    process(
        "p",
        start("s0"),
        start("s1", on_message("m1")),
        start("s2", cycle("R/P1M")),
        user("a"),
        user("b"),
        user("t"),
        end(),
        chain("s0", "a", "e"),
        chain("s1", "b", "e"),
        chain("s2", "t", "e"),
    ),
    process("monthly", start("ms", cycle('=cycle(duration("P1M"))')), user("r"), end("me"), chain("ms", "r", "me")),
    process("caller", start("cs"), call("cc", "p"), end("ce"), chain("cs", "cc", "ce")),
)


def test_the_start_events_are_listed_for_the_scheduler():
    processes = bpmn.read({"starts.bpmn": STARTS})
    listed = {(p, e.id): e.event for p in processes.ids for e in processes.process(p).starts if e.event}
    assert listed == {
        ("p", "s1"): bpmn.Event("message", name="complaint"),
        ("p", "s2"): bpmn.Event("timer", timer="cycle", expression="R/P1M"),
        ("monthly", "ms"): bpmn.Event("timer", timer="cycle", expression='=cycle(duration("P1M"))'),
    }


@pytest.mark.parametrize(("start_event", "task"), [(None, "a"), ("s1", "b"), ("s2", "t")])
def test_a_case_begins_at_the_chosen_start_event_else_at_the_none_start(start_event, task):
    case = Case(STARTS, start=start_event)
    assert case.names == [task]
    case.complete(task)
    assert case.completed and case.left()[0] == (start_event or "s0")


def test_the_only_start_event_needs_not_be_named_and_a_called_process_begins_at_its_none_start():
    assert Case(STARTS, "monthly").names == ["r"]
    assert Case(STARTS, "caller").names == ["a"]


def test_an_unknown_start_event_stops_the_case():
    with pytest.raises(tokens.Stopped, match="没有可用的开始事件"):
        Case(STARTS, start="nowhere")


def test_receive_task_and_message_event_take_their_variables_and_refuse_a_foreign_key():
    drawn = process(
        "p",
        start(),
        receive("r", "m2", mapping({}, {"reply.text": "=text"})),
        catch("c", on_message("m2")),
        user("u"),
        end(),
        chain("s", "r", "c", "u", "e"),
    )
    case = Case(diagram(MESSAGES, drawn), number="C-7")
    assert not case.send("answer", "C-1", text="no") and not case.send("other", "C-7")
    assert case.send("answer", "C-7", text="hi", junk=1)
    assert case.names == [] and case.data == {"reply": {"text": "hi"}}
    assert case.send("answer", "C-7", x=1)
    assert case.names == ["u"] and case.data["x"] == 1


RACE = diagram(
    MESSAGES,
    process(
        "p",
        start(),
        event_gateway("g"),
        catch("c", on_message("m2")),
        receive("r", "m3"),
        catch("t", duration("P10D")),
        user("a"),
        user("b"),
        user("d"),
        end(),
        chain("s", "g", "c", "a", "e"),
        chain("g", "r", "b", "e"),
        chain("g", "t", "d", "e"),
    ),
)


def test_the_first_event_behind_an_event_gateway_wins_and_the_others_are_gone():
    answered = Case(RACE)
    assert answered.send("answer", v=1)
    assert answered.names == ["a"] and answered.data == {"v": 1}
    assert not answered.send("withdraw") and answered.next_due is None
    withdrawn = Case(RACE)
    assert withdrawn.send("withdraw") and withdrawn.names == ["b"]
    expired = Case(RACE)
    assert expired.wait(days=10) == 1 and expired.names == ["d"]
    assert expired.flows() == ["s_g", "g_t", "t_d"]


def test_an_event_of_an_event_gateway_is_told_by_its_index():
    case = Case(RACE)
    key = next(iter(case.timers))[0]
    assert [case.machine.is_waiting(key, index) for index in (None, 0, 1, 2, 3)] == [False, True, True, True, False]
    with pytest.raises(tokens.NotWaiting):
        case.machine.fire(key)


def test_a_correlation_key_that_is_null_stops_the_case():
    drawn = diagram(message("m2", "answer", "=nokey"), process("p", start(), catch("c", on_message("m2")), end(), chain("s", "c", "e")))
    with pytest.raises(tokens.Stopped, match="关联键“=nokey”为空"):
        Case(drawn)


def test_messages_are_thrown_with_the_key_and_the_mapped_variables():
    drawn = process(
        "p",
        start(),
        throw("t1", on_message("m2"), mapping({"text": '="re: " + subject'})),
        service("t2", "publish", tag="sendTask", messageRef="m3"),
        throw("t3", on_message("m1")),
        end("e", on_message("m2")),
        chain("s", "t1", "t2", "t3", "e"),
    )
    case = Case(diagram(MESSAGES, drawn), variables={"subject": "gate"})
    assert case.completed and case.data == {"subject": "gate"}
    assert case.thrown() == [
        ("answer", "C-1", {"text": "re: gate"}),
        ("withdraw", "C-1", {}),
        ("complaint", None, {}),
        ("answer", "C-1", {}),
    ]


def test_a_send_task_with_another_job_type_is_a_workers_job():
    drawn = process("p", start(), service("t", "fax", tag="sendTask"), user("u"), end(), chain("s", "t", "u", "e"))
    case = Case(diagram(drawn))
    assert case.names == []
    case.finish_job("t", faxed=True)
    assert case.names == ["u"] and case.data == {"faxed": True}


def test_a_signal_reaches_everyone_waiting_in_the_instance_and_the_world():
    case = Case(
        diagram(
            SIGNAL,
            process(
                "p",
                start(),
                parallel("f"),
                catch("c1", on_signal("Signal_1")),
                user("a"),
                call("ca", "q"),
                user("t"),
                throw("th", on_signal("Signal_1")),
                end(),
                chain("s", "f", "c1", "a", "e"),
                chain("f", "ca", "e"),
                chain("f", "t", "th", "e"),
            ),
            process("q", start("qs"), catch("c2", on_signal("Signal_1")), user("b"), end("qe"), chain("qs", "c2", "b", "qe")),
        )
    )
    assert [e.name for e in case.effects if isinstance(e, tokens.SignalAwaited)] == ["alarm", "alarm"]
    case.complete("t")
    assert case.names == ["a", "b"] and case.thrown() == [("alarm",)]
    assert case.signal("alarm") == 0


def test_signal_message_and_escalation_end_events():
    drawn = process(
        "p",
        start(),
        parallel("f"),
        user("a"),
        user("b"),
        end("e1", on_signal("Signal_1")),
        end("e2", on_message("m2")),
        catch("c", on_signal("Signal_1")),
        user("z"),
        end(),
        chain("s", "f", "a", "e1"),
        chain("f", "b", "e2"),
        chain("f", "c", "z", "e"),
    )
    case = Case(diagram(SIGNAL, MESSAGES, drawn))
    case.complete("a")
    assert case.names == ["b", "z"]
    case.complete("b")
    assert case.thrown() == [("answer", "C-1", {}), ("alarm",)]
    case.complete("z")
    assert case.completed
    inner = subprocess("sp", start("ss"), user("a"), end("se", on_escalation("Escalation_1")), chain("ss", "a", "se"))
    caught = boundary("b", "sp", on_escalation("Escalation_1"), interrupting=True)
    drawn = process("p", start(), inner, caught, user("h"), end(), user("z"), chain("s", "sp", "z", "e"), chain("b", "h", "e"))
    escalated = Case(diagram(ESCALATION, drawn))
    escalated.complete("a")
    assert escalated.names == ["h"] and escalated.left("completed") == ["s", "ss", "a", "se", "b"]


def test_the_error_of_a_job_is_caught_on_the_task_itself():
    caught = boundary("b", "j", on_error("Error_1"), mapping({}, {"why": "=reason"}), interrupting=True)
    drawn = diagram(ERROR, process("p", start(), service("j", "t"), caught, user("h"), end(), chain("s", "j", "e"), chain("b", "h", "e")))
    case = Case(drawn)
    case.fail_job("j", "BAD", reason="no paper")
    assert case.names == ["h"] and case.data == {"why": "no paper"}
    other = Case(drawn)
    with pytest.raises(tokens.Stopped, match="OTHER"):
        other.machine.throw_error(next(iter(other.jobs)), "OTHER")


def test_boundary_events_on_receive_and_service_tasks():
    drawn = process(
        "p",
        start(),
        receive("r", "m2"),
        boundary("b", "r", duration("P1D"), interrupting=True),
        service("j", "t"),
        boundary("b2", "j", on_message("m3"), interrupting=True),
        user("u"),
        end(),
        chain("s", "r", "e"),
        chain("b", "j", "e"),
        chain("b2", "u", "e"),
    )
    case = Case(diagram(MESSAGES, drawn))
    case.wait(days=1)
    assert not case.send("answer") and case.send("withdraw")
    assert case.names == ["u"] and case.jobs == {}
    case.complete("u")
    assert case.completed


def test_a_loop_without_a_waiting_step_stops_the_case():
    drawn = process(
        "p",
        start(),
        exclusive("m"),
        script("sc", "=1", "x"),
        exclusive("g", default="d"),
        end(),
        chain("s", "m", "sc", "g"),
        flow("g", "m", "=true"),
        flow("g", "e", flow_id="d"),
    )
    with pytest.raises(tokens.Stopped, match="无法停下的循环"):
        Case(diagram(drawn))
