"""Inbox and task page: 林晓雨 and 何文静 receive for 云溪花园, 赵铁山 works in its department, 方小禾 belongs to another project."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine import audit, clock, org, runtime
from engine.model import system
from tests.support.office import Desk, Office, Screen, office
from tests.support.town import SEED, Complaint, town

REGISTERED: dict[str, Any] = {
    "channel": "phone",
    "customerName": "示例客户甲",
    "customerPhone": "13800000000",
    "customerAddress": "示例路 1 号",
    "category": "facility",
    "complaintMatter": "电梯连续三天停运",
    "clearListen": True,
    "clearAsk": True,
}


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Office]:
    with town(f"sqlite:///{tmp_path}/town.db") as found, office(found, tmp_path) as opened:
        yield opened


def complaint(here: Office, **values: Any) -> Complaint:
    return here.town["reception"].registers(**REGISTERED | values)


def dispatched(here: Office) -> Complaint:
    """A general complaint that waits for 回复情况 (reception) and 职能部门处理 (the department) at once."""
    found = complaint(here)
    here.town["reception"].does(found, "classify", manualLevel="general")
    here.town["reception"].does(found, "dispatch", responsibleDept="engineering")
    return found


def page(here: Office, login: str, found: Complaint, element: str, locale: str = "zh") -> Screen:
    return here.desk(login, locale).get(f"/tasks/{found.task(element)}")


def claimed(here: Office, login: str, found: Complaint, element: str) -> Screen:
    here.town[login].claims(found, element)
    return page(here, login, found, element)


def shelf(desk: Desk, tab: str, **query: str) -> list[str]:
    rest = "".join(f"&{name}={value}" for name, value in query.items())
    return [text.strip() for text in desk.get(f"/tasks?tab={tab}{rest}").all("//tbody//td[contains(@class,'ttl')]/div/text()")]


# --- the inbox


def test_a_new_task_waits_to_be_claimed_by_everybody_of_the_role_and_nobody_else(here: Office) -> None:
    found = complaint(here)
    assert shelf(here.desk("reception"), "open") == shelf(here.desk("reception2"), "open") == [found.number]
    for stranger in ("reception3", "functional_dept", "company_leader"):
        assert shelf(here.desk(stranger), "open") == []


def test_the_inbox_opens_where_there_is_something_to_do(here: Office) -> None:
    complaint(here)
    assert here.desk("reception").get("/tasks").all("//nav[@class='nav-line']/a[@aria-current]")[0].text_content().startswith("待签收")


def test_claiming_from_the_list_opens_the_task_and_moves_it(here: Office) -> None:
    found = complaint(here)
    desk = here.desk("reception")

    task = desk.follow(desk.get("/tasks?tab=open").send("//td[@class='op']/form"))

    assert task.status == 200 and "已签收" in task.text
    assert shelf(desk, "mine") == [found.number] and shelf(desk, "open") == []


def test_an_overdue_task_says_so_in_words(here: Office) -> None:
    dispatched(here)
    here.town.waits(hours=3)
    row = here.desk("reception").get("/tasks?tab=open").all("//tbody/tr")[0].text_content()
    assert "已超时 2 小时" in row and "回复情况" in row


def test_the_text_filter_finds_by_number_and_title_and_tells_when_nothing_matches(here: Office) -> None:
    first, second = complaint(here), complaint(here, complaintMatter="物业费多收了两个月")
    desk = here.desk("reception")
    assert shelf(desk, "open", q="物业费") == [second.number]
    assert shelf(desk, "open", q=first.number.lower()) == [first.number]
    assert "没有编号或标题包含“100%”的任务" in desk.get("/tasks?tab=open&q=100%25").text


def test_a_long_inbox_is_paged_without_gap_or_repeat(here: Office) -> None:
    numbers = {complaint(here).number for _ in range(23)}
    desk = here.desk("reception")

    first = desk.get("/tasks?tab=open")
    second = desk.get(first.all("//a[@rel='next']/@href")[0])

    rows = [screen.all("//td[contains(@class,'ttl')]/div/text()") for screen in (first, second)]
    assert [len(part) for part in rows] == [20, 3] and set(rows[0] + rows[1]) == numbers
    assert not second.all("//a[@rel='next']") and second.all("//a[contains(., '回到第一页')]")


def test_empty_shelves_say_what_to_expect(here: Office) -> None:
    desk = here.desk("reception")
    assert "您手上没有待办任务" in desk.get("/tasks?tab=mine").text
    assert "没有等待签收的任务" in desk.get("/tasks?tab=open").text
    assert "您还没有办结过任务" in desk.get("/tasks?tab=done").text


# --- looking at a task


def test_the_task_page_says_what_to_do_why_and_until_when(here: Office) -> None:
    screen = page(here, "reception", dispatched(here), "notify_state")
    for part in ("回复情况", "PP-2-1", "马上告诉用户", "剩余 1 小时", "时限说明", "任务产生", "责任部门", "林晓雨完成了“派单”"):
        assert part in screen.text, part


def test_personal_data_are_masked_for_whoever_may_not_read_them(here: Office) -> None:
    found = dispatched(here)
    assert "13800000000" in page(here, "reception", found, "notify_state").text
    masked = page(here, "functional_dept", found, "implement")
    assert "138****0000" in masked.text and "13800000000" not in masked.html and "示例客户甲" not in masked.html


def test_an_unclaimed_task_shows_its_form_but_takes_nothing_before_it_is_claimed(here: Office) -> None:
    screen = page(here, "reception", complaint(here), "classify")
    assert screen.all("//fieldset[@disabled]//input[@name='manualLevel']")
    assert not screen.all("//form[@id='task']") and screen.all("//form[contains(@action,'/claim')]")


def test_who_may_read_the_case_but_not_work_on_the_task_sees_it_without_buttons(here: Office) -> None:
    found = dispatched(here)
    screen = page(here, "dept_head", found, "notify_state")
    assert screen.status == 200 and "您可以查看，不能办理" in screen.text
    assert not screen.all("//*[@class='acts']") and not screen.all("//form[@id='task']")


def test_a_colleague_sees_who_is_at_it(here: Office) -> None:
    found = complaint(here)
    here.town["reception"].claims(found, "classify")
    screen = page(here, "reception2", found, "classify")
    assert "林晓雨正在办理（2026-11-23 09:00 签收）" in screen.text and not screen.all("//*[@class='acts']")


def test_a_stranger_meets_the_same_page_as_for_a_task_that_does_not_exist(here: Office) -> None:
    key = complaint(here).task("classify")
    desk = here.desk("reception3")
    there, nowhere = desk.get(f"/tasks/{key}"), desk.get("/tasks/999")
    assert there.status == nowhere.status == 404
    assert there.text == nowhere.text


@pytest.mark.parametrize("act", ["", "/claim", "/unclaim"])
def test_a_stranger_can_do_nothing_with_a_task(here: Office, act: str) -> None:
    found = complaint(here)
    desk = here.desk("reception3")
    _, fields = desk.get("/intake/property-project").fields("//form[@id='register']")
    assert desk.post(f"/tasks/{found.task('classify')}{act}", fields).status == 404
    assert found.open == ["classify"] and found.task_row("classify").assignee_key is None


def test_who_only_reads_cannot_complete_by_hand(here: Office) -> None:
    found = complaint(here)
    desk = here.desk("dept_head")
    _, fields = here.desk("reception").get("/intake/property-project").fields("//form[@id='register']")
    fields["csrf_token"] = [desk.get("/tasks").all("//input[@name='csrf_token']/@value")[0]]
    answer = desk.post(f"/tasks/{found.task('classify')}", fields | {"manualLevel": "general"})
    assert answer.status == 403 and found.open == ["classify"]


@pytest.mark.parametrize("path", ["/tasks", "/tasks/1", "/cases", "/cases/PP-1"])
def test_a_visitor_is_asked_to_sign_in(here: Office, path: str) -> None:
    answer = here.app.test_client().get(path)
    assert answer.status_code == 303 and answer.headers["Location"].startswith("/sign-in")


# --- acting on a task


def test_completing_leads_to_the_next_task_of_this_person_in_the_case(here: Office) -> None:
    found = complaint(here)
    answer = claimed(here, "reception", found, "classify").send("//form[@id='task']", manualLevel="general")
    assert answer.status == 303 and answer.location == f"/tasks/{found.task('dispatch')}"
    assert "已提交" in answer.desk.follow(answer).text


def test_with_nothing_left_to_do_in_the_case_the_inbox_comes_back(here: Office) -> None:
    found = dispatched(here)
    screen = claimed(here, "functional_dept", found, "implement")
    answer = screen.send("//form[@id='task']", handleDecision="solved", handlingProcess="换板", handlingResult="恢复运行")
    assert (answer.status, answer.location) == (303, "/tasks")


def test_wrong_input_comes_back_with_everything_typed(here: Office) -> None:
    found = dispatched(here)
    screen = claimed(here, "functional_dept", found, "implement")
    answer = screen.send("//form[@id='task']", handleDecision="solved", handlingProcess="换板")
    assert answer.status == 422 and "implement" in found.open
    refreshed = answer.send("//form[@id='task']", _refresh="1")
    assert answer.all("//textarea[@name='handlingProcess']")[0].text.strip() == "换板"
    assert answer.all("//*[@id='form-errors']//a") and refreshed.status == 200 and not refreshed.all("//*[@id='form-errors']")


def test_sending_twice_completes_once(here: Office) -> None:
    found = complaint(here)
    screen = claimed(here, "reception", found, "classify")
    first, second = (screen.send("//form[@id='task']", manualLevel="general") for _ in range(2))
    assert (first.status, first.location) == (second.status, second.location)
    assert len(found.told("task.completed")) == 1


def test_the_same_form_with_other_content_is_not_taken_for_the_first(here: Office) -> None:
    found = complaint(here)
    screen = claimed(here, "reception", found, "classify")
    screen.send("//form[@id='task']", manualLevel="general")
    again = screen.send("//form[@id='task']", manualLevel="general", isUrgent="true")
    assert again.status == 422 and "已经提交过" in again.text


def test_of_two_people_claiming_one_wins_and_the_other_reads_who_was_faster(here: Office) -> None:
    found = complaint(here)
    mine, theirs = (page(here, login, found, "classify") for login in ("reception", "reception2"))

    won = mine.send("//form[contains(@action,'/claim')]")
    lost = theirs.send("//form[contains(@action,'/claim')]")

    assert won.status == 303 and lost.status == 409
    assert "这项任务已由林晓雨于 2026-11-23 09:00 签收" in lost.text
    assert "您填写的内容" not in lost.text
    assert lost.all(f"//main//a[@href='/cases/{found.number}']") and lost.all("//main//a[@href='/tasks']")


def test_who_comes_too_late_keeps_sight_of_what_was_typed(here: Office) -> None:
    # given 赵铁山 has the task open in two windows
    found = dispatched(here)
    screen = claimed(here, "functional_dept", found, "implement")
    here.town["functional_dept"].does(found, "implement", handleDecision="solved", handlingProcess="换板", handlingResult="好了")

    # when
    late = screen.send("//form[@id='task']", handleDecision="solved", handlingProcess="更换了整套控制板", handlingResult="恢复")

    # then
    assert late.status == 409 and "赵铁山" in late.text and "您已办结这项任务" in late.text
    assert "更换了整套控制板" in late.text


def test_a_task_the_procedure_took_back_says_so(here: Office) -> None:
    # given 赵铁山 fills in the form of a general complaint, which meanwhile becomes major
    found = dispatched(here)
    screen = claimed(here, "functional_dept", found, "implement")
    here.town["reception"].does(
        found,
        "notify_state",
        stateReplyMode="phone",
        stateRepliedAt="2026-11-23T09:00",
        stateReply="已派工",
        manualLevel="major",
        manualReason="多户停水",
    )

    # when
    late = screen.send("//form[@id='task']", handleDecision="solved", handlingProcess="换板", handlingResult="恢复")

    # then
    assert late.status == 409 and "任务已由流程撤回" in late.text and "换板" in late.text
    assert late.desk.get(screen.fields("//form[@id='task']")[0]).status == 200


def test_putting_back_lets_the_colleague_claim(here: Office) -> None:
    found = complaint(here)
    answer = claimed(here, "reception", found, "classify").send("//form[contains(@action,'/unclaim')]")
    assert answer.status == 303 and answer.location.endswith("tab=open")
    assert shelf(here.desk("reception2"), "open") == [found.number]


def test_a_value_changed_meanwhile_is_shown_before_it_is_overwritten(here: Office) -> None:
    # given 林晓雨 has the form open while somebody changes what it says
    found = complaint(here)
    screen = claimed(here, "reception", found, "classify")
    with here.town.store.writing() as db:
        live = runtime.lock_case(db, found.key)
        live.write("manualLevel", "major")
        live.save(system("test"), audit.Entry("case.changed", {"changes": live.changes}))

    # when
    warned = screen.send("//form[@id='task']", manualLevel="general")

    # then both values are shown, nothing is written, and sending again is the confirmation
    assert warned.status == 409 and found.open == ["classify"]
    row = [cell.text_content() for cell in warned.all("//section[contains(@class,'clash')]//tbody/tr/td")]
    assert row == ["判定的性质", "—", "重大", "一般"]
    assert warned.send("//form[@id='task']").status == 303
    assert found.variables["manualLevel"] == "general"


def test_a_substitute_completes_and_both_names_are_told(here: Office) -> None:
    found = dispatched(here)
    with here.town.store.writing() as db:
        absent, substitute = here.town["functional_dept"].key, here.town["dept_head"].key
        org.add_substitution(db, absent, substitute, clock.now() + timedelta(days=3), SEED)
    screen = claimed(here, "dept_head", found, "implement")
    screen.send("//form[@id='task']", handleDecision="solved", handlingProcess="换板", handlingResult="恢复")
    assert "沈国栋（代赵铁山）完成了“职能部门处理”" in here.desk("reception").get(f"/cases/{found.number}").text


def test_a_completed_task_can_be_read_by_who_did_it(here: Office) -> None:
    found = complaint(here)
    key = found.task("classify")
    here.town["reception"].does(found, "classify", manualLevel="general")
    screen = here.desk("reception").get(f"/tasks/{key}")
    assert "林晓雨已于 2026-11-23 09:00 办结" in screen.text and not screen.all("//*[@class='acts']")
    assert shelf(here.desk("reception"), "done") == [found.number, found.number]  # registering was a task too


def test_inbox_and_task_speak_english(here: Office) -> None:
    found = dispatched(here)
    screen = page(here, "reception", found, "notify_state", "en")
    for part in ("Reply on the state", "What to do", "1 hour left", "Lin Xiaoyu completed “Pass to", "Next: Reply on the state"):
        assert part in screen.text, part
    assert "My tasks" in here.desk("reception", "en").get("/tasks").text
