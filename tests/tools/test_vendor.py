"""The front-end libraries are the committed ones, byte for byte."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tools import vendor


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(vendor.VENDOR, tmp_path / "vendor"))


def test_what_is_committed_is_what_the_lock_names() -> None:
    assert vendor.check() == []


def test_every_library_has_its_licence_beside_it() -> None:
    for name, package in vendor.read().items():
        assert any(file.endswith("/LICENSE") for file in package["files"]), name
        assert package["integrity"].startswith("sha512-"), name


def test_a_changed_file_is_named(copy: Path) -> None:
    with (copy / "htmx" / "htmx.min.js").open("a") as file:
        file.write("alert(1)")

    assert vendor.check(copy) == ["htmx/htmx.min.js: 内容已改变 / changed"]


def test_a_missing_file_is_named(copy: Path) -> None:
    (copy / "bpmn-js" / "LICENSE").unlink()

    assert vendor.check(copy) == ["bpmn-js/LICENSE: 缺失 / missing"]


def test_a_file_nobody_listed_is_named(copy: Path) -> None:
    (copy / "bootstrap" / "extra.js").write_text("")

    assert vendor.check(copy) == ["bootstrap/extra.js: 不在 vendor.lock.json 中 / not listed in vendor.lock.json"]


def test_the_watermark_of_bpmn_io_is_in_the_viewer_and_no_style_of_ours_hides_it() -> None:
    viewer = (vendor.VENDOR / "bpmn-js" / "bpmn-navigated-viewer.production.min.js").read_text(encoding="utf-8")
    ours = [path for path in vendor.VENDOR.parent.rglob("*.css") if vendor.VENDOR not in path.parents]

    assert "bjs-powered-by" in viewer
    rules = [rule for path in ours for rule in re.findall(r"[^{}]*powered-by[^{}]*\{([^{}]*)\}", path.read_text(encoding="utf-8"))]
    said = {part.partition(":")[0].strip() for rule in rules for part in rule.split(";") if part.strip()}
    assert said <= {"min-height"}  # a larger target to click; nothing that hides, moves or covers it
