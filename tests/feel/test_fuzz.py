"""FEEL under coverage-guided fuzzing (atheris) for a minute: no crash, no hang, no growth. Hypothesis does the same at random."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.feel import own_expressions
from engine.feel import BUILTINS
from engine.feel.tokens import KEYWORDS
from tests.feel.test_hostile import LARGE, SIGNS

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60


@pytest.fixture
def atheris(tmp_path: Path) -> Path:
    """A throw-away folder with atheris in it; it never enters our environment or locks."""
    folder = tmp_path / "packages"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:"]
    done = subprocess.run([*pip, "--target", str(folder), "atheris"], capture_output=True, text=True, timeout=120)
    if done.returncode:
        pytest.skip("没有 atheris / atheris cannot be installed here (no network, or no wheel for this Python)")
    return folder


def corpus(folder: Path) -> Path:
    """Every expression of our own files, and those written to harm, as a start."""
    folder.mkdir()
    for number, text in enumerate(dict.fromkeys([*own_expressions(), *LARGE])):
        (folder / f"{number:04}").write_text(text, encoding="utf-8")
    return folder


def words(file: Path) -> Path:
    """The words of the language, so that the fuzzer need not find them letter by letter."""
    known = [*sorted(KEYWORDS), *sorted(BUILTINS), *SIGNS, "partial", "item"]
    known = [word for word in known if word.isascii() and word.isprintable()]
    escaped = [word.replace("\\", "\\\\").replace('"', '\\"') for word in known]
    file.write_text("\n".join(f'"{word}"' for word in escaped), encoding="utf-8")
    return file


@pytest.mark.long
def test_a_minute_of_fuzzing_finds_nothing(atheris: Path, tmp_path: Path) -> None:
    limits = [f"-max_total_time={SECONDS}", "-timeout=20", "-rss_limit_mb=2048", "-max_len=2048", f"-artifact_prefix={tmp_path}/"]
    command = [sys.executable, str(ROOT / "tests/feel/fuzz.py"), str(corpus(tmp_path / "corpus")), f"-dict={words(tmp_path / 'words')}"]
    path = os.pathsep.join([str(atheris), str(ROOT)])

    done = subprocess.run([*command, *limits], capture_output=True, text=True, timeout=SECONDS * 4, env=os.environ | {"PYTHONPATH": path})

    told = done.stdout + done.stderr
    assert done.returncode == 0, told[-4000:]
    assert "Done " in told  # libFuzzer's last line: how many it tried
