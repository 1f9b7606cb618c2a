"""Modeler has nothing against our host functions, wherever process owners write them: condition, due date, table cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.runtime.language import SIGNATURES
from tests.dmn import models
from tests.procedures.test_modeler_lint import lint, linter  # noqa: F401  (a fixture)
from tests.tokens import drawing as draw

ROOT = Path(__file__).resolve().parents[2]
WRITTEN = {
    "due": 'due("propose")',
    "workdays": "workdays(a, b)",
    "add working time": 'add working time(start, duration("PT4H"))',
    "role members": 'role members("gm")',
    "completed by": 'completed by("propose")',
    "cycle": 'cycle(3, duration("PT1H"))',
}


def diagram(folder: Path, condition: str, due: str) -> Path:
    """A diagram with a condition and a due date."""
    ways = draw.flow("x", "e", condition) + draw.flow("x", "e2", flow_id="f")
    nodes = draw.start(), draw.user("u", draw.due(due)), draw.exclusive("x", "f"), draw.end(), draw.end("e2")
    file = folder / f"{len(list(folder.iterdir()))}.bpmn"
    file.write_bytes(draw.diagram(draw.process("p", *nodes, draw.chain("s", "u", "x"), ways)))
    return file


def table(folder: Path, head: str, cell: str, result: str) -> Path:
    """A decision table with an input, a cell to be met and a result."""
    file = folder / f"{len(list(folder.iterdir()))}.dmn"
    file.write_bytes(models.definitions(models.decision("d", models.table([head], ["out"], [[cell, result]]))))
    return file


def test_every_host_function_may_stand_in_a_condition_a_due_date_and_a_cell(node: Path, linter: Path, tmp_path: Path) -> None:  # noqa: F811
    assert set(WRITTEN) == set(SIGNATURES)
    files = [diagram(tmp_path, f"={text} != null", f"={text}") for text in WRITTEN.values()]
    files += [table(tmp_path, text, f"? = {text}", text) for text in WRITTEN.values()]

    done = lint(node, linter, *files)

    assert [line for line in done.stdout.splitlines() if "error" in line] == []
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("place", ["condition", "due date", "head of a column", "cell", "result"])
def test_a_slip_in_any_of_these_places_is_found(node: Path, linter: Path, tmp_path: Path, place: str) -> None:  # noqa: F811
    wrong, right = 'role members(("gm")', 'role members("gm")'
    texts = {name: wrong if name == place else right for name in ("condition", "due date", "head of a column", "cell", "result")}
    files = [
        diagram(tmp_path, f"={texts['condition']} != null", f"={texts['due date']}"),
        table(tmp_path, texts["head of a column"], texts["cell"], texts["result"]),
    ]

    done = lint(node, linter, *files)

    assert len([line for line in done.stdout.splitlines() if "error" in line]) == 1
    assert done.returncode == 1


def test_modeler_reads_every_cell_of_our_tables(node: Path, linter: Path) -> None:  # noqa: F811
    tables = sorted((ROOT / "processes").rglob("*.dmn"))

    done = lint(node, linter, *tables)

    assert len(tables) >= 5
    assert (done.stdout, done.returncode) == ("", 0), done.stderr
