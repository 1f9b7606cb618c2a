"""What can be wrong with a decision: the file, the question asked of it, or two rules at once."""

from __future__ import annotations

from typing import Any

from engine.errors import Broken, Invalid, NotFound
from engine.model import Finding


class DmnError(Invalid):
    """The file is no usable DMN. `findings` say what is wrong, where, and how to mend it."""

    zh = "决策文件有误：{what_zh}"
    en = "The decision file is not usable: {what_en}"

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        more_zh = f"（共 {len(findings)} 处）" if len(findings) > 1 else ""
        more_en = f" ({len(findings)} findings)" if len(findings) > 1 else ""
        super().__init__(what_zh=findings[0].zh + more_zh, what_en=findings[0].en + more_en)


class UnknownDecision(NotFound):
    """No decision, knowledge model or service of that name or id."""

    zh = "没有名为“{name}”的决策。"
    en = "There is no decision called {name!r}."


class HitPolicyViolation(Broken):
    """More rules fit than the hit policy allows. `facts["rules"]` are their numbers, from 1."""

    zh = "决策表“{name}”：{policy} 策略下第 {rules_text} 条规则同时命中。请检查这些规则的条件。"
    en = "Decision table {name!r}: under hit policy {policy} the rules {rules_text} fit at once. Check their conditions."

    def __init__(self, name: str, policy: str, rules: tuple[int, ...], **facts: Any) -> None:
        super().__init__(name=name, policy=policy, rules=rules, rules_text="、".join(map(str, rules)), **facts)


class CyclicRequirement(Invalid):
    """Decisions require each other in a circle."""

    zh = "决策“{name}”循环依赖自身。"
    en = "Decision {name!r} requires itself in a circle."
