"""`completed by(element)`: who did something earlier in this handling, so that they are kept from approving or checking it."""

from __future__ import annotations

from typing import Any

from engine.runtime.locking import lock_case
from tests.stories.test_property_project import is_classified, is_registered
from tests.support.town import Complaint, Town


def asked(town: Town, complaint: Complaint, text: str) -> Any:
    with town.store.writing() as db:
        return lock_case(db, complaint.key).evaluate(text, {}, None)


def test_who_completed_an_element_is_known_by_login(yunxi: Town) -> None:
    # given
    complaint = is_registered(yunxi)
    assert asked(yunxi, complaint, 'completed by("classify")') == []

    # when
    is_classified(yunxi, complaint)

    # then
    assert asked(yunxi, complaint, 'completed by("classify")') == ["property-project.reception"]
    assert asked(yunxi, complaint, 'completed by(element: "register")') == ["property-project.reception"]


def test_who_has_only_claimed_a_task_has_not_done_it(yunxi: Town) -> None:
    complaint = is_registered(yunxi)
    yunxi["reception2"].claims(complaint, "classify")

    assert asked(yunxi, complaint, 'completed by("classify")') == []


def test_an_element_that_is_none_or_no_text_is_answered_too(yunxi: Town) -> None:
    complaint = is_registered(yunxi)

    assert asked(yunxi, complaint, 'completed by("nothing of the kind")') == []
    assert asked(yunxi, complaint, "completed by(7)") is None
