"""bpmn-js, which draws for Modeler and for our pages, opens every diagram of ours without a warning and draws all of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tools.render_diagrams import draw, open_viewer

ROOT = Path(__file__).resolve().parents[2]
DIAGRAMS = sorted((ROOT / "processes").rglob("*.bpmn"))
DRAWN = "() => window.viewer.get('elementRegistry').filter(e => e.businessObject.$instanceOf('bpmn:FlowNode') && e.type !== 'label').length"


@pytest.mark.parametrize("file", DIAGRAMS, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_a_diagram_is_drawn_whole(page: Page, file: Path, tmp_path: Path) -> None:
    # given
    open_viewer(page)

    # when
    picture = draw(page, file, tmp_path)

    # then
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert page.evaluate(DRAWN) == file.read_text(encoding="utf-8").count("<bpmn:flowNodeRef>")


def test_a_file_that_bpmn_js_warns_about_is_named(page: Page, tmp_path: Path) -> None:
    # given
    broken = tmp_path / "main.bpmn"
    text = (ROOT / "processes/property-project/main.bpmn").read_text(encoding="utf-8")
    broken.write_text(text.replace('bpmnElement="archived"', 'bpmnElement="gone"'), encoding="utf-8")
    open_viewer(page)

    # when, then
    with pytest.raises(SystemExit, match=r"main\.bpmn"):
        draw(page, broken, tmp_path)
