"""Joins words to names: FEEL names may contain blanks, dots, signs and even keywords, so only known names tell where one ends."""

from __future__ import annotations

from collections.abc import Iterable

from engine.feel.errors import SyntaxError_
from engine.feel.tokens import KEYWORDS, Token, is_wide, tokens

NAME_SIGNS = frozenset(".-+*/'**") | KEYWORDS


class Names:
    """The names a text may use that consist of more than one token, found by their first one."""

    __slots__ = ("_by_first", "wide")

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.wide = False  # whether one of them holds full-width punctuation
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name in names:
            self._add(name)

    def _add(self, name: str) -> None:
        try:
            words = tuple(token.text for token in tokens(name, wide=True)[:-1])
        except SyntaxError_:
            return  # no text can ever contain this name
        self.wide = self.wide or is_wide(name)
        if len(words) > 1:
            known = self._by_first.setdefault(words[0], [])
            known.append((words, name))
            known.sort(key=lambda entry: -len(entry[0]))

    def with_names(self, names: Iterable[str]) -> Names:
        """Return a copy that knows these names, too."""
        more = Names()
        more.wide = self.wide
        more._by_first = {first: list(known) for first, known in self._by_first.items()}
        for name in names:
            more._add(name)
        return more

    def match(self, found: list[Token], place: int) -> tuple[str, int] | None:
        """Return the longest known name of several tokens starting at `place` and its number of tokens."""
        for words, name in self._by_first.get(found[place].text, ()):
            end = place + len(words)
            if end < len(found) and all(found[place + index].text == word for index, word in enumerate(words)):
                return name, len(words)
        return None


def spelled(found: list[Token], start: int, end: int, text: str) -> str:
    """Return the tokens `start` to `end` as one name, blanks between them made single."""
    parts = [found[start].text]
    for before, token in zip(found[start:end], found[start + 1 : end], strict=False):
        parts.append((" " if token.start > before.end else "") + token.text)
    return "".join(parts)
