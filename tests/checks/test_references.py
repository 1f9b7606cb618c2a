"""Roles, kinds of personal data and clause targets agree between the files of a release."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.checks import references
from engine.releases import read_folder
from engine.runtime import read_package

ROOT = Path(__file__).resolve().parents[2]
OURS = sorted(path.name for path in (ROOT / "processes").iterdir() if (path / "procedure.toml").is_file())


def found(**changes: tuple[bytes, bytes]) -> list[tuple[str, str]]:
    """Return (rule, element) of the findings after a replacement in files of property-project."""
    files = read_folder(ROOT / "processes" / "property-project")
    for name, (old, new) in changes.items():
        file = name.replace("__", ".")
        assert old in files[file]
        files[file] = files[file].replace(old, new)
    return [(item.rule, item.element) for item in references.check(read_package(files))]


@pytest.mark.parametrize("procedure", OURS)
def test_our_files_agree(procedure: str) -> None:
    assert references.check(read_package(read_folder(ROOT / "processes" / procedure))) == []


def test_a_role_that_no_sheet_knows() -> None:
    assert found(roles__csv=(b"company_leader,", b"leader,")) == [("unknown-role", "leader_doc")]


def test_a_form_and_the_variables_disagree_about_personal_data() -> None:
    assert found(register__form=(b'"personal": "phone"', b'"personal": "name"')) == [("personal-kind", "customerPhone")]


def test_a_form_treats_as_ordinary_what_is_personal() -> None:
    assert found(register__form=(b'"personal": "address"', b'"nothing": "address"')) == [("personal-kind", "customerAddress")]


def test_a_clause_points_nowhere() -> None:
    assert found(clauses__csv=(b"register.form#", b"registration.form#"))[0][0] == "clause-target"
