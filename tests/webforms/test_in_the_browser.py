"""Forms in a real browser: no barrier axe can find, usable by keyboard, on a phone and without JavaScript, quiet under our policy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from engine import forms
from tests.forms.building import choice, component, form
from tests.webforms.conftest import Desk
from tests.webforms.everything import DATA, FILES, everything_form

PHONE = {"width": 390, "height": 844}
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def quiet(page: Page) -> Iterator[Page]:
    """A page on which the browser has nothing to complain about."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    yield page
    assert [line for line in heard if "status of 422" not in line] == []


def barriers(page: Page) -> list[str]:
    found = Axe().run(page, options=AXE).response["violations"]
    return [f"{rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]]


def sideways(page: Page) -> int:
    """How far the page scrolls to the side, in pixels."""
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_component_is_free_of_barriers_with_and_without_errors(quiet: Page, site: str, desk: Desk, locale: str):
    desk.lay(everything_form(), DATA, locale)
    for viewport in ({"width": 1366, "height": 900}, PHONE):
        quiet.set_viewport_size(viewport)  # type: ignore[arg-type]
        quiet.goto(site)
        assert barriers(quiet) == []
        quiet.locator("#send").click()
        expect(quiet.locator("#form-errors")).to_be_focused()
        assert barriers(quiet) == [] and sideways(quiet) == 0


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_the_forms_of_the_procedures_are_free_of_barriers_on_a_phone(quiet: Page, site: str, desk: Desk, file: Path):
    missing = [
        {"key": "clearAsk", "text": "问清楚", "clause": "PP-1-2", "text_en": "ask"},
        {"key": "reported", "text": "报告", "clause": "x"},
    ]
    desk.lay(forms.read(file.read_bytes()), {"missing": missing})
    quiet.set_viewport_size(PHONE)  # type: ignore[arg-type]
    quiet.goto(site)
    quiet.locator("#send").click()
    if quiet.evaluate("document.contentType") != "text/html":  # a form whose required fields have defaults is simply taken
        quiet.goto(site)
    assert barriers(quiet) == [] and sideways(quiet) == 0


def test_the_summary_leads_to_the_field(quiet: Page, site: str, desk: Desk):
    desk.lay(everything_form(), DATA)
    quiet.goto(site)
    quiet.locator("#send").click()
    for sentence, field in (("请填写姓名", "#f-F_name"), ("请选择处理情况", "#f-F_decision"), ("请选择已告知", "#f-F_told")):
        quiet.get_by_role("link", name=sentence).click()
        expect(quiet.locator(field)).to_be_focused()


BRANCH = [
    choice("radio", "decision", "solved", "unsolvable", label="处理情况"),
    component("textfield", "note", label="备注"),
    component("textarea", "reason", label="无法解决的原因", conditional={"hide": '=decision != "unsolvable"'}, validate={"required": True}),
    component("textfield", "last", label="最后"),
]


def test_fields_appear_as_soon_as_they_matter_and_nothing_typed_is_lost(quiet: Page, site: str, desk: Desk):
    desk.lay(form(*BRANCH))
    quiet.goto(site)
    quiet.get_by_label("备注").fill("先打的字")
    expect(quiet.get_by_label("无法解决的原因")).to_have_count(0)
    quiet.get_by_label("unsolvable").check()
    expect(quiet.get_by_label("无法解决的原因")).to_be_visible()
    expect(quiet.get_by_label("unsolvable")).to_be_checked()
    expect(quiet.get_by_label("备注")).to_have_value("先打的字")
    quiet.get_by_label("无法解决的原因").fill("缺配件")
    quiet.locator("#send").click()
    assert sent(quiet) == {"decision": "unsolvable", "note": "先打的字", "reason": "缺配件", "last": None}


def test_the_keyboard_is_enough(quiet: Page, site: str, desk: Desk):
    desk.lay(form(*BRANCH))
    quiet.goto(site)
    quiet.keyboard.press("Tab")
    expect(quiet.get_by_label("solved", exact=True)).to_be_focused()
    quiet.keyboard.press("Space")
    with quiet.expect_response(lambda response: response.request.method == "POST"):
        quiet.keyboard.press("ArrowDown")
    expect(quiet.get_by_label("无法解决的原因")).to_be_visible()
    expect(quiet.get_by_label("unsolvable")).to_be_focused()
    for text in ("备注一", "缺配件", "完"):
        quiet.keyboard.press("Tab")
        quiet.keyboard.type(text)
    quiet.keyboard.press("Tab")
    quiet.keyboard.press("Enter")
    assert sent(quiet) == {"decision": "unsolvable", "note": "备注一", "reason": "缺配件", "last": "完"}


def test_typing_on_while_the_form_is_refreshed_loses_nothing(quiet: Page, site: str, desk: Desk):
    parts = [
        component("textfield", "who", label="谁"),
        component("textfield", "note", label="备注"),
        component("text", text="你好 {{who}}"),
    ]
    desk.lay(form(*parts))
    quiet.route(
        "**/*", lambda route: (quiet.wait_for_timeout(300), route.continue_()) if route.request.method == "POST" else route.continue_()
    )
    quiet.goto(site)
    quiet.get_by_label("谁").fill("李梅")
    quiet.keyboard.press("Tab")
    quiet.keyboard.type("一边", delay=5)
    expect(quiet.get_by_text("你好 李梅")).to_be_visible()
    quiet.keyboard.type("接着打", delay=5)
    expect(quiet.get_by_label("备注")).to_have_value("一边接着打")


def test_without_javascript_a_button_updates_the_form(browser: Browser, site: str, desk: Desk):
    desk.lay(form(*BRANCH))
    with browser.new_context(java_script_enabled=False, locale="zh-CN") as context:
        page = context.new_page()
        page.goto(site)
        page.get_by_label("unsolvable").check()
        page.get_by_role("button", name="刷新表单").click()
        page.get_by_label("无法解决的原因").fill("缺配件")
        page.locator("#send").click()
        assert json.loads(page.locator("body").inner_text())["reason"] == "缺配件"


def test_without_javascript_a_field_that_appears_on_sending_is_asked_for(browser: Browser, site: str, desk: Desk):
    desk.lay(form(*BRANCH))
    with browser.new_context(java_script_enabled=False, locale="zh-CN") as context:
        page = context.new_page()
        page.goto(site)
        page.get_by_label("unsolvable").check()
        page.locator("#send").click()
        expect(page.locator("#form-errors")).to_contain_text("请填写无法解决的原因")


def test_rows_grow_and_shrink(quiet: Page, site: str, desk: Desk):
    rows = component("dynamiclist", id="L", path="parts", label="配件清单", components=[component("textfield", "part", label="配件")])
    desk.lay(form(rows))
    quiet.goto(site)
    quiet.get_by_label("配件", exact=True).fill("灯")
    quiet.get_by_role("button", name="新增一行").click()
    quiet.get_by_role("group", name="配件清单，第 2 行").get_by_label("配件").fill("泵")
    quiet.get_by_role("button", name="删除第 1 行").click()
    quiet.locator("#send").click()
    assert sent(quiet) == {"parts": [{"part": "泵"}]}


def sent(page: Page) -> Any:
    page.wait_for_function("document.contentType === 'application/json'")
    return json.loads(page.locator("body").inner_text())
