"""What the figures were measured on, and how a table is printed."""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
import subprocess
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("SpiffWorkflow", "SQLAlchemy", "Flask", "lxml", "psycopg")


def machine() -> str:
    """Return one line about processor, cores, memory, system and Python, and one about versions."""
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").exists() else ():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    where = f"{model} · {os.cpu_count()} cores · {memory:.0f} GiB · {platform.system()} {platform.release()}"
    where += f" · Python {platform.python_version()}"
    used = " · ".join(f"{name} {version(name)}" for name in PACKAGES)
    return f"{where}\n{used} · SQLite {sqlite3.sqlite_version} · {_postgresql()}"


def _postgresql() -> str:
    for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), reverse=True):
        return subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    return "PostgreSQL not installed"


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table; numbers are given as text by the caller."""
    cells = [list(map(str, head)), *[list(map(str, row)) for row in rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    print(f"\n{title}")
    for number, row in enumerate(cells):
        print("  ".join([row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]))
        if number == 0:
            print("  ".join("-" * width for width in widths))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` (0–1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median(values: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(values)
