"""The closing words of a test run: what could not run, and why, in plain words."""

from __future__ import annotations

from collections import Counter

import pytest


def what_could_not_run(reporter: pytest.TerminalReporter) -> None:
    reasons = Counter(_reason(report) for report in reporter.stats.get("skipped", []))
    if not reasons:
        return
    reporter.section("未能运行 / could not run", sep="-", yellow=True)
    for reason, tests in reasons.most_common():
        reporter.write_line(f"{tests} 项 / tests: {reason}")


def _reason(report: pytest.TestReport) -> str:
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ")
