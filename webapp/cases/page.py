"""The case page: facts, level, tasks, what has happened, the diagrams."""

from __future__ import annotations

from flask import g, render_template, request

from engine import cases, runtime
from engine.cases import queries
from engine.runtime.queries import next_in_case, worker
from webapp.cases.diagram import chosen, drawn, tab_of
from webapp.database import store
from webapp.decisions import all_recorded
from webapp.rights import needs
from webapp.security import allow_inline_styles
from webapp.words import Reader, words

AUTHORS = frozenset({"deploy", "administer"})  # they are told what FEEL could not make sense of


@needs("read_case", "work", "register")
def show(number: str) -> str:
    """Show everything about a case to whoever may read it."""
    with store().reading() as db:
        case = queries.one(db, queries.reader(g.org, g.person.key), number)
        events = queries.events(db, case.key, _before())
        package = runtime.package(db, case.release_key)
        said = words(db, package, Reader(g.person, g.org, g.locale), case, [case.variables, *(event.facts for event in events)])
        tasks = queries.tasks(db, case.key)
        remarks = queries.remarks(db, case.key)
        found = runtime.marks(db, case.key)
        why = cases.explain_case(db, case.number, g.locale)
        mine = next_in_case(db, worker(g.org, g.person.key), case.key) if "work" in g.org.rights(g.person.key) else None
        decided = {event.seq: all_recorded(said, event.facts) for event in events}
    shown = chosen(found, request.args.get("diagram", ""))
    allow_inline_styles()
    return render_template(
        "cases/case.html",
        case=case,
        words=said,
        facts=said.facts(case.variables),
        events=events,
        decided=decided,
        hints=not AUTHORS.isdisjoint(g.org.rights(g.person.key)),
        waiting=[(task, _explained(task, package)) for task in tasks if task.status == "open"],
        remarks=remarks,
        diagrams=[(tab_of(marks), marks) for marks in found],
        diagram=drawn(shown, found, said) if shown else None,
        mine=mine,
        why=why,
        registered="registered" in request.args and case.registered_by == g.person.key,
    )


def _explained(task: queries.CaseTask, package: runtime.Package) -> list[str]:
    return runtime.explain(task.due_at, task.due_facts, package.variables, g.locale)


def _before() -> int | None:
    asked = request.args.get("before", "")
    return int(asked) if asked.isdecimal() and len(asked) < 10 else None
