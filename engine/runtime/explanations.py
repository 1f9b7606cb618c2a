"""Sentences that explain a deadline, made when they are shown: 时限, 起算, 日历, 办公, 跳过, 落在, 暂定, 延期, 非原文."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine import clock
from engine.runtime.sheets import Variable

UNITS = {
    "minute": ("{n} 分钟", "{n} minutes"),
    "hour": ("{n} 小时", "{n} hours"),
    "day": ("{n}个自然日", "{n} calendar days"),
    "workingDay": ("{n}个工作日", "{n} working days"),
    "workingHour": ("{n} 个办公小时", "{n} office hours"),
    "nextDayEnd": ("次日结束前", "by the end of the next day"),
    "dateOnCase": ("案件上约定的时间", "the time agreed on the case"),
}
COUNTS = {
    "minute": ("按钟点连续计算，昼夜不停", "by the clock, day and night"),
    "hour": ("按钟点连续计算，昼夜不停", "by the clock, day and night"),
    "day": ("自然日，每日按 24 小时计", "calendar days of 24 hours each"),
    "nextDayEnd": ("自然日，至次日 23:59:59", "calendar days, to 23:59:59 of the next one"),
    "workingDay": ("工作日", "working days"),
    "workingHour": ("办公时间", "office hours"),
}
NUMBERS = (tuple("零一两三四五六七八九十"), ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"))
WEEKDAYS = (
    ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
)
STARTS = {"task": ("任务产生", "the task appeared"), "case": ("案件登记", "the case was registered")}
SKIPPED = {
    "weekend": ("周末", "weekend"),
    "closed": ("本单位休息", "closed at this unit"),
    "holiday": ("{name}放假", "{name} holiday"),
}


@dataclass(frozen=True, slots=True)
class _Deadline:
    """A deadline on its way to sentences."""

    due: datetime
    facts: Mapping[str, Any]
    variables: Mapping[str, Variable]
    locale: str

    @property
    def english(self) -> bool:
        return self.locale.startswith("en")

    def pick(self, pair: tuple[str, str]) -> str:
        return pair[self.english]

    def say(self, zh: str, en: str) -> str:
        return en if self.english else zh

    def listed(self, items: list[str]) -> str:
        return self.say("；", "; ").join(items)

    def day(self, text: str) -> str:
        """Return a date without its year where that is the year of the start."""
        began = self.facts.get("began")
        year = datetime.fromisoformat(began).astimezone(clock.ZONE).year if began else None
        return text[5:] if text[:4] == str(year) else text


def explain(due_at: datetime | None, facts: Mapping[str, Any] | None, variables: Mapping[str, Variable], locale: str = "zh") -> list[str]:
    """Return the lines that say which deadline runs and why, from the facts that `due()` left."""
    if due_at is None:
        return []
    deadline = _Deadline(due_at, facts or {}, variables, locale)
    return [line for part in PARTS for line in part(deadline)]


def shown(moment: datetime) -> str:
    """Return the moment as people read it, in Shanghai time; seconds only where they matter."""
    local = moment.astimezone(clock.ZONE)
    return local.strftime("%Y-%m-%d %H:%M:%S" if local.second else "%Y-%m-%d %H:%M")


def _limit(deadline: _Deadline) -> Iterator[str]:
    unit, facts = UNITS.get(str(deadline.facts.get("unit"))), deadline.facts
    amount = _amount(deadline) if unit else ""
    said = [deadline.pick(unit).format(n=amount) if unit else deadline.say("日期由流程给出", "date given by the procedure")]
    if deadline.english and facts.get("amount") == 1:
        said = [said[0].removesuffix("s")]
    said += [str(facts["clause"])] if facts.get("clause") else []
    said += [deadline.say("暂定", "provisional")] if facts.get("unknown") else []
    due = shown(deadline.due)
    yield deadline.say(f"时限 {due}（{'，'.join(said)}）", f"Due {due} ({', '.join(said)})")


def _amount(deadline: _Deadline) -> str:
    """Return small numbers of days in words (一个工作日), all others in figures."""
    amount = deadline.facts.get("amount")
    if deadline.facts.get("unit") not in ("day", "workingDay") or not isinstance(amount, int):
        return str(amount)
    if 0 <= amount <= 10:
        return NUMBERS[deadline.english][amount]
    return deadline.say(f"{amount} ", str(amount))


def _start(deadline: _Deadline) -> Iterator[str]:
    facts, start = deadline.facts, str(deadline.facts.get("from") or "")
    if facts.get("unit") == "dateOnCase":
        label = deadline.variables[start].label(deadline.locale) if start in deadline.variables else start
        yield deadline.say(f"依据 案件上填写的“{label}”", f"Taken from “{label}” on the case")
    if not facts.get("began"):
        return
    began = datetime.fromisoformat(facts["began"])
    zh, en = STARTS.get(start) or _passed(facts, start)
    line = deadline.say(f"起算 {shown(began)} {zh}", f"Starts {shown(began)}, when {en}")
    counted = datetime.fromisoformat(facts["counted"]) if facts.get("counted") else began
    if counted != began:
        later = shown(counted)
        line += deadline.say(f"；不在办公时间内，自 {later} 起计", f"; outside office hours, so counted from {later}")
    yield line


def _passed(facts: Mapping[str, Any], start: str) -> tuple[str, str]:
    name, name_en = facts.get("from_name") or start, facts.get("from_name_en") or start
    if facts.get("from_kind") == "task":
        return f"{name}（任务完成）", f"“{name_en}” was completed"
    return str(name), f"“{name_en}” happened"


def _calendar(deadline: _Deadline) -> Iterator[str]:
    counts = COUNTS.get(str(deadline.facts.get("unit")))
    if counts is None:
        return
    years = [_year(deadline, *pair) for pair in deadline.facts.get("calendar") or ()]
    line = deadline.pick(counts) + (" · " + deadline.listed(years) if years else "")
    yield deadline.say(f"日历 {line}", f"Calendar: {line}")


def _year(deadline: _Deadline, year: int, version: int) -> str:
    zh, en = f"{year} 年国务院安排（第 {version} 版）", f"the State Council's arrangement for {year} (version {version})"
    return deadline.say(zh, en)


def _office(deadline: _Deadline) -> Iterator[str]:
    """Office hours are told where they mattered."""
    facts = deadline.facts
    moved = facts.get("counted") and datetime.fromisoformat(facts["counted"]) != datetime.fromisoformat(facts["began"])
    if not facts.get("office") or not (moved or facts.get("unit") == "workingHour"):
        return
    if facts.get("office_unit"):
        own = deadline.say("（本单位设定，非原文）", " (set by the organisation, not in the written text)")
    else:
        own = deadline.say("（默认，非原文）", " (the default, not in the written text)")
    hours = deadline.say("、", ", ").join(facts["office"])
    yield deadline.say(f"办公 {hours}{own}", f"Office hours {hours}{own}")


def _skips(deadline: _Deadline) -> Iterator[str]:
    spans = [_span(deadline, span) for span in deadline.facts.get("skipped") or ()]
    if spans:
        yield deadline.say(f"跳过 {deadline.listed(spans)}", f"Skips {deadline.listed(spans)}")


def _span(deadline: _Deadline, span: Mapping[str, Any]) -> str:
    first, last = deadline.day(span["first"]), deadline.day(span["last"])
    dates = first if first == last else deadline.say(f"{first} 至 {last}", f"{first} to {last}")
    why = deadline.pick(SKIPPED[span["kind"]]).format(name=span["name_en"] if deadline.english else span["name"])
    return f"{dates} {why}"


def _landed(deadline: _Deadline) -> Iterator[str]:
    facts = deadline.facts
    if not facts.get("landed"):
        return
    due, day = _reckoned(deadline).astimezone(clock.ZONE), facts["landed"]
    weekday = WEEKDAYS[deadline.english][due.weekday()]
    zh, en = "工作日", "a working day"
    if day["kind"] == "makeup":
        zh, en = f"{day['name']}调休上班", f"a make-up workday for {day['name_en']}"
    at, on = shown(due)[11:], deadline.day(due.date().isoformat())
    if facts["unit"] == "workingDay":
        yield deadline.say(f"落在 {on}（{weekday}，{zh}）同一时刻 {at}", f"Falls on {on} ({weekday}, {en}) at the same time, {at}")
    else:
        yield deadline.say(f"落在 {on}（{weekday}，{zh}）{at}", f"Falls on {on} ({weekday}, {en}) at {at}")


def _reckoned(deadline: _Deadline) -> datetime:
    """Return the due time as it was reckoned, before any extension."""
    extended = deadline.facts.get("extended")
    return datetime.fromisoformat(extended[0]["was"]) if extended else deadline.due


def _provisional(deadline: _Deadline) -> Iterator[str]:
    years = "、".join(str(year) for year in deadline.facts.get("unknown") or ())
    if years:
        zh = f"暂定 {years} 年放假安排尚未公布，按周末推算；安排导入后重新计算"
        en = f"Provisional: the holidays of {years.replace('、', ', ')} are not announced yet; recomputed once they are imported"
        yield deadline.say(zh, en)


def _extended(deadline: _Deadline) -> Iterator[str]:
    if not deadline.facts.get("began") and not deadline.facts.get("extended"):
        return
    for item in deadline.facts.get("extended") or ():
        was, due, at = (shown(datetime.fromisoformat(item[name])) for name in ("was", "due", "at"))
        zh = f"延期 {was} → {due}（{item['reason']}；{item['by']}，{at}）"
        yield deadline.say(zh, f"Extended {was} → {due} ({item['reason']}; {item['by']}, {at})")
    if not deadline.facts.get("extended"):
        yield deadline.say("延期 无", "Extended: no")


def _origin(deadline: _Deadline) -> Iterator[str]:
    if deadline.facts.get("origin") == "config":
        yield deadline.say("非原文 该时限由本单位自行设定，制度原文未规定具体数值", "Not in the written text: set by the organisation")


PARTS: tuple[Callable[[_Deadline], Iterator[str]], ...] = (
    _limit,
    _start,
    _calendar,
    _office,
    _skips,
    _landed,
    _provisional,
    _extended,
    _origin,
)
