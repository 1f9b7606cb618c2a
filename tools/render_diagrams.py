"""Draw diagrams as pictures, so that a person can look at them: `python tools/render_diagrams.py <folder> [file.bpmn …]`.

Without files every `processes/**/*.bpmn` is drawn. The pictures (PNG, twice the size of the diagram) are named
`<procedure>-<file>.png`. bpmn-js draws them in the system's Chromium, as Camunda Modeler would.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
VIEWER = ROOT / "webapp/static/vendor/bpmn-js/bpmn-navigated-viewer.production.min.js"
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]
PAGE = """<!doctype html><meta charset=utf-8>
<style>body{margin:0;background:#fff}#canvas{width:100vw;height:100vh}</style><div id=canvas></div>"""
DRAW = """async xml => {
  window.viewer ??= new BpmnJS({container: '#canvas'});
  const {warnings} = await window.viewer.importXML(xml);
  const box = window.viewer.get('canvas').viewbox().inner;
  return {width: Math.ceil(box.width) + 40, height: Math.ceil(box.height) + 40, warnings: warnings.map(w => w.message)};
}"""
FIT = """() => {
  const canvas = window.viewer.get('canvas'), box = canvas.viewbox().inner;
  canvas.resized();
  canvas.viewbox({x: box.x - 20, y: box.y - 20, width: innerWidth, height: innerHeight});
}"""


def main() -> None:
    """Draw the named files, or all, into the folder."""
    arguments = argparse.ArgumentParser(description="Draw BPMN diagrams as PNG files.")
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("files", type=Path, nargs="*")
    arguments.add_argument("--viewer", type=Path, default=VIEWER, help="bpmn-js NavigatedViewer, UMD build")
    given = arguments.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    files = given.files or sorted((ROOT / "processes").rglob("*.bpmn"))
    with sync_playwright() as playwright:
        chromium = os.environ.get("JIESU_CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = browser.new_page(device_scale_factor=2)
        open_viewer(page, given.viewer)
        for file in files:
            print(draw(page, file, given.folder))
        browser.close()


def open_viewer(page: Page, viewer: Path = VIEWER) -> None:
    """Put an empty bpmn-js viewer on the page."""
    page.set_content(PAGE)
    page.add_script_tag(path=str(viewer))


def draw(page: Page, file: Path, folder: Path) -> Path:
    """Draw one file and return the picture's path; bpmn-js's warnings are an error."""
    page.set_viewport_size({"width": 800, "height": 600})
    size = page.evaluate(DRAW, file.read_text(encoding="utf-8"))
    if size["warnings"]:
        raise SystemExit(f"{file}: {'; '.join(size['warnings'])}")
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    page.evaluate(FIT)
    picture = folder / f"{file.resolve().parent.name}-{file.stem}.png"
    page.screenshot(path=str(picture))
    return picture


if __name__ == "__main__":
    main()
