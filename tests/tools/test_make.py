"""The two commands on a fresh copy of the repository: what README promises first."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

FIRST, AGAIN = 90.0, 5.0
"""Seconds until `make run` listens: with an empty package cache, and the second time."""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The committed files alone, as a new user gets them."""
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("不在 git 仓库中 / not in a git repository: there is nothing to clone")
    folder = tmp_path_factory.mktemp("fresh") / "jiesu"
    subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True)
    return folder


def make(target: str, folder: Path, **settings: str) -> subprocess.Popen[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("JIESU_", "MAKE", "MFLAGS", "VIRTUAL_ENV"))}
    return subprocess.Popen(
        ["make", target],
        cwd=folder,
        env=clean | settings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def is_healthy(port: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def stop(running: subprocess.Popen[str]) -> str:
    """What Ctrl-C does: everything in the foreground hears it. Answers what was printed."""
    if running.poll() is None:
        os.killpg(running.pid, signal.SIGINT)
    try:
        return running.communicate(timeout=20)[0]
    except ValueError:  # stopped and read before
        return ""


@contextmanager
def demo(folder: Path, port: str, within: float) -> Iterator[float]:
    """Runs the demo until the block ends; yields the seconds it took to answer. Fails with its output if it never does."""
    began = time.monotonic()
    running = make("run", folder, JIESU_PORT=port, PIP_NO_CACHE_DIR="1")
    try:
        while not is_healthy(port):
            if running.poll() is not None or time.monotonic() - began > 2 * within:
                pytest.fail(f"the demo does not answer:\n{stop(running)}", pytrace=False)
            time.sleep(0.1)
        yield time.monotonic() - began
    finally:
        stop(running)


@pytest.mark.long
@pytest.mark.timeout(400)
def test_make_run_serves_the_demo_and_is_quick_the_second_time(copy: Path) -> None:
    port = free_port()

    with demo(copy, port, FIRST) as first:
        pass
    assert not is_healthy(port)
    with demo(copy, port, AGAIN) as again:
        pass

    assert first < FIRST
    assert again < AGAIN


@pytest.mark.long
def test_a_python_that_is_too_old_is_told_so_in_one_sentence(tmp_path: Path, copy: Path) -> None:
    old = tmp_path / "python3.9"
    old.write_text('#!/bin/sh\n[ "$1" = -V ] && echo "Python 3.9.2" && exit 0\nexit 1\n')
    old.chmod(0o755)
    new = Path(shutil.copytree(copy, tmp_path / "copy", ignore=shutil.ignore_patterns(".venv", "var")))

    refused = make("run", new, PYTHON=str(old))
    words, _ = refused.communicate(timeout=30)

    assert refused.returncode != 0
    assert "Python 3.11 or newer is needed" in words
    assert "Python 3.9.2" in words


def test_a_wheel_carries_the_procedures_and_the_front_end(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", tmp_path, ROOT]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    with zipfile.ZipFile(next(tmp_path.glob("jiesu-*.whl"))) as wheel:
        carried = set(wheel.namelist())

    for name in (
        "webapp/data/processes/property-project/main.bpmn",
        "webapp/data/forms/property-project/register.form",
        "webapp/data/demo/property-project/people.csv",
        "webapp/static/vendor/bpmn-js/LICENSE",
    ):
        assert name in carried
