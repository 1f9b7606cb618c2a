"""Camunda Modeler's own linter has nothing to say about our diagrams, and does speak where something is wrong."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = ROOT / "tools" / "lint"
DIAGRAMS = sorted((ROOT / "processes").rglob("*.bpmn"))


@pytest.fixture(scope="module")
def linter(node: Path) -> Path:
    """The script, with the packages of its lock file beside it."""
    installed, lock = LINT / "node_modules" / ".package-lock.json", LINT / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        subprocess.run([shutil.which("npm") or "npm", "ci"], cwd=LINT, check=True, capture_output=True, timeout=240)
    return LINT / "lint.mjs"


def lint(node: Path, linter: Path, *files: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(node), str(linter), *map(str, files)], capture_output=True, text=True, timeout=60)


def test_modeler_shows_no_problem_in_our_diagrams(node: Path, linter: Path) -> None:
    done = lint(node, linter, *DIAGRAMS)

    assert len(DIAGRAMS) >= 5
    assert done.stdout == ""
    assert done.returncode == 0, done.stderr


def test_a_message_without_correlation_key_is_an_error(node: Path, linter: Path, tmp_path: Path) -> None:
    # given
    diagram = (ROOT / "processes/property-project/main.bpmn").read_text(encoding="utf-8")
    broken = tmp_path / "main.bpmn"
    broken.write_text(diagram.replace('<zeebe:subscription correlationKey="=caseNumber" />', ""), encoding="utf-8")

    # when
    done = lint(node, linter, broken)

    # then
    assert done.returncode == 1
    assert "error" in done.stdout and "upgraded" in done.stdout


def test_a_condition_that_is_no_feel_is_an_error(node: Path, linter: Path, tmp_path: Path) -> None:
    # given
    diagram = (ROOT / "processes/property-project/main.bpmn").read_text(encoding="utf-8")
    broken = tmp_path / "main.bpmn"
    broken.write_text(diagram.replace("=isWritten = true", "=isWritten = ="), encoding="utf-8")

    # when
    done = lint(node, linter, broken)

    # then
    assert done.returncode == 1
    assert "is_written_to_incoming_doc" in done.stdout


def test_the_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (LINT / "package-lock.json").read_text(encoding="utf-8")
