"""The staff pages in a real browser: looks at both widths, accessibility, the keyboard alone, the diagram, two people at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support.office import Office, office
from tests.support.town import Complaint, town

DESK, PHONE = (1366, 768), (390, 844)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
REGISTERED: dict[str, Any] = {
    "channel": "phone",
    "customerName": "示例客户甲",
    "customerPhone": "13800000000",
    "customerAddress": "示例路 1 号",
    "category": "facility",
    "complaintMatter": "电梯连续三天停运，楼上老人无法下楼，希望今天之内有人到现场处理并给出恢复时间",
    "clearListen": True,
    "clearAsk": True,
}


class House:
    """A running office with work in every state, and browsers to look at it."""

    def __init__(self, pages: Office, address: str, browser: Browser) -> None:
        self.pages, self.address, self.browser = pages, address, browser
        self.opened: list[BrowserContext] = []
        reception = pages.town["reception"]
        self.waiting = reception.registers(**REGISTERED)
        self.running = reception.registers(**REGISTERED)
        reception.does(self.running, "classify", manualLevel="general", isUrgent=True)
        reception.does(self.running, "dispatch", responsibleDept="engineering")
        pages.town.waits(hours=2)
        reception.claims(self.running, "notify_state")
        self.major = reception.registers(**REGISTERED)
        reception.does(self.major, "classify", manualLevel="major", manualReason="多户停水")

    def sits(self, login: str, size: tuple[int, int] = DESK, locale: str = "zh", **options: Any) -> Page:
        """Open a browser for somebody; what goes wrong in it is noted in `page.trouble`."""
        viewport = {"width": size[0], "height": size[1]}
        context = self.browser.new_context(viewport=viewport, locale="zh-CN", timezone_id="Asia/Shanghai", base_url=self.address, **options)
        self.opened.append(context)
        self.pages.sign_in(context, self.address, login, locale)
        return context.new_page()

    def task(self, found: Complaint, element: str) -> str:
        return f"/tasks/{found.task(element)}"

    def every(self) -> dict[str, str]:
        """Every page of 林晓雨, by name."""
        return {
            "inbox": "/tasks?tab=mine",
            "to claim": "/tasks?tab=open",
            "done": "/tasks?tab=done",
            "nothing found": "/tasks?tab=mine&q=nothing",
            "task": self.task(self.running, "notify_state"),
            "task to claim": self.task(self.waiting, "classify"),
            "task of others": self.task(self.running, "implement"),
            "cases": "/cases",
            "case": f"/cases/{self.running.number}",
            "major case": f"/cases/{self.major.number}?diagram=1.property_project_main",
            "new case": f"/cases/{self.waiting.number}?registered=1",
            "intake": "/intake/property-project",
        }


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[House]:
    """One house for all tests that change nothing."""
    yield from _house(tmp_path_factory.mktemp("house"), browser)


@pytest.fixture
def own_house(tmp_path: Path, browser: Browser) -> Iterator[House]:
    """A house of this test's own."""
    yield from _house(tmp_path, browser)


def _house(home: Path, browser: Browser) -> Iterator[House]:
    with town(f"sqlite:///{home}/town.db") as found, office(found, home) as pages, pages.running() as address:
        made = House(pages, address, browser)
        yield made
        for context in made.opened:
            context.close()


def problems(page: Page) -> list[str]:
    """What axe-core finds, one line for each node."""
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_page_is_accessible_fits_its_width_and_breaks_no_policy(house: House, size: tuple[int, int], locale: str) -> None:
    page = house.sits("reception", size, locale)
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    for name, path in house.every().items():
        page.goto(path)
        if "case" in name and name != "cases":
            page.wait_for_selector("#diagram[data-ready]")
        trouble += [f"{name}: {line}" for line in problems(page)]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            trouble.append(f"{name}: wider than the window")
    assert trouble == []


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_refused_form_is_accessible_and_begins_at_what_is_wrong(house: House, size: tuple[int, int]) -> None:
    page = house.sits("reception", size)
    page.goto("/intake/property-project")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator("#form-errors")).to_be_focused()
    assert problems(page) == []


def test_the_diagram_shows_done_current_and_overdue_with_its_watermark(house: House) -> None:
    page = house.sits("reception")
    page.goto(f"/cases/{house.running.number}")
    page.wait_for_selector("#diagram[data-ready]")
    for element, mark in (("dispatch", "done"), ("implement", "current"), ("notify_state", "overdue")):
        assert mark in (page.locator(f"#diagram [data-element-id='{element}']").first.get_attribute("class") or "").split()
    assert page.locator("#diagram .djs-connection.taken").count() >= 3
    assert page.locator("#diagram .late").inner_text() == "已超时"
    expect(page.locator("#diagram svg[role=img]").first).to_have_attribute("aria-label", "流程图：一般投诉处理")
    expect(page.locator("#diagram .bjs-powered-by")).to_be_visible()


def test_a_call_activity_leads_to_the_diagram_it_calls(house: House) -> None:
    page = house.sits("reception")
    page.goto(f"/cases/{house.running.number}?diagram=1.property_project_main")
    page.wait_for_selector("#diagram[data-ready]")
    page.locator("#diagram .djs-element.link .djs-hit").first.click()
    expect(page.locator("#process nav a[aria-current]")).to_contain_text("一般投诉处理")


def test_without_scripts_the_case_is_told_in_words_and_work_goes_on(own_house: House) -> None:
    page = own_house.sits("reception", java_script_enabled=False)
    page.goto(f"/cases/{own_house.running.number}")
    assert "进行中" in page.locator(".legend").inner_text() and page.locator("#diagram").is_hidden()

    page.goto("/tasks?tab=open")
    page.locator("tr", has_text=own_house.waiting.number).get_by_role("button", name="签收").click()
    page.get_by_role("radio", name="一般投诉").check()
    page.get_by_role("button", name="提交", exact=True).click()

    assert own_house.waiting.open == ["dispatch"]


def test_a_complaint_is_registered_and_its_next_task_done_with_the_keyboard_alone(own_house: House) -> None:
    page = own_house.sits("reception")
    page.goto("/intake/property-project")
    keys = page.keyboard

    def reach(role: str, name: str) -> None:
        wanted = page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
        for _ in range(60):
            if wanted.evaluate("element => element === document.activeElement"):
                return
            keys.press("Tab")
        raise AssertionError(f"{role} {name!r} cannot be reached with Tab")

    reach("link", "跳到主要内容")
    keys.press("Enter")
    reach("combobox", "来访方式")
    keys.press("ArrowDown")
    reach("textbox", "用户姓名")
    keys.type("示例客户乙")
    reach("textbox", "联系电话")
    keys.type("13800000001")
    reach("combobox", "类别")
    keys.press("ArrowDown")
    reach("textbox", "投诉事项")
    keys.type("物业费多收了两个月")
    reach("button", "登记")
    keys.press("Enter")
    expect(page.locator(".registered .number")).to_be_visible()
    reach("link", "办理下一步")
    keys.press("Enter")
    reach("button", "签收")
    keys.press("Enter")
    expect(page.locator("form#task")).to_be_visible()
    reach("radio", "一般投诉")
    keys.press("Space")
    reach("button", "提交")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="派单")).to_be_visible()


def test_j_and_k_walk_through_the_inbox(house: House) -> None:
    page = house.sits("reception")
    page.goto("/tasks?tab=open")
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator("tbody tr").nth(1).locator("a").first
    expect(second).to_be_focused()


def test_of_two_browsers_on_one_task_the_slower_reads_who_was_faster(own_house: House) -> None:
    lin, he = own_house.sits("reception"), own_house.sits("reception2")
    path = own_house.task(own_house.waiting, "classify")
    lin.goto(path)
    he.goto(path)

    lin.get_by_role("button", name="签收", exact=True).click()
    expect(lin.locator("form#task")).to_be_visible()
    he.get_by_role("button", name="签收", exact=True).click()

    expect(he.get_by_role("heading", name="他人已先办理")).to_be_visible()
    expect(he.locator("main")).to_contain_text("这项任务已由林晓雨于 2026-11-23 11:00 签收")
    assert problems(he) == []
    he.get_by_role("link", name="回到我的任务").click()
    expect(he.get_by_role("heading", name="我的任务")).to_be_visible()


def test_a_double_click_completes_once(own_house: House) -> None:
    own_house.pages.town["reception"].claims(own_house.waiting, "classify")
    page = own_house.sits("reception")
    page.goto(own_house.task(own_house.waiting, "classify"))
    page.get_by_role("radio", name="一般投诉").check()
    page.get_by_role("button", name="提交", exact=True).dblclick()
    expect(page.get_by_role("heading", name="派单")).to_be_visible()
    assert len(own_house.waiting.told("task.completed")) == 1


def test_what_depends_on_an_answer_appears_when_it_is_given(own_house: House) -> None:
    own_house.pages.town["functional_dept"].claims(own_house.running, "implement")
    page = own_house.sits("functional_dept", PHONE)
    page.goto(own_house.task(own_house.running, "implement"))
    assert page.locator("[name=unsolvableReason]").count() == 0
    page.get_by_role("radio", name="暂时无法解决").check()
    page.locator("[name=unsolvableReason]").fill("等待厂家配件")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("heading", name="我的任务")).to_be_visible()
    assert own_house.running.variables["unsolvableReason"] == "等待厂家配件"


def test_what_was_typed_stays_when_the_session_ends_and_can_be_sent_after_the_next_sign_in(own_house: House) -> None:
    own_house.pages.town["functional_dept"].claims(own_house.running, "implement")
    page = own_house.sits("functional_dept")
    page.goto(own_house.task(own_house.running, "implement"))
    page.get_by_role("radio", name="暂时无法解决").check()
    page.locator("[name=unsolvableReason]").fill("等待厂家配件")
    page.context.clear_cookies(name="jiesu")
    with page.expect_response(lambda answer: answer.status == 401):
        page.get_by_role("radio", name="上报").check()

    expect(page.locator("[name=unsolvableReason]")).to_have_value("等待厂家配件")

    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.locator("main")).to_contain_text("您刚才填写的内容已保留")
    assert problems(page) == []


def test_back_to_a_sent_form_and_send_it_again_registers_once(own_house: House) -> None:
    page = own_house.sits("reception")
    page.goto("/intake/property-project")
    page.locator("[name=channel]").select_option("phone")
    page.locator("[name=category]").select_option("fee")
    page.locator("[name=complaintMatter]").fill("物业费多收了两个月")
    page.get_by_role("button", name="登记", exact=True).click()
    number = page.locator(".registered .number").inner_text()

    page.go_back()
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator(".registered .number")).to_have_text(number)

    page.go_back()
    page.locator("[name=complaintMatter]").fill("另一件事")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("已经登记过一件投诉")
    expect(page.locator("[name=complaintMatter]")).to_have_value("另一件事")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator(".registered .number")).not_to_have_text(number)


def test_every_kind_of_button_shows_that_it_has_the_focus(house: House) -> None:
    page = house.sits("reception")
    page.goto(house.task(house.running, "notify_state"))
    for name in ("退回待签收", "提交"):
        page.get_by_role("button", name=name, exact=True).focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        look = page.evaluate("() => { const s = getComputedStyle(document.activeElement); return [s.outlineStyle, s.outlineWidth]; }")
        assert (page.evaluate("() => document.activeElement.innerText"), look) == (name, ["solid", "2px"])


def test_a_case_on_paper_has_content_and_no_buttons(house: House) -> None:
    page = house.sits("reception")
    page.goto(f"/cases/{house.running.number}")
    page.wait_for_selector("#diagram[data-ready]")
    page.emulate_media(media="print")
    assert page.locator("main .btn:visible, nav:visible, header:visible").count() == 0
    for shown in ("#diagram svg[role=img]", ".legend", ".tl li"):
        expect(page.locator(shown).first).to_be_visible()
