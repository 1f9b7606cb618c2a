"""Patterns of text fields: regular expressions with JavaScript's meaning, as form-js runs them (`new RegExp(pattern).test(value)`).

The pattern is rewritten piece by piece for the `regex` package, whose search takes a time limit: an expression that explodes on
some input costs milliseconds, not a server. What JavaScript would not accept, or means in a way we cannot keep, is refused.
Source: ECMAScript 2024, section 22.2 with annex B (no `u` flag).
"""

from __future__ import annotations

import re
from functools import lru_cache

import regex

from engine.errors import Invalid

MOST_CHARACTERS = 500
MOST_REPEATS = 1000
MOST_PIECES = 20_000  # once all repeats are written out: nested repeats multiply, and so does the memory they take
SECONDS = 0.1  # for one field; a sound pattern needs microseconds

_SPACES = "\\t\\n\\v\\f\\r\\x20\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff"
_NO_SPACES = (
    "\\x00-\\x08\\x0e-\\x1f\\x21-\\x9f\\xa1-\\u167f\\u1681-\\u1fff\\u200b-\\u2027\\u202a-\\u202e\\u2030-\\u205e"
    "\\u2060-\\u2fff\\u3001-\\ufefe\\uff00-\\U0010ffff"
)
_CLASSES = {"d": "\\d", "D": "\\D", "w": "\\w", "W": "\\W", "s": _SPACES, "S": _NO_SPACES}
_CONTROLS = {"t": "\\t", "n": "\\n", "r": "\\r", "f": "\\f", "v": "\\v"}
_QUANTIFIER = re.compile(r"(?:[*+?]|\{(\d+)(?:,(\d*))?\})\??")
_GROUP = re.compile(r"\((?:\?(?::|=|!|<=|<!|<([A-Za-z_$][\w$]*)>))?")
_CODE = re.compile(r"x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})")


class PatternRefused(Invalid):
    """A pattern that is no JavaScript expression we can run."""

    zh = "正则表达式无法使用（{pattern}）：{reason_zh}。"
    en = "The pattern cannot be used ({pattern}): {reason_en}."


@lru_cache(maxsize=512)
def compiled(pattern: str) -> regex.Pattern[str]:
    """Return the pattern ready to run; raise `PatternRefused` with the reason."""
    if len(pattern) > MOST_CHARACTERS:
        raise _refused(pattern[:20] + "…", f"超过 {MOST_CHARACTERS} 个字符", f"longer than {MOST_CHARACTERS} characters")
    text = _Rewriting(pattern).text()
    try:
        return regex.compile(text, regex.ASCII | regex.VERSION0)
    except regex.error as error:
        raise _refused(pattern, "语法有误", f"its syntax is wrong ({error})") from error


def matches(pattern: str, value: str) -> bool:
    """Tell whether the pattern is found anywhere in the value; an answer that takes too long is no."""
    try:
        return compiled(pattern).search(value, timeout=SECONDS) is not None
    except TimeoutError:
        return False


class _Rewriting:
    """One walk through a JavaScript pattern that writes the same meaning for the `regex` package."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.groups = 0
        self.names: dict[str, int] = {}
        self.weights = [0]  # of the open groups, outermost first

    def text(self) -> str:
        written: list[str] = []
        while self.at < len(self.pattern):
            piece = self._piece()
            quantifier = self._quantifier(piece)
            self._weigh(piece, quantifier)
            written.append(f"(?:{piece}){quantifier}" if quantifier and piece.startswith("(?(") else piece + quantifier)
        return "".join(written)

    def _piece(self) -> str:
        character = self.pattern[self.at]
        if character == "\\":
            return self._escape()
        if character == "[":
            return self._class()
        if character == "(":
            return self._group()
        if _QUANTIFIER.match(self.pattern, self.at):
            raise self._refuse("重复次数前没有内容", "nothing to repeat")
        self.at += 1
        if character in "|)":
            return character
        return {".": "[^\\n\\r\\u2028\\u2029]", "^": "\\A", "$": "\\Z"}.get(character) or regex.escape(character)

    def _quantifier(self, piece: str) -> str:
        found = _QUANTIFIER.match(self.pattern, self.at)
        if not found or piece == "|" or _GROUP.fullmatch(piece):
            return ""
        if any(int(number or 0) > MOST_REPEATS for number in found.groups()):
            raise self._refuse(f"重复次数超过 {MOST_REPEATS}", f"repeats more than {MOST_REPEATS} times")
        self.at = found.end()
        if _QUANTIFIER.match(self.pattern, self.at):
            raise self._refuse("重复次数写了两遍", "nothing to repeat")
        return found.group()

    def _weigh(self, piece: str, quantifier: str) -> None:
        if _GROUP.fullmatch(piece):
            self.weights.append(0)
            return
        closed = piece == ")" and len(self.weights) > 1
        weight = self.weights.pop() if closed else 1
        self.weights[-1] += weight * max([1, *(int(number) for number in re.findall(r"\d+", quantifier))])
        if self.weights[-1] > MOST_PIECES:
            raise self._refuse("重复次数相乘太大", "its repeats multiply to too much")

    def _group(self) -> str:
        found = _GROUP.match(self.pattern, self.at)
        if found is None or self.pattern.startswith("?", found.end()):
            raise self._refuse("不支持这种分组", "this kind of group is not supported")
        self.at = found.end()
        if found.group() != "(" and not found.group(1):
            return found.group()
        self.groups += 1
        if found.group(1):
            self.names[found.group(1)] = self.groups
        return "("

    def _escape(self) -> str:
        character = self.pattern[self.at + 1 : self.at + 2]
        if character in ("b", "B"):
            self.at += 2
            return "\\" + character
        if character in "123456789k" and character:
            return self._reference()
        if character in ("s", "S", "d", "D", "w", "W"):
            self.at += 2
            return f"[{_CLASSES[character]}]"
        return self._character()

    def _reference(self) -> str:
        found = re.compile(r"\\(?:([1-9]\d?)|k<([^>]*)>)").match(self.pattern, self.at)
        number = (int(found.group(1)) if found.group(1) else self.names.get(found.group(2), 0)) if found else 0
        if found is None or not 0 < number <= self.groups:
            raise self._refuse("反向引用没有对应的分组", "a reference to a group that is not there")
        self.at = found.end()
        return f"(?({number})\\{number})"  # a group that took no part matches the empty text in JavaScript

    def _character(self) -> str:
        """An escaped single character, inside or outside of a class."""
        character = self.pattern[self.at + 1 : self.at + 2]
        if not character:
            raise self._refuse("以反斜杠结尾", "it ends in a backslash")
        code = _CODE.match(self.pattern, self.at + 1)
        self.at += 1 + (len(code.group()) if code else 1)
        if code:
            return str(regex.escape(chr(int(code.group(1) or code.group(2), 16)), special_only=False))
        if character == "0" and not self.pattern[self.at : self.at + 1].isdigit():
            return "\\x00"
        if character in "c0":
            raise self._refuse("不支持控制字符转义", "control escapes are not supported")
        return _CONTROLS.get(character) or str(regex.escape(character, special_only=False))

    def _class(self) -> str:
        self.at += 1
        negated = self.pattern.startswith("^", self.at)
        self.at += negated
        items: list[tuple[str, bool]] = []  # text, is it a single character
        while not self.pattern.startswith("]", self.at):
            if self.at >= len(self.pattern):
                raise self._refuse("字符集没有结束", "a class without its end")
            items.append(self._member())
        self.at += 1
        if not items:
            return "(?s:.)" if negated else "(?!)"
        return f"[{'^' if negated else ''}{_joined(items)}]"

    def _member(self) -> tuple[str, bool]:
        character = self.pattern[self.at]
        if character != "\\":
            self.at += 1
            return ("-" if character == "-" else regex.escape(character, special_only=False)), True
        following = self.pattern[self.at + 1 : self.at + 2]
        if following in _CLASSES:
            self.at += 2
            return _CLASSES[following], False
        if following == "b":
            self.at += 2
            return "\\x08", True
        return self._character(), True

    def _refuse(self, zh: str, en: str) -> PatternRefused:
        return _refused(self.pattern, zh, en)


def _joined(items: list[tuple[str, bool]]) -> str:
    """Write the members of a class; a hyphen is a range only between two single characters, otherwise it is itself."""
    written: list[str] = []
    place = 0
    while place < len(items):
        text, single = items[place]
        is_range = single and place + 2 < len(items) and items[place + 1][0] == "-" and items[place + 2][1]
        if is_range:
            written.append(f"{_plain(text)}-{_plain(items[place + 2][0])}")
            place += 3
        else:
            written.append(_plain(text))
            place += 1
    return "".join(written)


def _plain(text: str) -> str:
    return "\\-" if text == "-" else text


def _refused(pattern: str, zh: str, en: str) -> PatternRefused:
    return PatternRefused(pattern=pattern, reason_zh=zh, reason_en=en)
