"""`jiesu explain`: why a case stands as it does."""

from __future__ import annotations

import click

from engine import cases
from webapp.commands.installation import opened
from webapp.commands.speech import language


@click.command(help="说明一个案件：为什么是这个级别、这个时限、这个人。\n\nExplain a case: why this level, this deadline, this person.")
@click.argument("number")
@click.option("--lang", type=click.Choice(["zh", "en"]), default=None, help="语言 / language")
def explain(number: str, lang: str | None) -> None:
    with opened() as store, store.reading() as db:
        sections = cases.explain_case(db, number, lang or language() or "zh")
    for section in sections:
        click.echo(section.title)
        for line in section.lines:
            click.echo(f"  {line}")
