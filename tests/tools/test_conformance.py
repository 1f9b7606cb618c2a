"""The public conformance table names tests that exist, and the page is what the table says."""

from __future__ import annotations

import ast
import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
spec = importlib.util.spec_from_file_location("conformance", ROOT / "tools" / "conformance.py")
assert spec and spec.loader
conformance = importlib.util.module_from_spec(spec)
spec.loader.exec_module(conformance)


@pytest.mark.parametrize("row", conformance.rows(), ids=lambda row: row["element"])
def test_every_row_is_shown_by_tests_that_exist(row: dict[str, str]) -> None:
    assert row["tests"].split()
    for name in row["tests"].split():
        file, _, function = name.partition("::")
        tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
        assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, name


def test_the_page_is_generated_from_the_table() -> None:
    assert conformance.PAGE.read_text(encoding="utf-8") == conformance.page(), "run: python tools/conformance.py"
