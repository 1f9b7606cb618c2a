"""Releases of one procedure are numbered and activated one after the other, whoever deploys them at the same moment."""

from __future__ import annotations

import threading

from sqlalchemy import select

from engine import releases
from engine.store import loads, tables
from tests.runtime.test_locking import beside
from tests.support.tiny import CLAUSES, ROLES, VARIABLES, form
from tests.support.town import SEED, Town
from tests.tokens import drawing as draw


def files(title: str) -> dict[str, bytes]:
    body = draw.chain("s", "register", "e")
    task = draw.user("register", draw.zeebe("formDefinition", formId="tiny_register"))
    found = {"main.bpmn": draw.diagram(draw.process("tiny_main", draw.start(), task, draw.end(), body, name=title))}
    settings = f'slug = "tiny"\nprefix = "TINY"\ntitle = "{title}"\nmain = "tiny_main"\n'
    found |= {"register.form": form("tiny_register", "note"), "procedure.toml": settings.encode()}
    return found | {"roles.csv": ROLES.encode(), "clauses.csv": CLAUSES.encode(), "variables.csv": VARIABLES.encode()}


def test_two_who_deploy_and_activate_at_once_get_two_numbers_and_one_active_release(anywhere: Town) -> None:
    ready = threading.Barrier(2)

    def deploys_and_activates(title: str) -> int:
        ready.wait(10)
        with anywhere.store.writing() as db:
            done = releases.deploy(db, files(title), SEED)
            releases.activate(db, done.release_key, SEED)
        return done.number

    acts = [beside(lambda title=title: deploys_and_activates(title)) for title in ("甲", "乙")]
    for thread, _ in acts:
        thread.join(30)
    assert sorted(number for _, told in acts for number in told) == [1, 2]
    with anywhere.store.reading() as db:
        rows = db.execute(select(tables.release).where(tables.release.c.procedure == "tiny").order_by(tables.release.c.number)).all()
        column = tables.event.c
        first = select(column.verb, column.facts).where(column.kind == "release", column.key == rows[0].key)
        told = db.execute(first.order_by(column.seq)).all()
    assert [row.status for row in rows] == ["retired", "active"]
    # the release that was retired has it in its own record
    assert [row.verb for row in told] == ["release.deployed", "release.activated", "release.retired"]
    assert loads(told[-1].facts)["by"] == str(rows[1].key)
