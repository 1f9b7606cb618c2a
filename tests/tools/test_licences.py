"""No GPL or AGPL comes along, and THIRD_PARTY.md says what does."""

from __future__ import annotations

import pytest

from tools import licences
from tools.licences import Licensed


def test_everything_locked_may_be_brought_along_and_is_listed() -> None:
    assert licences.check() == []


@pytest.mark.parametrize("licence", ["MIT", "Apache-2.0 OR BSD-2-Clause", "Apache-2.0 AND CNRI-Python", "MIT OR GPL-2.0-only"])
def test_a_permissive_licence_or_choice_is_accepted(licence: str) -> None:
    assert licences.refusal(Licensed("lantern", "1.0", licence)) is None


@pytest.mark.parametrize("licence", ["GPL-3.0", "AGPL-3.0-only", "MIT AND GPL-3.0-or-later", "LGPL-3.0-only", "Proprietary", ""])
def test_a_copyleft_or_unknown_licence_is_refused(licence: str) -> None:
    sentence = licences.refusal(Licensed("lantern", "1.0", licence))

    assert sentence is not None
    assert "lantern 1.0" in sentence


def test_lgpl_is_accepted_for_the_named_packages_only() -> None:
    assert licences.refusal(Licensed("psycopg", "3.3", "LGPL-3.0-only")) is None


def test_a_package_that_is_not_installed_cannot_be_judged() -> None:
    assert "not installed" in (licences.refusal(Licensed("lantern", "", "")) or "")
