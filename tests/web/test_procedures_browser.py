"""The pages of procedures in a real browser: both widths, both languages, axe-core, the keyboard alone, without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support.office import Office, office
from tests.support.town import Complaint, town
from tests.support.waiver import deploys_waiver

DESK, PHONE = (1366, 768), (390, 844)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PP, TINY = "/procedures/property-project/releases/1", "/procedures/tiny/releases/1"
CLOSING = f"{PP}/decisions/property_project_closing?_try=1&level=major&clearListen=false"


@dataclass
class Shelf:
    """A running office with procedures on its shelf, and 何主任, who writes them."""

    pages: Office
    address: str
    browser: Browser
    case: Complaint
    opened: list[BrowserContext]

    def sits(self, size: tuple[int, int] = DESK, locale: str = "zh", scripts: bool = True) -> Page:
        viewport = {"width": size[0], "height": size[1]}
        context = self.browser.new_context(viewport=viewport, base_url=self.address, java_script_enabled=scripts)
        self.opened.append(context)
        self.pages.sign_in(context, self.address, "he.zhuren", locale)
        return context.new_page()

    def every(self) -> list[str]:
        tabs = [f"{PP}?tab={tab}" for tab in ("about", "diagrams", "decisions", "forms", "releases")]
        tried = [CLOSING, f"{TINY}/decisions/tiny_service?_try=1&level=major&amount+due=300&typo=1"]
        wrong = [f"{TINY}/decisions/tiny_clash?_try=1&amount+due=30", f"{TINY}/decisions/tiny_open?_try=1&day=&things=%5B1"]
        return ["/procedures", *tabs, f"{TINY}?tab=releases", *tried, *wrong, f"/cases/{self.case.number}"]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Shelf]:
    home: Path = tmp_path_factory.mktemp("shelf")
    with town(f"sqlite:///{home}/town.db") as found, office(found, home) as pages, pages.running() as address:
        found.add("he.zhuren", "何主任", "process_owner", "pp_company")
        deploys_waiver(found, "=nothing_like_it")
        values = {"channel": "phone", "customerName": "示例客户甲", "category": "fee", "complaintMatter": "物业费多收"}
        case = found["reception"].registers(**values)
        found["reception"].does(case, "classify", manualLevel="major", manualReason="多户停水")
        made = Shelf(pages, address, browser, case, [])
        yield made
        for context in made.opened:
            context.close()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_page_is_accessible_fits_its_width_and_breaks_no_policy(shelf: Shelf, size: tuple[int, int], locale: str) -> None:
    page = shelf.sits(size, locale)
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    for path in shelf.every():
        page.goto(path)
        if page.locator("#diagram").count():
            page.wait_for_selector("#diagram[data-ready]")
        page.locator("details.decided").evaluate_all("all => all.forEach(one => one.open = true)")
        for rule in Axe().run(page, options={"runOnly": RULES}).response["violations"]:
            trouble += [f"{path}: {rule['id']}: {node['html'][:120]}" for node in rule["nodes"]]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            trouble.append(f"{path}: wider than the window")
    assert trouble == []


def test_a_decision_is_tried_with_the_keyboard_alone(shelf: Shelf) -> None:
    page = shelf.sits()
    page.goto(f"{PP}?tab=decisions")
    keys = page.keyboard

    def reach(role: str, name: str) -> None:
        wanted = page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
        for _ in range(60):
            if wanted.evaluate("element => element === document.activeElement"):
                return
            keys.press("Tab")
        raise AssertionError(f"{role} {name!r} cannot be reached with Tab")

    reach("link", "判定投诉级别")
    keys.press("Enter")
    reach("combobox", "判定的性质manualLevel")
    keys.press("End")
    reach("button", "试算")
    keys.press("Enter")
    expect(page.locator("tr.fired")).to_contain_text("命中")
    expect(page.locator(".result")).to_contain_text("判定为重大投诉")


def test_nothing_needs_a_script(shelf: Shelf) -> None:
    page = shelf.sits(scripts=False)
    page.goto(f"{PP}?tab=diagrams")
    expect(page.locator("#diagram")).to_be_hidden()
    expect(page.get_by_role("cell", name="公司领导阅批")).to_be_visible()
    page.goto(f"{TINY}/decisions/tiny_waiver")
    page.get_by_label("级别").select_option("major")
    page.get_by_label("amount due").fill("300")
    page.get_by_role("button", name="试算").click()
    expect(page.locator(".result .answer")).to_have_text("150")


def test_the_drawing_leads_to_the_processes_it_calls(shelf: Shelf) -> None:
    page = shelf.sits()
    page.goto(f"{PP}?tab=diagrams")
    page.wait_for_selector("#diagram[data-ready]")
    expect(page.locator("#diagram .bjs-powered-by")).to_be_visible()
    page.locator("#diagram .djs-element.link .djs-hit").first.click()
    expect(page.locator(".choices-line a[aria-current]")).not_to_have_text("客户投诉处理")


def test_on_a_phone_a_rule_is_a_card_with_what_it_asks_only(shelf: Shelf) -> None:
    page = shelf.sits(PHONE)
    page.goto(CLOSING)
    card = page.locator("#rule_reported")
    expect(card).to_contain_text("命中")
    assert card.locator("td:visible").count() == 7  # two conditions, four outputs, the note
    assert page.locator("table.dt thead").bounding_box()["x"] < 0  # type: ignore[index]


def test_a_wide_table_scrolls_in_its_frame_by_keyboard(shelf: Shelf) -> None:
    page = shelf.sits()
    page.goto(CLOSING)
    frame = page.locator(".dt-frame")
    frame.focus()
    page.keyboard.press("ArrowRight")
    for _ in range(100):  # scrolling is smooth; the page's policy forbids a predicate inside of it
        if frame.evaluate("element => element.scrollLeft"):
            break
        page.wait_for_timeout(20)
    assert frame.evaluate("element => element.scrollLeft") > 0
    expect(frame).to_have_attribute("aria-label", "决策表：归档前检查")
