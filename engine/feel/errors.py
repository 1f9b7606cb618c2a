"""What can be wrong with an expression: the syntax error a compile raises and the warnings an evaluation collects."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import Invalid


class SyntaxError_(Invalid):
    """The text is not FEEL. Knows the place (1-based `line` and `column`) and draws it with `caret()`."""

    zh = "FEEL 表达式第 {line} 行第 {column} 列：{what_zh}"
    en = "FEEL expression, line {line}, column {column}: {what_en}"

    def __init__(self, text: str, offset: int, zh: str, en: str) -> None:
        before = text[:offset]
        self.source = text
        self.offset = offset
        self.line = before.count("\n") + 1
        self.column = offset - (before.rfind("\n") + 1) + 1
        super().__init__(line=self.line, column=self.column, what_zh=zh, what_en=en)

    def caret(self) -> str:
        """Return the faulty line with a caret below the place. Wide (CJK) characters count two columns."""
        lines = self.source.split("\n")
        line = lines[self.line - 1] if self.line <= len(lines) else ""
        start = max(0, self.column - 1 - 60)
        shown = line[start : start + 120]
        pad = "".join("　" if _wide(char) else "\t" if char == "\t" else " " for char in shown[: self.column - 1 - start])
        return f"{shown}\n{pad}^"


@dataclass(frozen=True, slots=True)
class Warning:
    """One thing that made an evaluation answer null.

    `kind` is `unknown-name`, `unknown-function`, `wrong-type`, `invalid-argument`, `limit` or `host`; `name` is the variable or function
    concerned. Decisions add `no-rule` and `not-allowed`.
    """

    kind: str
    zh: str
    en: str
    name: str = ""

    def text(self, locale: str = "zh") -> str:
        """Return the sentence in `zh` or `en`."""
        return self.en if locale.startswith("en") else self.zh


def _wide(char: str) -> bool:
    return "ᄀ" <= char <= "ᅟ" or "⺀" <= char <= "꓏" or "가" <= char <= "힣" or "豈" <= char <= "﫿" or "︰" <= char <= "｠"
