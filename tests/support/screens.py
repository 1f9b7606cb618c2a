"""A town whose people work at screens: every act goes through the real pages in Chromium, and the page that follows is read.

Stories are told with it as with `tests.support.town.Town`: `registers`, `claims` and `does` mean the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from engine import clock, runtime
from engine.store import tables
from tests.support.office import Office, office
from tests.support.town import MONDAY, Complaint, Someone, Town

COUNT_SWAPS = "window.swaps = 0; document.addEventListener('htmx:after:swap', () => { window.swaps += 1; });"
STATE = "found => found.map(control => [control.value, control.checked])"
WIDER = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
RULE = re.compile(r"rule \d+ applied.*")  # what a decision table remarks is data, in the language of its author
CHINESE = re.compile(r"[\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Look:
    """The language and the size of somebody's pages."""

    locale: str
    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.locale}-{self.width}"

    def say(self, zh: str, en: str) -> str:
        return en if self.locale == "en" else zh


@dataclass
class Screens:
    """A page for each person and look, kept for all stories; what goes wrong in any of them is noted in `trouble`."""

    browser: Browser
    pages: dict[tuple[str, Look], Page] = field(default_factory=dict)
    trouble: list[str] = field(default_factory=list)

    def of(self, login: str, look: Look) -> Page:
        """Return this person's page, a new one if need be."""
        if (login, look) not in self.pages:
            viewport = {"width": look.width, "height": look.height}
            context = self.browser.new_context(viewport=viewport, locale="zh-CN", timezone_id="Asia/Shanghai")
            context.add_init_script(COUNT_SWAPS)
            context.set_default_timeout(10_000)
            page = context.new_page()
            page.on("pageerror", lambda error: self.trouble.append(str(error)))
            page.on("console", lambda said: self.trouble.append(said.text) if said.type in ("error", "warning") else None)
            self.pages[login, look] = page
        return self.pages[login, look]

    def close(self) -> None:
        for page in self.pages.values():
            page.context.close()


@dataclass(frozen=True)
class Seat:
    """Somebody's page in a town, and what was typed there."""

    page: Page
    address: str
    look: Look
    typed: set[str]

    def goes(self, path: str) -> Page:
        self.page.goto(self.address + path)
        self.reads(path)
        return self.page

    def presses(self, zh: str, en: str) -> None:
        self.page.get_by_role("button", name=self.look.say(zh, en), exact=True).click()

    def told(self, zh: str, en: str) -> None:
        expect(self.page.locator(".flash-good")).to_have_text(self.look.say(zh, en))

    def fills(self, form: str, values: Mapping[str, Any]) -> None:
        """Enter the values by the names of the controls; what appears only after another answer waits for it."""
        texts = [value for value in values.values() if isinstance(value, str)]
        self.typed.update(texts, (runtime.mask(kind, text) for kind in ("name", "phone", "address") for text in texts))
        waiting = dict(values)
        while waiting:
            there = [name for name in waiting if self.page.locator(f"{form} [name='{name}']:not([type=hidden])").count()]
            assert there, f"{self.page.url} shows no control for {sorted(waiting)}"
            for name in there:
                self._enters(self.page.locator(f"{form} [name='{name}']:not([type=hidden])"), waiting.pop(name))

    def reads(self, path: str) -> None:
        """Check what holds for every page: it is the one expected, fits its width, and speaks the reader's language."""
        assert self.page.url.removeprefix(self.address).startswith(path), self.page.url
        assert not self.page.evaluate(WIDER), f"{self.page.url} is wider than the window"
        if self.look.locale == "en":
            left = _chinese(self.page.locator("body").inner_text(), self.typed)
            assert left == [], f"{self.page.url} has Chinese on it: {left}"

    def _enters(self, controls: Locator, value: Any) -> None:
        """Enter one value; if the page depends on it, wait until the page has followed."""
        depends = controls.first.get_attribute("hx-post") is not None
        before, state = self.page.evaluate("() => window.swaps"), controls.evaluate_all(STATE)
        kind = controls.first.evaluate("element => element.type")
        if kind == "radio":
            controls.locator(f"xpath=self::*[@value='{value}']").check()
        elif isinstance(value, list):
            for control in controls.all():
                control.set_checked(control.get_attribute("value") in value)
        elif kind == "checkbox":
            controls.set_checked(value)
        elif kind.startswith("select"):
            controls.select_option(value)
        else:
            controls.fill(str(value))
            controls.blur()
        if depends and controls.evaluate_all(STATE) != state:
            self.page.wait_for_function("before => window.swaps > before", arg=before)


@dataclass(frozen=True)
class Clerk(Someone):
    """Somebody who does with hands what `Someone` does by calling the engine."""

    seat: Seat

    def registers(self, **values: Any) -> Complaint:
        """Fill in the registration form, and read the number from the page that follows."""
        page = self.seat.goes("/intake/property-project")
        self.seat.fills("#register", values)
        self.seat.presses("登记", "Register")
        number = page.locator(".registered .number").inner_text()
        self.seat.reads(f"/cases/{number}")
        with self.town.store.reading() as db:
            key: int = db.execute(select(tables.case.c.key).where(tables.case.c.number == number)).scalar_one()
        return Complaint(self.town, key, number)

    def claims(self, complaint: Complaint, element: str) -> int:
        """Open the task and press the button that claims it."""
        key = complaint.task(element)
        self.seat.goes(f"/tasks/{key}")
        self.seat.presses("签收", "Claim")
        self.seat.told("已签收，请办理。", "The task is yours now.")
        self.seat.reads(f"/tasks/{key}")
        return key

    def does(self, complaint: Complaint, element: str, **values: Any) -> Any:
        """Claim the task, fill it in and send it; it is gone then, and the next one or the inbox is there."""
        key = self.claims(complaint, element)
        self.seat.fills("#task", values)
        self.seat.presses("提交", "Submit")
        self.seat.told("已提交。", "Submitted.")
        assert not self.seat.page.url.endswith(f"/tasks/{key}")
        self.seat.reads("/tasks")


class TownOnScreens(Town):
    """A town whose people are asked for at their screens."""

    def sits(self, pages: Office, address: str, screens: Screens, look: Look) -> None:
        self.pages, self.address, self.screens, self.look = pages, address, screens, look
        self.typed: set[str] = set()

    def __getitem__(self, login: str) -> Clerk:
        someone = super().__getitem__(login)
        page = self.screens.of(someone.login, self.look)
        session = self.pages.session(someone.key, self.look.locale)  # a new one each time: the last may have run out
        page.context.add_cookies([{"name": "jiesu", "value": session, "url": self.address}])
        return Clerk(self, someone.key, someone.login, someone.name, Seat(page, self.address, self.look, self.typed))


@contextmanager
def town_on_screens(home: Path, screens: Screens, look: Look) -> Iterator[TownOnScreens]:
    """A fresh town, served; its clock stands at Monday nine o'clock."""
    with clock.pinned(MONDAY):
        found = TownOnScreens(f"sqlite:///{home}/town.db")
        try:
            with office(found, home) as pages, pages.running() as address:
                found.sits(pages, address, screens, look)
                yield found
        finally:
            found.store.dispose()


def _chinese(text: str, typed: set[str]) -> list[str]:
    """Return the Chinese left on a page, without what people typed themselves and without the names of the language and of the program."""
    for data in sorted({*typed, "中文", "接诉"}, key=len, reverse=True):
        text = text.replace(data, "")
    return CHINESE.findall(RULE.sub("", text))
