"""Sentences that explain a deadline, made when they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine import clock
from engine.runtime.sheets import Variable

UNITS = {
    "minute": ("{n} 分钟", "{n} minutes"),
    "hour": ("{n} 小时", "{n} hours"),
    "day": ("{n} 个自然日", "{n} calendar days"),
    "nextDayEnd": ("次日结束前", "by the end of the next day"),
    "dateOnCase": ("案件上约定的时间", "the time agreed on the case"),
}


def explain(due_at: datetime | None, facts: Mapping[str, Any] | None, variables: Mapping[str, Variable], locale: str = "zh") -> list[str]:
    """Return the lines that say which deadline runs and why: the limit and its clause, where it starts, what it counts."""
    if due_at is None:
        return []
    facts = facts or {}
    english = locale.startswith("en")
    unit = UNITS.get(str(facts.get("unit")))
    limit = unit[english].format(n=facts.get("amount")) if unit else ("日期由流程给出", "date given by the procedure")[english]
    clause = f"，{facts['clause']}" if facts.get("clause") else ""
    first = f"Due {shown(due_at)} ({limit}{clause.replace('，', ', ')})" if english else f"时限 {shown(due_at)}（{limit}{clause}）"
    lines = [first, _start(facts, variables, locale)]
    if facts.get("unit") in ("minute", "hour"):
        lines.append("Counted by the clock, day and night" if english else "计算 按钟点连续计算，昼夜不停")
    if facts.get("origin") == "config":
        own = ("非原文 该时限由本单位自行设定，制度原文未规定具体数值", "Not in the written text: set by the organisation")
        lines.append(own[english])
    return [line for line in lines if line]


def shown(moment: datetime) -> str:
    """Return the moment as people read it, in Shanghai time; seconds only where they matter."""
    local = moment.astimezone(clock.ZONE)
    return local.strftime("%Y-%m-%d %H:%M:%S" if local.second else "%Y-%m-%d %H:%M")


def _start(facts: Mapping[str, Any], variables: Mapping[str, Variable], locale: str) -> str:
    english = locale.startswith("en")
    start = str(facts.get("from") or "")
    if facts.get("unit") == "dateOnCase":
        label = variables[start].label(locale) if start in variables else start
        return f"Taken from “{label}” on the case" if english else f"依据 案件上填写的“{label}”"
    if not facts.get("began"):
        return ""
    began = shown(datetime.fromisoformat(facts["began"]))
    what = {"task": ("任务产生", "the task appeared"), "case": ("案件登记", "the case was registered")}.get(start, (f"节点 {start}", start))
    return f"Starts {began}, when {what[1]}" if english else f"起算 {began} {what[0]}"
