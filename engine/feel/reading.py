"""What every part of the parser needs: the present token, what is expected, known names, and the bounds on nesting."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import fields
from typing import Any

from engine.feel import limits
from engine.feel.errors import SyntaxError_
from engine.feel.names import Names
from engine.feel.syntax import Node
from engine.feel.tokens import KEYWORDS, Token, tokens
from engine.feel.types import AnyType


class Reading(ABC):
    """A place in the tokens of one text, and the productions its parts call across files."""

    @abstractmethod
    def expression(self) -> Node:
        """Parse a whole expression."""

    @abstractmethod
    def operand_level(self) -> Node:
        """Parse what binds as strongly as a sum."""

    @abstractmethod
    def half_interval(self) -> Node:
        """Parse `< end`."""

    @abstractmethod
    def test(self) -> Node:
        """Parse one positive unary test."""

    @abstractmethod
    def type(self) -> AnyType:
        """Parse a type."""

    def __init__(self, text: str, names: Names) -> None:
        self.text = text
        self.tokens = tokens(text, names.wide)
        self.place = 0
        self.token: Token = self.tokens[0]
        self.names = names
        self._nesting = 0
        self._depths: dict[int, tuple[Node, int]] = {}

    def next(self) -> Token:
        """Go on by one token and return the one left behind."""
        left = self.token
        if left.kind != "end":
            self.place += 1
            self.token = self.tokens[self.place]
        return left

    def back_to(self, place: int) -> None:
        """Return to an earlier place."""
        self.place = place
        self.token = self.tokens[place]

    def at(self, text: str) -> bool:
        """Return whether the present token is this symbol or word."""
        return self.token.text == text and self.token.kind in ("symbol", "name")

    def accept(self, text: str) -> bool:
        """Go past this symbol or word if it is the present token."""
        if self.at(text):
            self.next()
            return True
        return False

    def expect(self, text: str) -> None:
        """Go past this symbol or word, or raise."""
        if not self.accept(text):
            raise self.expected(text)

    def enter(self) -> None:
        """Note one more level of nesting."""
        self._nesting += 1
        if self._nesting > 2 * limits.NESTING:
            raise self.wrong(f"嵌套超过 {limits.NESTING} 层", f"nested deeper than {limits.NESTING} levels")

    def leave(self) -> None:
        """Note that a level is done."""
        self._nesting -= 1

    def deeper(self, node: Node) -> Node:
        """Note how deep the tree below `node` is, so that a long chain cannot exhaust the stack of the evaluation."""
        depth = 1 + max((self._depth(child) for child in children(node)), default=0)
        if depth > limits.CHAIN:
            raise self.wrong(f"表达式超过 {limits.CHAIN} 步相连", f"more than {limits.CHAIN} operations in one chain")
        self._depths[id(node)] = node, depth
        return node

    def _depth(self, node: Node) -> int:
        known = self._depths.get(id(node))
        return 1 if known is None else known[1]

    def wrong(self, zh: str, en: str, offset: int | None = None) -> SyntaxError_:
        """Return the error for the present token, or for another place."""
        return SyntaxError_(self.text, self.token.start if offset is None else offset, zh, en)

    def expected(self, what: str, what_zh: str = "") -> SyntaxError_:
        """Return the error that says what should stand here."""
        zh = f"此处应为 {what_zh or what}，但看到 {self._seen('zh')}"
        return self.wrong(zh, f"expected {what}, found {self._seen('en')}")

    def unexpected(self) -> SyntaxError_:
        """Return the error for a token that cannot stand here."""
        return self.wrong(f"此处不应出现 {self._seen('zh')}", f"unexpected {self._seen('en')}")

    def _seen(self, locale: str) -> str:
        if self.token.kind == "end":
            return "结尾" if locale == "zh" else "the end"
        return self.token.text[:40]

    def is_word(self, token: Token) -> bool:
        """Return whether a token can be a name on its own."""
        return token.kind == "name" and token.text not in KEYWORDS


def children(node: Any) -> list[Any]:
    """Return the nodes directly below a node."""
    found: list[Any] = []
    for entry in fields(node):
        value = getattr(node, entry.name)
        stack = list(value) if isinstance(value, tuple) else [value]
        while stack:
            item = stack.pop()
            if isinstance(item, tuple):
                stack.extend(item)
            elif type(item).__module__ == "engine.feel.syntax":
                found.append(item)
    return found


def descendants(node: Any) -> list[Any]:
    """Return a node and all nodes below it."""
    found, stack = [], [node]
    while stack:
        found.append(stack.pop())
        stack.extend(children(found[-1]))
    return found
