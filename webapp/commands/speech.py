"""What a command says: in the language of the terminal, or in both if it does not tell."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence

import click

from engine.errors import JiesuError


def language() -> str | None:
    """Return `zh` or `en` as the environment asks, or None."""
    asked = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "").lower()
    return next((code for code in ("zh", "en") if asked.startswith(code)), None)


def both(zh: str, en: str) -> str:
    """Return the sentence in the terminal's language, or Chinese and English."""
    return {"zh": zh, "en": en}.get(language() or "", f"{zh} / {en}")


def say(zh: str, en: str, *, err: bool = False) -> None:
    """Print a sentence."""
    click.echo(both(zh, en), err=err)


def sentence(error: JiesuError) -> str:
    """Return the sentence of an error."""
    return both(error.text("zh"), error.text("en"))


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows in columns; Chinese characters are two columns wide."""
    lines = [list(head), *[list(row) for row in rows]]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(head))]
    for number, line in enumerate(lines):
        cells = [text + " " * (width - _width(text)) for text, width in zip(line, widths, strict=True)]
        click.echo("  " + "  ".join(cells).rstrip())
        if number == 0:
            click.echo("  " + "  ".join("-" * width for width in widths))


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
