"""A small procedure for trying deadlines: register, assign, propose (again while refused), then what a test draws behind it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from xml.sax.saxutils import escape

from engine import cases, clock, releases, runtime
from engine.model import system
from engine.runtime import Submission, complete
from engine.store import loads, tables
from tests.calendar.lists import COUNCIL, OF_2027, at
from tests.support.town import Complaint, Someone, Town
from tests.tokens.drawing import boundary, chain, date, diagram, due, end, exclusive, flow, process, start, user, zeebe

SEED = system("seed")
RECEPTION = zeebe("assignmentDefinition", candidateGroups="reception")
COLUMNS = ("amount", "unit", "from", "again", "clause", "origin")
ONE_DAY = '1, "workingDay", "assign", "first", "DL-4-G3", "source"'

LONG = {day: [("08:00", "20:00")] for day in range(1, 7)}  # office hours, Monday to Saturday
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="tempo_definitions" '
    'name="时限" namespace="http://camunda.org/schema/1.0/dmn"><decision id="tempo_deadlines" name="时限">'
    '<decisionTable id="tempo_table">'
)
JANUARY = at("2026-01-05 09:00")
SETTINGS = """
slug = "tempo"
prefix = "TP"
title = "时限试验制度"
title_en = "Procedure for trying deadlines"
main = "tempo_main"
deadlines = "tempo_deadlines"
"""
ROLES = "key,zh,en,level,rights\nreception,接待人员,Reception,project,work read_case register\n"
CLAUSES = "id,kind,summary_zh,summary_en,support,target\n"
VARIABLES = "name,type,unit,values,personal,set_by,zh,en\nreplyAt,dateTime,,,,propose,约定时间,Agreed time\n"


def table(**rows: str) -> bytes:
    """The deadline table: stage → its outputs as FEEL, separated by commas."""
    outputs = "".join(f'<output id="o_{name}" name="{name}" />' for name in COLUMNS)
    rules = "".join(_rule(stage, row.split(", ")) for stage, row in rows.items())
    inputs = "".join(_input(name) for name in ("stage", "level", "category"))
    return f"{HEAD}{inputs}{outputs}{rules}</decisionTable></decision></definitions>".encode()


def _input(name: str) -> str:
    return f'<input id="i_{name}"><inputExpression id="ie_{name}"><text>{name}</text></inputExpression></input>'


def _rule(stage: str, outputs: list[str]) -> str:
    cells = [f'"{stage}"', "-", "-"]
    entries = "".join(f'<inputEntry id="{stage}_i{n}"><text>{escape(text)}</text></inputEntry>' for n, text in enumerate(cells))
    entries += "".join(f'<outputEntry id="{stage}_o{n}"><text>{escape(text)}</text></outputEntry>' for n, text in enumerate(outputs))
    return f'<rule id="rule_{stage}">{entries}</rule>'


def task(element_id: str, *extensions: str, body: str = "", name: str = "") -> str:
    return user(element_id, RECEPTION, *extensions, body=body, name=name or element_id)


def drawn(*more: str, propose: str = "", behind: str = "archive", late: str = "=taskDue") -> bytes:
    """The diagram; `propose` replaces that task, `more` adds to it, `behind` is where it goes when accepted."""
    return diagram(
        process(
            "tempo_main",
            start(),
            task("register", name="登记"),
            task("assign", name="确定受理责任人"),
            propose or task("propose", due('=due("propose")'), name="提出解决方法"),
            boundary("late", "propose", date(late)),
            task("hasten", name="督办"),
            exclusive("accepted", default="to_behind"),
            flow("accepted", "assign" if behind == "assign" else "propose", "=again = true", "again"),
            flow("accepted", behind, flow_id="to_behind"),
            *([task("archive", name="归档")] if behind == "archive" else []),
            end("e"),
            end("e_late"),
            chain("s", "register", "assign", "propose", "accepted"),
            *([chain("archive", "e")] if behind == "archive" else []),
            chain("late", "hasten", "e_late"),
            *more,
        )
    )


def deployed(town: Town, diagram_: bytes, table_: bytes) -> None:
    """Make this procedure the active one."""
    files = {"main.bpmn": diagram_, "deadlines.dmn": table_, "procedure.toml": SETTINGS.encode()}
    files |= {"roles.csv": ROLES.encode(), "clauses.csv": CLAUSES.encode(), "variables.csv": VARIABLES.encode()}
    with town.store.writing() as db:
        releases.activate(db, releases.deploy(db, files, SEED).release_key, SEED)


def registered(town: Town, who: str = "reception", **values: Any) -> Complaint:
    """A complaint of this procedure, registered at the unit where the person stands."""
    someone = town[who]
    with town.store.writing() as db:
        place = next(item for item in cases.registrable(db, someone.key) if item.procedure == "tempo")
        done = cases.register(db, cases.Registration("tempo", place.units[0].key, values), someone.actor)
    return Complaint(town, done.case_key, done.number)


def does(someone: Someone, key: int, **values: Any) -> None:
    """Complete a task by its key."""
    with someone.town.store.writing() as db:
        complete(db, key, Submission(values), someone.actor)


def is_assigned(town: Town, moment: str, **values: Any) -> Complaint:
    """A complaint whose handler is named at this moment."""
    clock.pin(at(moment) - timedelta(minutes=10))
    complaint = registered(town, **values)
    clock.pin(at(moment))
    town["reception"].does(complaint, "assign")
    return complaint


def lines(complaint: Complaint, element: str, locale: str = "zh") -> list[str]:
    row = complaint.task_row(element)
    return runtime.explain(row.due_at, loads(row.due_facts), {}, locale)


def timer(complaint: Complaint, element: str) -> Any:
    return complaint.rows(tables.timer, status="waiting", element_id=element)[0]


def untouched(complaint: Complaint) -> list[Any]:
    """Everything stored of a case."""
    kinds = (tables.task, tables.timer, tables.instance, tables.element_instance, tables.incident)
    return [complaint.row, *(complaint.rows(kind) for kind in kinds), complaint.events]


def imports(town: Town, text: str = OF_2027) -> runtime.Imported:
    with town.store.writing() as db:
        return runtime.import_holidays(db, text, COUNCIL, town["reception"].actor)
