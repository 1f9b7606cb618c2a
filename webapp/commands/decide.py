"""`jiesu decide`: try a decision of a release in a terminal, as its page in the browser does."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import click

from engine import dmn, feel, runtime
from engine.errors import Invalid
from engine.releases import queries
from webapp.commands.installation import opened
from webapp.commands.speech import both, language, say, sentence, table
from webapp.procedures import trial
from webapp.procedures.trial import Outcome, Subject


class NoSuchRelease(Invalid):
    """There is no such procedure, or no release of that number."""

    zh = "没有制度“{procedure}”的这个版本。已有：{known}。"
    en = "There is no such release of {procedure!r}. Known are: {known}."


class NoSuchDecision(Invalid):
    """The release has no such decision."""

    zh = "第 {number} 版没有决策“{decision}”。已有：{known}。"
    en = "Release {number} has no decision {decision!r}. Known are: {known}."


class BadValue(Invalid):
    """A value is not given as name=FEEL, or its FEEL text is wrong."""

    zh = "{name}：{problem_zh}"
    en = "{name}: {problem_en}"


@click.command(
    help="""试算一个决策，什么也不保存。例如：

    Try a decision; nothing is stored. For example:

    \b
    jiesu decide property-project property_project_classify 'manualLevel="major"' exceedsDept=false
    """
)
@click.argument("procedure")
@click.argument("decision")
@click.argument("values", nargs=-1, metavar="[NAME=FEEL]...")
@click.option("--release", "number", type=int, help="版本号；默认为施行中的版本 / number of the release; by default the active one")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def decide(procedure: str, decision: str, values: tuple[str, ...], number: int | None, as_json: bool) -> None:
    inputs = dict(_value(text) for text in values)
    with opened() as store, store.reading() as db:
        rows = queries.releases(db, procedure, drafts=True)
        if not any(number in (None, row.number) for row in rows):
            known = [str(row.number) for row in rows] or sorted({row.procedure for row in queries.releases(db, drafts=True)})
            raise NoSuchRelease(procedure=procedure, known=", ".join(known) or "–")
        row = queries.chosen(rows, number)
        subject = _subject(runtime.package(db, row.key), decision, row.number)
        outcome = trial.attempt(db, subject, inputs)
    if as_json:
        click.echo(json.dumps(_facts(procedure, row.number, subject, outcome), ensure_ascii=False, indent=2, default=_plain))
    else:
        _tell(subject, outcome)
    if outcome.error is not None:
        raise SystemExit(1)


def _value(text: str) -> tuple[str, Any]:
    name, equals, written = text.partition("=")
    name = name.strip()
    if not equals or not name:
        raise BadValue(name=text, problem_zh="请写成 名称=FEEL，例如 amount=12。", problem_en="write name=FEEL, for example amount=12.")
    try:
        compiled = feel.compile(written)
    except feel.SyntaxError_ as error:
        shown = f"\n{error.caret()}"
        raise BadValue(name=name, problem_zh=error.text("zh") + shown, problem_en=error.text("en") + shown) from None
    if compiled.variables:
        unknown = min(compiled.variables)
        zh, en = f"“{unknown}”不是值；文本要加双引号。", f"{unknown!r} is no value; put text in double quotes."
        raise BadValue(name=name, problem_zh=zh, problem_en=en)
    return name, compiled.evaluate({})


def _subject(package: runtime.Package, name: str, number: int) -> Subject:
    try:
        return trial.subject(package, name)
    except dmn.UnknownDecision:
        known = ", ".join(trial.subjects(package)) or "–"
        raise NoSuchDecision(number=number, decision=name, known=known) from None


def _tell(subject: Subject, outcome: Outcome) -> None:
    """Print the answer, then every table with its inputs and the rules that fired."""
    if outcome.result is None:
        click.echo(sentence(outcome.error) if outcome.error else "", err=True)
    else:
        click.echo(f"{both('结果', 'Result')}: {_feel(outcome.result.value)}")
        for name, value in outcome.result.decisions.items():
            click.echo(f"  {name} = {_feel(value)}")
        for run in dmn.explain(subject.model, outcome.result):
            _tell_table(run)
    for warning in outcome.warnings:
        click.echo(f"{both('提示', 'Note')}: {both(warning.zh, warning.en)}", err=True)


def _tell_table(run: dmn.ExplainedTable) -> None:
    click.echo(f"\n{run.decision} ({run.hit_policy})")
    for column in run.inputs:
        named = column.label if column.label == column.expression else f"{column.label} ({column.expression})"
        click.echo(f"  {named} = {column.value}")
    fired = [rule for rule in run.rules if rule.fired]
    if not fired:
        say("  没有规则命中。", "  No rule fired.")
        return
    head = [both("规则", "rule"), *(column.label for column in run.inputs), *(f"→ {name}" for name in run.outputs), both("说明", "note")]
    table(head, [[f"* {rule.index}", *rule.row.inputs, *rule.row.outputs, " ".join(rule.row.annotations)] for rule in fired])


def _facts(procedure: str, number: int, subject: Subject, outcome: Outcome) -> dict[str, Any]:
    locale = language() or "zh"
    facts: dict[str, Any] = {"procedure": procedure, "release": number, "decision": subject.id}
    facts["warnings"] = [{"kind": found.kind, "name": found.name, "text": found.text(locale)} for found in outcome.warnings]
    if outcome.error is not None:
        return facts | {"error": sentence(outcome.error), "clashing": list(outcome.clashing)}
    result = outcome.result
    assert result is not None
    facts |= {"value": feel.to_json(result.value), "inputs": feel.to_json(dict(result.inputs))}
    facts["fired"] = [_fired(rule) for rule in result.all_fired]
    return facts | {"decided": feel.to_json(dict(result.decisions))}


def _fired(rule: dmn.FiredRule) -> dict[str, Any]:
    about = {"decision": rule.decision, "rule": rule.index, "id": rule.id}
    return about | {"outputs": feel.to_json(dict(rule.outputs)), "annotations": list(rule.annotations)}


def _feel(value: Any) -> str:
    return feel.to_text([value])[1:-1]


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else str(value)
