"""List of cases and case page: 顾明远 leads the company, 方小禾 belongs to another project."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lxml.etree
import pytest
from sqlalchemy import select

from engine import org
from engine.store import tables
from tests.support.office import Desk, Office, office
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
    found = complaint(here)
    here.town["reception"].does(found, "classify", manualLevel="general")
    here.town["reception"].does(found, "dispatch", responsibleDept="engineering")
    return found


def major(here: Office) -> Complaint:
    found = complaint(here)
    here.town["reception"].does(found, "classify", manualLevel="major", manualReason="多户停水", exceedsDept=True)
    return found


def numbers(desk: Desk, path: str = "/cases") -> list[str]:
    return [text.strip() for text in desk.get(path).all("//tbody//td[contains(@class,'ttl')]/div/text()")]


def test_the_list_shows_the_newest_first_with_step_level_and_deadline(here: Office) -> None:
    first = dispatched(here)
    here.town.waits(hours=2)
    second = complaint(here, complaintMatter="物业费多收")
    desk = here.desk("company_leader")
    assert numbers(desk) == [second.number, first.number]
    row = desk.get("/cases").all("//tbody/tr")[1].text_content()
    for part in ("电梯连续三天停运", "回复情况、职能部门处理", "公共设施", "一般", "云溪花园项目", "已超时"):
        assert part in row, part


def test_the_list_is_filtered_by_text_and_status(here: Office) -> None:
    late = dispatched(here)
    here.town.waits(hours=2)
    calm = complaint(here, complaintMatter="物业费多收")
    desk = here.desk("reception")
    assert numbers(desk, "/cases?q=物业费") == [calm.number]
    assert numbers(desk, "/cases?status=overdue") == [late.number]
    assert numbers(desk, "/cases?status=closed") == []
    assert numbers(desk, "/cases?status=nonsense") == [calm.number, late.number]
    assert "没有符合条件的案件" in desk.get("/cases?status=closed").text


def test_a_long_list_is_paged_and_keeps_its_filters(here: Office) -> None:
    for _ in range(21):
        complaint(here)
    desk = here.desk("reception")
    first = desk.get("/cases?q=电梯&status=open")
    (address,) = first.all("//a[@rel='next']/@href")
    assert "共 21 件" in first.text and len(numbers(desk, address)) == 1 and "status=open" in address


def test_another_project_sees_nothing_of_it(here: Office) -> None:
    found = complaint(here)
    desk = here.desk("reception3")
    assert numbers(desk) == [] and "还没有您可以查看的案件" in desk.get("/cases").text
    there, nowhere = desk.get(f"/cases/{found.number}"), desk.get("/cases/PP-202611-99999")
    assert there.status == nowhere.status == 404 and there.text == nowhere.text


def test_the_diagrams_of_a_case_are_closed_to_strangers(here: Office) -> None:
    found = complaint(here)
    address = here.desk("reception").get(f"/cases/{found.number}").all("//*[@id='diagram']/@data-file")[0]
    assert here.desk("reception3").get(address).status == 404


def test_the_case_page_tells_facts_level_tasks_and_history(here: Office) -> None:
    found = major(here)
    screen = here.desk("company_leader").get(f"/cases/{found.number}")
    for part in (
        found.number,
        "重大",
        "判定为重大投诉 PP-2-2",
        "示例客户甲",
        "待签收",
        "立即报告",
        "林晓雨登记了投诉",
        "林晓雨完成了“判定性质”",
        "“判定投诉级别”命中规则",
        "下一步：立即报告（接待人员）",
        "已通知部门主管、公司领导",
    ):
        assert part in screen.text, part


def test_the_timeline_begins_with_what_happened_last(here: Office) -> None:
    found = dispatched(here)
    told = [line.text_content() for line in here.desk("reception").get(f"/cases/{found.number}").all("//ol[@class='tl']/li")]
    assert "派单" in told[0] and "登记了投诉" in told[-1]


def test_a_long_history_goes_on_at_the_next_page(here: Office) -> None:
    found = complaint(here)
    for _ in range(60):
        here.town["reception"].claims(found, "classify")
        here.desk("reception").get(f"/tasks/{found.task('classify')}").send("//form[contains(@action,'/unclaim')]")
    desk = here.desk("reception")

    newest = desk.get(f"/cases/{found.number}")
    older = desk.get(newest.all("//a[text()='更早的记录']/@href")[0])

    assert len(newest.all("//ol[@class='tl']/li")) == 100 and len(older.all("//ol[@class='tl']/li")) == 21
    assert "登记了投诉" not in newest.text and "登记了投诉" in older.text and older.all("//a[text()='回到最新记录']")


def test_personal_data_are_masked_by_right(here: Office) -> None:
    found = complaint(here)
    screen = here.desk("dept_head").get(f"/cases/{found.number}")
    assert "138****0000" in screen.text and "13800000000" not in screen.html and "示例客户甲" not in screen.html


def test_text_typed_by_people_is_never_markup(here: Office) -> None:
    found = complaint(here, complaintMatter="<script>alert(1)</script>'\"&", customerDemand="<img src=x onerror=alert(1)>")
    screen = here.desk("reception").get(f"/cases/{found.number}")
    assert "<script>alert" not in screen.html and "<img" not in screen.html and "<script>alert(1)</script>" in screen.text


def test_the_drawing_is_described_in_words_and_each_process_has_a_tab(here: Office) -> None:
    found = dispatched(here)
    here.town.waits(hours=2)
    desk = here.desk("reception")

    screen = desk.get(f"/cases/{found.number}")
    legend = ["".join(line.text_content().split()) for line in screen.all("//dl[@class='legend']/div")]
    tabs = screen.all("//section[@id='process']/nav/a")

    assert legend[:3] == ["已超时回复情况", "进行中职能部门处理", "已完成一般投诉、派单"]
    assert [tab.text_content().split()[0] for tab in tabs] == ["客户投诉处理", "一般投诉处理"]
    main = desk.get(tabs[0].get("href"))
    assert main.all("//dl[@class='legend']//a[text()='一般处理']/@href")[0].endswith("diagram=1.property_project_general#process")


def test_the_file_of_a_process_is_sent_as_it_was_deployed(here: Office) -> None:
    found = complaint(here)
    desk = here.desk("reception")
    address = desk.get(f"/cases/{found.number}").all("//*[@id='diagram']/@data-file")[0]

    sent = desk.get(address)

    assert sent.response.mimetype == "application/xml"
    assert lxml.etree.fromstring(sent.response.data).xpath("//*[@id='property_project_main']")
    assert desk.get(address.replace("property_project_main", "nonsense")).status == 404


def test_inline_styles_are_allowed_on_the_case_page_only(here: Office) -> None:
    found = complaint(here)
    desk = here.desk("reception")
    for path, allowed in ((f"/cases/{found.number}", True), ("/cases", False), (f"/tasks/{found.task('classify')}", False)):
        policy = desk.get(path).response.headers["Content-Security-Policy"]
        assert ("style-src 'self' 'unsafe-inline'" in policy) is allowed


def test_a_task_nobody_can_do_stands_on_the_page_as_an_incident(here: Office) -> None:
    # given 云溪花园 has no department any more
    with here.town.store.writing() as db:
        membership = tables.membership.c
        held = select(membership.key).where(membership.role == "functional_dept", membership.person_key == here.town["functional_dept"].key)
        org.end_membership(db, db.execute(held).scalar_one(), SEED)

    screen = here.desk("reception").get(f"/cases/{dispatched(here).number}")

    assert "没有人担任“有关职能部门”" in screen.text and screen.all("//h2[text()='异常']")


def test_the_pages_speak_english(here: Office) -> None:
    found = major(here)
    screen = here.desk("company_leader", "en").get(f"/cases/{found.number}")
    for part in ("In progress", "Major", "Unit", "Yunxi Garden project", "Lin Xiaoyu registered", "told:", "Current tasks", "Diagram"):
        assert part in screen.text, part
    assert "Current step" in here.desk("company_leader", "en").get("/cases").text
