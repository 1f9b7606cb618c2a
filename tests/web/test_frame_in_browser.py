"""The frame of every page in a real browser: accessible, on a phone, by keyboard alone, on paper, without JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.web.conftest import PASSWORD
from webapp.rights import PUBLIC, needs

PHONE, DESK = (390, 844), (1366, 768)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Opens a window: `visit(PHONE)`; every error in its console fails the test at the end."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def window(size: tuple[int, int] = DESK, javascript: bool = True) -> Page:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN", java_script_enabled=javascript)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda problem: complaints.append(str(problem)))
        page.on("console", lambda line: complaints.append(line.text) if "Content Security Policy" in line.text else None)
        return page

    yield window
    for context in contexts:
        context.close()
    assert complaints == []


def enter(page: Page, address: str, login: str = "li.na", password: str = PASSWORD) -> None:
    page.goto(f"{address}/sign-in")
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()


def findings(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


def overflow(page: Page) -> int:
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_frame_is_accessible_and_fits(served: str, visit: Visit, size: tuple[int, int]) -> None:
    page = visit(size)
    page.goto(f"{served}/sign-in")
    seen = {"sign-in": (findings(page), overflow(page))}
    enter(page, served, password="wrong password")
    seen["refused"] = (findings(page), overflow(page))
    page.goto(f"{served}/nothing-here")
    seen["404"] = (findings(page), overflow(page))
    enter(page, served, "zhao.qiang")
    seen["no role"] = (findings(page), overflow(page))
    page.locator("summary").click()
    seen["menu open"] = (findings(page), overflow(page))
    page.get_by_role("button", name="English").click()
    seen["English"] = (findings(page), overflow(page))

    assert seen == {name: ([], 0) for name in seen}


def test_signing_in_and_out_needs_no_mouse(served: str, visit: Visit) -> None:
    page = visit()
    page.goto(f"{served}/sign-in")

    page.keyboard.type("li.na")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks*")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到主要内容")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.wait_for_url("**/sign-in")
    expect(page.get_by_role("status")).to_contain_text("您已退出")


def test_a_refused_sign_in_leads_back_to_the_password(served: str, visit: Visit) -> None:
    page = visit()

    enter(page, served, password="wrong password")

    expect(page.get_by_role("alert")).to_contain_text("登录名或密码不正确")
    expect(page.get_by_label("密码")).to_be_focused()
    expect(page.get_by_label("登录名")).to_have_value("li.na")


def test_everything_works_without_javascript(served: str, visit: Visit) -> None:
    page = visit(PHONE, javascript=False)

    enter(page, served)
    page.wait_for_url("**/tasks*")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My tasks")
    page.locator("summary").click()
    page.get_by_role("button", name="Sign out").click()

    page.wait_for_url("**/sign-in")


def test_the_menu_closes_with_escape_and_gives_the_focus_back(served: str, visit: Visit) -> None:
    page = visit()
    enter(page, served)
    page.locator("summary").click()
    expect(page.get_by_role("button", name="退出")).to_be_visible()

    page.keyboard.press("Escape")

    expect(page.get_by_role("button", name="退出")).to_be_hidden()
    expect(page.locator("summary")).to_be_focused()


def test_rows_are_walked_with_j_and_k_and_opened_with_enter(app: Flask, served: str, visit: Visit) -> None:
    rows = "".join(f"<tr><td><a href='/nothing-{n}'>{n}</a></td></tr>" for n in (1, 2, 3))
    text = "{% extends 'base.html' %}{% block main %}<table data-keys><tbody>" + rows + "</tbody></table><input>{% endblock %}"
    app.add_url_rule("/rows", "rows", needs(PUBLIC)(lambda: app.jinja_env.from_string(text).render()))
    page = visit()
    page.goto(f"{served}/rows")

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="3")).to_be_focused()
    page.keyboard.press("k")
    expect(page.get_by_role("link", name="2")).to_be_focused()
    page.locator("main input").press("j")
    expect(page.locator("main input")).to_have_value("j")
    page.get_by_role("link", name="2").focus()
    page.keyboard.press("Enter")

    page.wait_for_url("**/nothing-2")


def test_a_double_click_sends_a_form_once_and_back_makes_it_usable_again(app: Flask, served: str, visit: Visit) -> None:
    sent: list[int] = []

    @needs(PUBLIC)
    def form() -> str:
        text = "{% extends 'base.html' %}{% from 'macros.html' import csrf %}{% block main %}"
        text += "<form method=post action=/slow id=f>{{ csrf() }}<button name=b value=1>send</button></form>{% endblock %}"
        return app.jinja_env.from_string(text).render()

    @needs(PUBLIC)
    def slow() -> str:
        sent.append(1)
        return "done"

    app.add_url_rule("/form", "form", form)
    app.add_url_rule("/slow", "slow", slow, methods=["POST"])
    page = visit()
    page.goto(f"{served}/form")

    page.evaluate("() => { const b = document.querySelector('#f button'); b.click(); b.click(); b.click(); }")
    page.wait_for_url("**/slow")
    assert sent == [1]
    page.go_back()
    page.get_by_role("button", name="send").click()
    page.wait_for_url("**/slow")

    assert sent == [1, 1]


def test_paper_shows_the_content_only(served: str, visit: Visit) -> None:
    page = visit()
    enter(page, served)

    page.emulate_media(media="print")

    expect(page.locator("header")).to_be_hidden()
    expect(page.locator("nav.side")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
