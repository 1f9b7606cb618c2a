"""Why a case stands as it does: this level, this deadline, this person; which row, clause, release and hash.

The same text serves `jiesu explain` and the case page. Facts come from the record of the case; words are made here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from engine import runtime
from engine.errors import NotFound
from engine.org import Org, org_at
from engine.runtime import Package
from engine.store import loads, tables


class NoSuchCase(NotFound):
    """There is no case of this number."""

    zh = "没有编号为“{number}”的案件。"
    en = "There is no case with the number {number!r}."


@dataclass(frozen=True, slots=True)
class Section:
    """One question and the lines that answer it."""

    title: str
    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Said:
    """What the sentences are made from."""

    case: Any
    package: Package
    org: Org
    locale: str

    @property
    def english(self) -> bool:
        return self.locale.startswith("en")

    def say(self, zh: str, en: str, **facts: Any) -> str:
        return (en if self.english else zh).format(**facts)

    def plain(self, value: Any) -> str:
        """Return a value that has no label of its own as a person writes it."""
        words = {None: self.say("（空）", "(empty)"), True: self.say("是", "yes"), False: self.say("否", "no")}
        return words[value] if value is None or isinstance(value, bool) else str(value)


def explain_case(db: Connection, number: str, locale: str = "zh") -> list[Section]:
    """Return the sections: the rule it runs under, its level, and each open task. Raises `NoSuchCase`."""
    case = db.execute(select(tables.case).where(tables.case.c.number == number)).first()
    if case is None:
        raise NoSuchCase(number=number)
    said = _Said(case, runtime.package(db, case.release_key), org_at(db), locale)
    column = tables.task.c
    open_tasks = db.execute(select(tables.task).where(column.case_key == case.key, column.status == "open").order_by(column.key)).all()
    return [_rule(db, said), _level(db, said), *(_task(db, said, task) for task in open_tasks)]


def _rule(db: Connection, said: _Said) -> Section:
    row = db.execute(select(tables.release).where(tables.release.c.key == said.case.release_key)).one()
    settings = said.package.settings
    title = settings.title_en if said.english and settings.title_en else settings.title
    which = {"title": title, "slug": row.procedure, "n": row.number}
    lines = [
        said.say("制度 {title}（{slug}）第 {n} 版", "Procedure {title} ({slug}), release {n}", **which),
        said.say("版本校验值 sha256 {mark}", "Release sha256 {mark}", mark=row.sha256),
    ]
    return Section(said.say("依据哪一版制度", "Under which rule"), lines)


def _level(db: Connection, said: _Said) -> Section:
    section = Section(said.say("为什么是这个级别", "Why this level"))
    settings = said.package.settings
    level = said.case.level
    if not level:
        section.lines.append(said.say("尚未判定级别", "The level has not been judged yet"))
        return section
    variable = said.package.variables.get(settings.classify_result.get("level", "level"))
    label = (variable.value(level, said.locale) if variable else None) or level
    section.lines.append(said.say("级别 {label}", "Level {label}", label=label))
    decision = _last_decision(db, said.case.key, settings.classify)
    if decision is None:
        return section
    for name, value in (decision.get("inputs") or {}).items():
        item = said.package.variables.get(name)
        text = (item.value(value, said.locale) if item else None) or said.plain(value)
        section.lines.append(f"{item.label(said.locale) if item else name} = {text}")
    fired = decision.get("fired") or []
    if not fired:
        section.lines.append(said.say("判定表 {id}：没有一行命中", "Table {id}: no row fired", id=decision["decision"]))
    for rule in fired:
        outputs = rule.get("outputs") or {}
        reason, clause = outputs.get("reason") or "", outputs.get("clause") or ""
        facts = {"id": decision["decision"], "row": rule["index"], "reason": reason, "clause": clause}
        line = said.say("判定表 {id} 第 {row} 行：{reason} {clause}", "Table {id}, row {row}: {reason} {clause}", **facts)
        section.lines.append(line.rstrip())
    return section


def _last_decision(db: Connection, case_key: int, decision_id: str) -> dict[str, Any] | None:
    column = tables.event.c
    query = select(column.facts).where(column.kind == "case", column.key == case_key).order_by(column.seq.desc())
    for facts in db.execute(query).scalars():
        for decision in reversed(loads(facts).get("decisions") or []):
            if decision["decision"] == decision_id:
                found: dict[str, Any] = decision
                return found
    return None


def _task(db: Connection, said: _Said, task: Any) -> Section:
    name = task.name_en if said.english and task.name_en else task.name
    element = said.package.element(task.process_id, task.element_id)
    clauses = element.properties.get("clauses", "")
    where = {"element": element.id, "file": _file(said, task), "clauses": clauses}
    lines = [said.say("节点 {element}（{file}）{clauses}", "Element {element} ({file}) {clauses}", **where).rstrip()]
    deadline = runtime.explain(task.due_at, loads(task.due_facts), said.package.variables, said.locale)
    lines += deadline or [said.say("无时限", "No deadline")]
    return Section(said.say("任务“{name}”", "Task “{name}”", name=name), [*lines, *_people(db, said, task)])


def _file(said: _Said, task: Any) -> str:
    return said.package.processes.process(task.process_id).file_name


def _people(db: Connection, said: _Said, task: Any) -> list[str]:
    lines = []
    if task.assignee_key:
        person = said.org.people.get(task.assignee_key)
        lines.append(said.say("已由{name}签收", "Claimed by {name}", name=person.label(said.locale) if person else "–"))
    candidate = tables.task_candidate
    rows = db.execute(select(candidate).where(candidate.c.task_key == task.key).order_by(candidate.c.role)).all()
    for row in rows:
        role, unit = said.package.roles.get(row.role), said.org.units[row.unit_key]
        people = ("、", ", ")[said.english].join(person.label(said.locale) for person in said.org.members(row.role, row.unit_key)) or "–"
        facts = {"role": role.label(said.locale) if role else row.role, "unit": unit.label(said.locale), "people": people}
        start = said.org.units[said.case.unit_key].label(said.locale)
        zh = "角色 {role}：从{start}往上，最近有人担任的是{unit}（{people}）"
        en = "Role {role}: from {start} upward, the nearest unit where somebody holds it is {unit} ({people})"
        lines.append(said.say(zh, en, start=start, **facts))
    if not rows and not task.assignee_key:
        lines.append(said.say("没有人担任所需的角色", "Nobody holds the role it needs"))
    if task.on_behalf:
        lines.append(said.say("由工作人员代客户办理", "Done by staff on behalf of the customer"))
    return lines
