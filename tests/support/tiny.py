"""A procedure made of one small diagram, deployed in a town, for what the engine does around the tokens."""

from __future__ import annotations

import json
from typing import Any

from engine import releases
from tests.support.town import SEED, Complaint, Town

ROLES = """key,zh,en,level,rights
reception,接待人员,Reception,project,work read_case register
dept_head,部门主管,Head,project,work read_case
functional_dept,有关职能部门,Functional department,project,work read_case
"""
CLAUSES = "id,kind,summary_zh,summary_en,support,target\n"
VARIABLES = "name,type,unit,values,personal,set_by,zh,en\n"


def form(form_id: str, *keys: str) -> bytes:
    """A form of plain text fields."""
    fields = [{"type": "textfield", "key": key, "label": key, "id": f"{form_id}_{key}"} for key in keys]
    body: dict[str, Any] = {"id": form_id, "type": "default", "schemaVersion": 19, "components": fields}
    return json.dumps(body | {"executionPlatform": "Camunda Cloud", "executionPlatformVersion": "8.9.0"}).encode()


def deploys(town: Town, diagram: bytes, slug: str = "tiny", **files: bytes) -> int:
    """Deploy and activate the diagram, whose process is `<slug>_main` with a task `register` that shows form `<slug>_register`."""
    settings = f'slug = "{slug}"\nprefix = "{slug.upper()}"\ntitle = "小制度"\ntitle_en = "Tiny"\nmain = "{slug}_main"\n'
    found = {"main.bpmn": diagram, "register.form": form(f"{slug}_register", "note"), "procedure.toml": settings.encode()}
    found |= {"roles.csv": ROLES.encode(), "clauses.csv": CLAUSES.encode(), "variables.csv": VARIABLES.encode()}
    with town.store.writing() as db:
        deployed = releases.deploy(db, found | {name.replace("__", "."): data for name, data in files.items()}, SEED)
        releases.activate(db, deployed.release_key, SEED)
    return deployed.release_key


def registers(town: Town, slug: str = "tiny", login: str = "reception", **values: Any) -> Complaint:
    """Register a case of the tiny procedure at 云溪花园."""
    from engine import cases

    someone = town[login]
    with town.store.writing() as db:
        new = cases.Registration(slug, town.units["pp_yunxi"], values)
        done = cases.register(db, new, someone.actor)
    return Complaint(town, done.case_key, done.number)
