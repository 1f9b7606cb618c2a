"""Why a set of diagrams was not taken."""

from __future__ import annotations

from collections.abc import Sequence

from engine.errors import Invalid, NotFound
from engine.model import Finding


class Refused(Invalid):
    """The diagrams cannot run; `findings` lists everything wrong with them at once."""

    zh = "流程图未被接受：{zh}"
    en = "The diagrams were refused: {en}"

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = list(findings)
        super().__init__(zh="；".join(_line(f, "zh") for f in findings), en="; ".join(_line(f, "en") for f in findings))


class UnknownProcess(NotFound):
    """No diagram of the set holds a process of this id."""

    zh = "没有编号为“{id}”的流程。"
    en = "There is no process with the id “{id}”."


def _line(finding: Finding, locale: str) -> str:
    place = ":".join(p for p in (finding.file, finding.element) if p)
    return f"[{place}] {finding.text(locale)}" if place else finding.text(locale)
