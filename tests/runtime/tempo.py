"""A small procedure for trying deadlines: register, assign, propose (again while refused), then what a test draws behind it."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from engine import cases, releases
from engine.model import system
from engine.runtime import Submission, complete
from tests.support.town import Complaint, Someone, Town
from tests.tokens.drawing import boundary, chain, date, diagram, due, end, exclusive, flow, process, start, user, zeebe

SEED = system("seed")
RECEPTION = zeebe("assignmentDefinition", candidateGroups="reception")
COLUMNS = ("amount", "unit", "from", "again", "clause", "origin")
ONE_DAY = '1, "workingDay", "assign", "first", "DL-4-G3", "source"'

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="tempo_definitions" '
    'name="时限" namespace="http://camunda.org/schema/1.0/dmn"><decision id="tempo_deadlines" name="时限">'
    '<decisionTable id="tempo_table">'
)
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
