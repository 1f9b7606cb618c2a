"""What holds for every committed file: no registry's host, no path of one machine, Python 3.11 syntax, no loose ends."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

REGISTRIES = re.compile(
    "|".join(
        re.escape(before + "." + after)
        for before, after in [
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("registry", "npmjs"),
            ("npmjs", "com"),
            ("npmjs", "org"),
            ("yarnpkg", "com"),
            ("npmmirror", "com"),
            ("unpkg", "com"),
            ("jsdelivr", "net"),
            ("cdnjs", "cloudflare"),
            ("esm", "sh"),
            ("deb.debian", "org"),
            ("repo.maven", "apache"),
            ("repo1", "maven"),
            ("proxy.golang", "org"),
            ("crates", "io"),
            ("googleapis", "com"),
        ]
    ),
    re.IGNORECASE,
)
"""Written in two halves, or this file would be its own finding."""

SOMEBODYS_MACHINE = re.compile(r"(?<![\w.])/" + r"(work|root)/\w")
"""An absolute path that exists where the author sat and nowhere else."""


@cache
def texts() -> dict[str, str]:
    """The text files that git knows, or would add: by path from the repository's root."""
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("不在 git 仓库中 / not in a git repository: what is committed cannot be listed")
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    paths = [path for path in listing.split("\0") if path and (ROOT / path).is_file()]
    found = {path: (ROOT / path).read_bytes() for path in paths}
    return {path: data.decode("utf-8") for path, data in found.items() if b"\0" not in data}


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path}:{number}: {match.group()}"
        for path, text in texts().items()
        for number, line in enumerate(text.splitlines(), 1)
        if (match := pattern.search(line))
    ]


def test_no_file_names_the_host_of_a_package_registry() -> None:
    assert lines_with(REGISTRIES) == []


def test_no_file_names_a_path_of_the_machine_it_was_written_on() -> None:
    assert lines_with(SOMEBODYS_MACHINE) == []


def test_every_python_file_parses_on_the_oldest_python_we_promise() -> None:
    broken = []
    for path, text in texts().items():
        if path.endswith(".py"):
            try:
                ast.parse(text, path, feature_version=(3, 11))
            except SyntaxError as error:
                broken.append(f"{path}:{error.lineno}: {error.msg}")

    assert broken == []


@pytest.mark.parametrize("word", ["TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplemented" + "Error"])
def test_no_loose_ends(word: str) -> None:
    ours = re.compile(rf"\b{word}\b")

    assert [line for line in lines_with(ours) if not line.startswith(("webapp/static/vendor/", "LICENSE"))] == []


def test_the_scripts_can_be_run() -> None:
    for name in ("tools/system.sh", "tools/venv.sh", ".ci/run"):
        script = ROOT / name

        assert script.stat().st_mode & 0o111, name
        assert subprocess.run(["bash", "-n", script], capture_output=True, check=False).returncode == 0, name
