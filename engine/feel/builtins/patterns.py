"""Regular expressions of XPath (XML Schema with anchors, groups and back references), run with a time limit.

The pattern is translated to the `regex` package's syntax: subtraction `[a-z-[aeiou]]`, `\\i \\c`, `\\p{IsBasicLatin}`,
the flags `s m i x q`. What XPath forbids is refused: a back reference to a group not yet closed, back references inside a class,
unknown flags.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from time import perf_counter
from typing import Any

import regex

from engine.feel import limits

_FLAGS = {"s": regex.DOTALL, "m": regex.MULTILINE, "i": regex.IGNORECASE}
_NAME_START = (
    r"A-Z_a-z:\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF"
)
_NAME = _NAME_START + r"\-.0-9\u00B7\u0300-\u036F\u203F-\u2040"
_QUICK = 0.002  # seconds; below it a search costs the same however long it took, so that answers do not depend on the machine
_TEXT_ANCHORS = {"^": r"\A", "$": r"\Z"}
_LINE_ANCHORS = {"^": r"(?:\A|(?<=\n)(?!\Z))", "$": r"(?=\n|\Z)"}  # the end of the text starts no new line
_PLAIN_ESCAPES = frozenset("nrt\\|.?*+(){}-[]^$sSdDwW")


def matches(text: str, pattern: str, flags: str) -> bool | None:
    """Return whether the pattern is found in the text, None for a pattern or flag XPath does not know."""
    compiled = _compiled(pattern, flags)
    return None if compiled is None else _timed(lambda: compiled.search(text, timeout=limits.REGEX_SECONDS)) is not None


def replace(text: str, pattern: str, replacement: str, flags: str) -> str | None:
    """Return the text with all matches replaced, None for an invalid pattern, flag or replacement."""
    compiled = _compiled(pattern, flags)
    if compiled is None:
        return None
    template = replacement.replace("\\", "\\\\") if "q" in flags else _template(replacement, compiled.groups)
    if template is None:
        return None
    pieces: list[str] = []
    size = place = 0
    for match in _timed(lambda: list(compiled.finditer(text, timeout=limits.REGEX_SECONDS))):
        pieces.extend((text[place : match.start()], match.expand(template)))
        size += len(pieces[-1]) + len(pieces[-2])
        if size > limits.STRING:
            limits.text_of("".join(pieces))
        place = match.end()
    return limits.text_of("".join(pieces) + text[place:])


def split(text: str, pattern: str) -> list[str] | None:
    """Return the parts of the text between matches, None for an invalid pattern."""
    compiled = _compiled(pattern, "")
    if compiled is None:
        return None
    parts, place = [], 0
    for match in _timed(lambda: list(compiled.finditer(text, timeout=limits.REGEX_SECONDS))):
        if match.end() > match.start():
            parts.append(text[place : match.start()])
            place = match.end()
    return [*parts, text[place:]]


def found(text: str, pattern: str) -> list[str] | None:
    """Return the parts of the text that match, None for an invalid pattern."""
    compiled = _compiled(pattern, "")
    if compiled is None:
        return None
    return [match[0] for match in _timed(lambda: list(compiled.finditer(text, timeout=limits.REGEX_SECONDS)))]


def _timed(search: Callable[[], Any]) -> Any:
    """Run a search. Slow ones pay for their time, so that many of them end as early as a single endless one."""
    started = perf_counter()
    try:
        return search()
    except TimeoutError:
        raise limits.LimitReached("正则表达式匹配超时。", "A regular expression took too long to match.") from None
    finally:
        spent = perf_counter() - started
        limits.spend(20 if spent < _QUICK else int(spent * limits.STEPS))


@lru_cache(maxsize=512)
def _compiled(pattern: str, flags: str) -> Any:
    if len(pattern) > limits.REGEX_TEXT or not set(flags) <= set("smixq"):
        return None
    number = regex.VERSION1
    for flag in flags:
        number |= _FLAGS.get(flag, 0)
    if "q" in flags:
        return regex.compile(regex.escape(pattern), number)
    translated = _Translation(pattern, flags).whole()
    if translated is None:
        return None
    try:
        return regex.compile(translated, number)
    except (regex.error, ValueError, OverflowError, RecursionError, MemoryError):
        return None


def _template(replacement: str, groups: int) -> str | None:
    """XPath: `$n` is a group, `\\$` and `\\\\` are themselves, everything else with `$` or `\\` is wrong."""
    out, place = [], 0
    while place < len(replacement):
        char = replacement[place]
        following = replacement[place + 1 : place + 2]
        if char == "\\":
            if following not in ("\\", "$"):
                return None
            out.append("\\\\" if following == "\\" else "$")
            place += 2
        elif char == "$":
            if not following.isdigit():
                return None
            end = place + 2
            while end < len(replacement) and replacement[end].isdigit() and int(replacement[place + 1 : end + 1]) <= groups:
                end += 1
            number = int(replacement[place + 1 : end])
            out.append(f"\\g<{number}>" if number <= groups else "")
            place = end
        else:
            out.append(char)
            place += 1
    return "".join(out)


class _Translation:
    """Walks a pattern once."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.pattern = pattern
        self.spaced = "x" in flags
        self.anchors = _LINE_ANCHORS if "m" in flags else _TEXT_ANCHORS
        self.dot = "." if "s" in flags else r"[^\n\r]"
        self.place = 0
        self.opened: list[int] = []
        self.groups = 0
        self.closed: set[int] = set()

    def whole(self) -> str | None:
        """Return the translated pattern, None when XPath does not allow it."""
        out: list[str] = []
        while self.place < len(self.pattern):
            piece = self.piece()
            if piece is None:
                return None
            out.append(piece)
        return "".join(out)

    def piece(self) -> str | None:
        """Translate one character, escape or class."""
        char = self.pattern[self.place]
        if char == "\\":
            return self.escape(False)
        if char == "[":
            return self.klass()
        self.place += 1
        if char == "(":
            return self.group()
        if char == ")" and self.opened:
            self.closed.add(self.opened.pop())
        if char.isspace() and self.spaced:
            return ""
        if char in " #&~":
            return "\\" + char
        return self.dot if char == "." else self.anchors.get(char, char)

    def group(self) -> str | None:
        """Translate an opening bracket; of the `(?…)` forms XPath knows only `(?:`."""
        if self.pattern.startswith("?", self.place):
            if not self.pattern.startswith("?:", self.place):
                return None
            self.place += 2
            self.opened.append(0)
            return "(?:"
        self.groups += 1
        self.opened.append(self.groups)
        return "("

    def escape(self, inside: bool) -> str | None:
        """Translate an escape; `inside` a class there are no back references."""
        self.place += 1
        while self.spaced and not inside and self.place < len(self.pattern) and self.pattern[self.place].isspace():
            self.place += 1
        char = self.pattern[self.place : self.place + 1]
        self.place += 1
        if char in ("p", "P"):
            return self.category(char)
        if char in ("i", "I", "c", "C"):
            body = _NAME_START if char in "iI" else _NAME
            return f"[{'^' if char in 'IC' else ''}{body}]"
        if char.isdigit() and char != "0" and not inside:
            return self.reference(char)
        return "\\" + char if char and char in _PLAIN_ESCAPES else None

    def reference(self, digits: str) -> str | None:
        """Translate a back reference: longer numbers only as far as so many groups exist."""
        while self.pattern[self.place : self.place + 1].isdigit():
            if int(digits + self.pattern[self.place]) > self.groups:
                break
            digits += self.pattern[self.place]
            self.place += 1
        return f"(?:\\{digits})" if int(digits) in self.closed else None

    def category(self, char: str) -> str | None:
        """Translate `\\p{Lu}` and `\\p{IsBasicLatin}`."""
        end = self.pattern.find("}", self.place)
        if not self.pattern.startswith("{", self.place) or end < 0:
            return None
        name = self.pattern[self.place + 1 : end]
        if self.spaced:
            name = "".join(name.split())
        self.place = end + 1
        if not name.replace("-", "").isalnum():
            return None
        return f"\\{char}{{{'InBasicLatin' if name == 'IsBasicLatin' else 'In' + name[2:] if name.startswith('Is') else name}}}"

    def klass(self) -> str | None:
        """Translate `[…]` with ranges and a subtraction at its end."""
        self.place += 1
        out = ["["]
        if self.pattern.startswith("^", self.place):
            out.append("^")
            self.place += 1
        start = self.place
        while self.place < len(self.pattern):
            char = self.pattern[self.place]
            if char == "]" and self.place > start:
                self.place += 1
                return "".join(out) + "]"
            piece = self._member(char, start)
            if piece is None:
                return None
            out.append(piece)
        return None

    def _member(self, char: str, start: int) -> str | None:
        if char == "\\":
            return self.escape(True)
        if char == "[":
            return None
        self.place += 1
        if char == "-":
            return self._dash(start)
        if char.isspace() and self.spaced:
            return "\\" + char if char == " " else char
        return "\\" + char if char in "&~|#^" else char

    def _dash(self, start: int) -> str | None:
        following = self.pattern[self.place : self.place + 1]
        if following == "[":
            inner = self.klass()
            return None if inner is None or not self.pattern.startswith("]", self.place) else "--" + inner
        if self.place == start + 1 or following == "]":
            return "\\-"
        before = self.pattern[self.place - 3 : self.place - 1]
        return None if len(before) == 2 and before[0] == "-" and self.place - 3 >= start else "-"
