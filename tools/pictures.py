"""Takes the pictures of the README from the pages of the demo organisation; people and cases are invented.

Run `.venv/bin/python -m tools.pictures`.
"""

from __future__ import annotations

import logging
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Page

from tests.support.chromium import chromium
from tests.support.office import office
from tests.support.programs import CHROMIUM, need
from tests.support.town import Complaint, Town, town

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
WIDTH, HEIGHTS = 1366, {"inbox": 768, "task": 1120, "case": 1240}


def registered(town: Town, category: str, matter: str, name: str, **more: Any) -> Complaint:
    known = {"channel": "phone", "customerPhone": "13800000000", "customerAddress": "示例路 1 号", "clearListen": True, "clearAsk": True}
    return town["reception"].registers(**known | {"category": category, "complaintMatter": matter, "customerName": name} | more)


def dispatched(town: Town, found: Complaint, department: str, note: str) -> None:
    town["reception"].does(found, "classify", manualLevel="general")
    town["reception"].does(found, "dispatch", responsibleDept=department, dispatchNote=note)
    town["reception"].claims(found, "notify_state")


def a_morning(town: Town) -> dict[str, Complaint]:
    """Let reception have a morning: something late, something urgent, something to be judged."""
    lift = registered(town, "facility", "3 栋 2 单元电梯停运三天，楼上老人无法下楼，希望今天修好", "示例用户甲")
    dispatched(town, lift, "engineering", "请当日查明原因，先安排人员协助老人出行")
    town["functional_dept"].claims(lift, "implement")
    town.waits(minutes=25)
    registered(town, "sanitation", "5 栋楼下垃圾桶满溢，两天没有清运", "示例用户乙")
    leak = registered(town, "housing", "地下车库 B2 顶板漏水，十余个车位积水，已有车辆受损", "示例用户丙")
    reason = "多户车辆受损，超出部门处理权限"
    town["reception"].does(leak, "classify", manualLevel="major", manualReason=reason, exceedsDept=True, isUrgent=True)
    town["reception"].claims(leak, "report_leader")
    town["reception"].claims(leak, "handover_notice")
    town.waits(minutes=20)
    fee = registered(town, "fee", "十月、十一月停车费重复扣款，要求退还多收的费用", "示例用户丁")
    dispatched(town, fee, "finance", "请核对扣款记录")
    letter = registered(town, "security", "来信反映夜间装修噪声扰民，请依管理规约处理", "示例用户戊", channel="letter", isWritten=True)
    town["reception"].claims(letter, "incoming_doc")
    waits_for_the_bank(town, fee)
    town.waits(minutes=21)
    return {"case": lift, "task": fee}


def waits_for_the_bank(town: Town, found: Complaint) -> None:
    """Promise the user another reply tomorrow; the department goes on."""
    town["functional_dept"].does(found, "implement", handleDecision="unsolvable", unsolvableReason="等待银行提供扣款流水")
    told = "已核对到重复扣款，退款金额待银行流水确认，明天上午再答复"
    town["reception"].does(found, "tell_unsolvable", unsolvableExplanation=told, nextReplyAt="2026-11-24T10:00")
    town["functional_dept"].claims(found, "implement")


def fill_in(page: Page) -> None:
    page.get_by_role("radio", name="已解决").check()
    page.locator("[name=handlingProcess]").fill("已取得十月、十一月银行流水，确认重复扣款两笔，退款申请已提交财务。")
    page.locator("[name=handlingResult]").fill("多收的两个月停车费今日原路退回。")


def take(page: Page, address: str, name: str, path: str) -> None:
    page.set_viewport_size({"width": WIDTH, "height": HEIGHTS[name]})
    page.goto(address + path)
    if name == "task":
        fill_in(page)
    if name == "case":
        page.wait_for_selector("#diagram[data-ready]")
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=IMAGES / f"{name}.png")


def main() -> None:
    """Take `inbox.png`, `task.png` and `case.png`."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    IMAGES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as home, town(f"sqlite:///{home}/town.db") as found, office(found, Path(home)) as pages:
        shown = a_morning(found)
        with pages.running() as address, chromium(need(CHROMIUM)) as browser:
            context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
            page = context.new_page()
            pages.sign_in(context, address, "reception")
            take(page, address, "inbox", "/tasks?tab=mine")
            take(page, address, "case", f"/cases/{shown['case'].number}")
            pages.sign_in(context, address, "functional_dept")
            take(page, address, "task", f"/tasks/{shown['task'].task('implement')}")


if __name__ == "__main__":
    main()
