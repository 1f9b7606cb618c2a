"""Writes docs/conformance.md from tests/bpmn/conformance.csv: which BPMN element is tried by which test.

`python tools/conformance.py` writes it; a test fails when the page is older than the table or names a test that does not exist.
"""

from __future__ import annotations

import csv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "tests" / "bpmn" / "conformance.csv"
PAGE = ROOT / "docs" / "conformance.md"
HEAD = """# 流程元素对照表 / BPMN conformance

jiesu 能执行 Camunda Modeler（Camunda 8）画出的下列元素；每一行由所列的自动测试证明。右栏是不加改造的 SpiffWorkflow 3.2.0 的表现（实测）。
本页由 `tools/conformance.py` 从测试生成，请不要手工修改。

What Camunda Modeler (Camunda 8) draws and jiesu runs; each row is shown by the tests it names. The last column says what
SpiffWorkflow 3.2.0 alone does with it, found by experiment. Generated from the tests: do not edit.

| 元素 / element | 由测试证明 / shown by | SpiffWorkflow 单独使用 / alone |
|---|---|---|
"""


def rows() -> list[dict[str, str]]:
    """Return the lines of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def page() -> str:
    """Return the text of the page."""
    lines = []
    for row in rows():
        tests = "<br>".join(f"`tests/{name}`" for name in row["tests"].split())
        lines.append(f"| {row['zh']}<br>{row['en']} | {tests} | {row['alone_zh']}<br>{row['alone_en']} |")
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
