"""The programs of the system that tests need, where to find them, and what a missing one is called.

A test that needs a missing program is skipped by name, unless ``JIESU_TESTS_COMPLETE=1`` (the
continuous integration's setting), where it fails: a green run there means that everything ran.
"""

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest


@dataclass(frozen=True)
class Program:
    """A program of the system: its marker, what to call it, and Debian's packages that hold it."""

    marker: str
    name: str
    packages: str
    find: Callable[[], Path | None]


def _on_path(*names: str) -> Path | None:
    return next((Path(found) for name in names if (found := shutil.which(name))), None)


def _postgres_folder() -> Path | None:
    """The folder of initdb and postgres: the newest of Debian's versions, or the one on PATH."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3].split(".")[0]))
    initdb = versions[-1] if versions else _on_path("initdb")
    return initdb.resolve().parent if initdb else None


def _chromium() -> Path | None:
    """The browser, if Playwright's driver can start: the program inside it is linked to libatomic."""
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return None
    return _on_path("chromium", "chromium-browser", "google-chrome")


def _node() -> Path | None:
    return _on_path("node") if _on_path("npm") else None


POSTGRES = Program("postgres", "PostgreSQL", "postgresql", _postgres_folder)
CHROMIUM = Program("browser", "Chromium", "chromium fonts-noto-cjk libatomic1", _chromium)
NODE = Program("node", "Node.js + npm", "nodejs npm", _node)


def need(program: Program) -> Path:
    """Where the program is; the test that asked is skipped (or fails, see above) if it is not there."""
    found = program.find()
    if found is None:
        _cannot_run(f"没有 {program.name} / {program.name} is not installed: apt-get install {program.packages}")
    return found


def _cannot_run(reason: str) -> NoReturn:
    if os.environ.get("JIESU_TESTS_COMPLETE") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
