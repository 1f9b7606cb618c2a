"""What no page of ours sends: it is refused or passed over in a sentence, on both databases, and never breaks a page."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stories.test_property_project import is_registered
from tests.support.office import Desk, Office, office
from tests.support.town import town


@pytest.fixture(params=["sqlite", "postgresql"])
def here(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    url = f"sqlite:///{tmp_path}/town.db" if request.param == "sqlite" else request.getfixturevalue("fresh_postgres_url")
    with town(url) as found, office(found, tmp_path) as opened:
        yield opened


def cursor(*values: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


FAR = "9999-01-01T00:00:00+00:00"
CURSORS = [cursor("2026-11-22T09:00:00", 1), cursor(FAR, 10**30), cursor(FAR, FAR, 1), cursor(FAR, -1), cursor([]), cursor("0001-01-01", 1)]
PAGES = ["/tasks?q=%00", "/cases?q=a%00b", "/cases/PP%00", "/cases/PP?before=%00", "/intake/x%00", "/tasks?after=%00"]


def test_a_cursor_of_any_kind_gives_a_page(here: Office) -> None:
    is_registered(here.town)
    desk = here.desk("reception")
    for after in [*CURSORS, base64.urlsafe_b64encode(b"[" * 100_000).decode()]:
        assert [desk.get(f"{path}after={after}").status for path in ("/tasks?tab=open&", "/tasks?tab=done&", "/cases?")] == [200] * 3


def test_a_null_character_in_an_address_is_refused(here: Office) -> None:
    desk = here.desk("reception")
    assert [desk.get(path).status for path in PAGES] == [400] * len(PAGES)


def test_a_null_character_in_what_is_sent_is_refused(here: Office) -> None:
    complaint = is_registered(here.town)
    desk = here.desk("reception")
    here.town["reception"].claims(complaint, "classify")
    page = desk.get(f"/tasks/{complaint.task('classify')}")
    assert page.send("//form[@id='task']", _token="a\0b").status == 422
    assert page.send("//form[@id='task']", manualReason="a\0b", manualLevel="gen\0eral").status == 422
    assert complaint.open == ["classify"]


def test_a_login_that_can_be_none_is_refused_like_any_other(here: Office) -> None:
    visitor = Desk(here.town["reception"], here.app.test_client())
    for login in ("a\0b", "\u202e", "\0"):
        page = visitor.get("/sign-in").send("//form[.//input[@name='password']]", login=login, password="x\0y")
        assert page.status == 422


def test_a_revision_of_five_thousand_digits_is_none(here: Office) -> None:
    complaint = is_registered(here.town)
    here.town["reception"].claims(complaint, "classify")
    page = here.desk("reception").get(f"/tasks/{complaint.task('classify')}")
    assert page.send("//form[@id='task']", _revision="9" * 5000, manualLevel="general").status == 303
