"""Cuts FEEL text into tokens. Names stay single words here; the parser joins words to names that contain blanks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.feel import limits
from engine.feel.errors import SyntaxError_

_KEYWORDS = "if then else for in return some every satisfies and or between instance function true false null"
KEYWORDS = frozenset(_KEYWORDS.split())
_NAMES = (
    "A-Z_a-zÀ-ÖØ-öø-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef\u3005-\u3007\u3021-\ud7ff"
    "\uf900-\ufdcf\ufdf0-\ufefe０-９Ａ-Ｚａ-ｚ\uff66-\uffdc\U00010000-\U000effff"
)
_WIDE = "，（）：；“”‘’【】。？！、《》＝＋－"  # in a name mostly a slip of the keyboard, so only known names may hold them
_SPACE = "\\s\u0085\u00a0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"


def _pattern(start: str) -> re.Pattern[str]:
    """The tokens, for names made of these characters (DMN 1.5, grammar rules 28-30)."""
    return re.compile(
        rf"""(?P<space>[{_SPACE}]+|//[^\n\r]*|/\*.*?\*/)
        |(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
        |(?P<string>"(?:\\.|[^"\\])*")
        |(?P<at>@[{_SPACE}]*"(?:\\.|[^"\\])*")
        |(?P<name>\?|[{start}][{start}0-9\u00b7\u0300-\u036f\u203f-\u2040]*)
        |(?P<symbol>\.\.|\*\*|<=|>=|!=|->|/(?!\*)|[-+*=<>()\[\]{{}},:.'])""",
        re.VERBOSE | re.DOTALL,
    )


_TOKEN, _WIDE_TOKEN = _pattern(_NAMES), _pattern(_NAMES + _WIDE)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}
_FULL_WIDTH = dict(zip(_WIDE, ",():;\"\"''[].?!,<>=+-", strict=True))


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text: `kind` is number, string, at, name, symbol or end."""

    kind: str
    text: str
    start: int
    end: int


def is_wide(name: str) -> bool:
    """Return whether a name holds full-width punctuation."""
    return any(char in _FULL_WIDTH for char in name)


def tokens(text: str, wide: bool = False) -> list[Token]:
    """Return the tokens of the text, the last one of kind `end`; `wide` allows full-width punctuation in names.

    Raises SyntaxError_ at a character that FEEL does not know.
    """
    pattern = _WIDE_TOKEN if wide else _TOKEN
    if len(text) > limits.TEXT:
        raise SyntaxError_(text[:200], 0, f"表达式超过 {limits.TEXT} 个字符", f"the expression is longer than {limits.TEXT} characters")
    found: list[Token] = []
    place = 0
    while place < len(text):
        match = pattern.match(text, place)
        if match is None or match.end() == place:
            raise _unknown(text, place)
        kind = match.lastgroup or ""
        if kind != "space":
            found.append(Token(kind, match[0], match.start(), match.end()))
        place = match.end()
    found.append(Token("end", "", len(text), len(text)))
    return found


def unquoted(literal: str) -> str:
    """Return the text of a string literal: `\\n \\t \\r \\" \\' \\\\ \\uXXXX \\UXXXXXX`; other backslashes stay."""
    body = literal[literal.index('"') + 1 : -1]
    if "\\" not in body:
        return body
    text = _ESCAPE.sub(_escape, body)
    if not any("\ud800" <= char <= "\udfff" for char in text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # two escapes may make one character


def _escape(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    if code is not None:
        return chr(int(code, 16)) if int(code, 16) <= 0x10FFFF else found[0]
    return _ESCAPES.get(found[3], found[0])


def _unknown(text: str, place: int) -> SyntaxError_:
    char = text[place]
    if char in '"@':
        return SyntaxError_(text, place, "文本缺少结束的双引号", "this text lacks its closing quote")
    if text.startswith("/*", place):
        return SyntaxError_(text, place, "注释缺少结束的 */", "this comment lacks its closing */")
    plain = _FULL_WIDTH.get(char)
    if plain is not None:
        zh = f"不能使用全角符号“{char}”，请改为半角“{plain}”"
        return SyntaxError_(text, place, zh, f"full-width {char!r} is not FEEL, write {plain!r}")
    return SyntaxError_(text, place, f"不认识的字符“{char}”", f"unknown character {char!r}")
