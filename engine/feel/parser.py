"""Text → tree: a Pratt parser for FEEL expressions and unary tests (grammar of DMN 1.5, 10.3.1.2).

By level of the grammar: this file holds operators and the entry points, primary.py the operands, blocks.py what starts with a keyword.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.feel import limits
from engine.feel.blocks import Blocks
from engine.feel.errors import SyntaxError_
from engine.feel.names import Names
from engine.feel.primary import Primaries
from engine.feel.syntax import (
    Arithmetic,
    Between,
    Comparison,
    HalfInterval,
    In,
    InstanceOf,
    Logic,
    Negation,
    Node,
    UnaryTests,
)

COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
# How strongly an operator binds its left side (10.3.1.2: or, and, comparison, sum, product, power, negation, instance of, path).
_POWERS = {
    "or": 1,
    "and": 2,
    **dict.fromkeys(COMPARISONS | {"between", "in"}, 3),
    "+": 4,
    "-": 4,
    "*": 5,
    "/": 5,
    "**": 6,
    "instance": 8,
}
_SUM = 4
_UNARY = 7


class Parser(Primaries, Blocks):
    """Reads one text. Use `expression_tree` and `unary_tree` below."""

    def expression(self) -> Node:
        """Parse a whole expression."""
        return self.operators(0)

    def operand_level(self) -> Node:
        """Parse what may stand at the end of a range or beside a comparison: everything binding as strongly as a sum."""
        return self.operators(_SUM)

    def operators(self, least: int) -> Node:
        """Parse an expression whose operators all bind at least as strongly as `least`."""
        self.enter()
        left = self.signed()
        while True:
            word = self.token.text if self.token.kind in ("symbol", "name") else ""
            power = _POWERS.get(word, -1)
            if power < least or power < 0:
                break
            left = self.deeper(self.infix(left, word, power))
        self.leave()
        return left

    def signed(self) -> Node:
        """Parse an operand with its signs."""
        if self.accept("-"):
            self.enter()
            operand = self.operators(_UNARY)
            self.leave()
            return self.deeper(Negation(operand))
        return self.block() or self.postfix(self.primary())

    def infix(self, left: Node, word: str, power: int) -> Node:
        """Parse what follows `left`, the operator being the present token."""
        self.next()
        if word in ("and", "or"):
            operands = [left, self.operators(power + 1)]
            while self.accept(word):
                operands.append(self.operators(power + 1))
            return Logic(word, tuple(operands))
        if word == "between":
            low = self.operators(_SUM)
            self.expect("and")
            return Between(left, low, self.operators(_SUM))
        if word == "in":
            return self.membership(left)
        if word == "instance":
            self.expect("of")
            return InstanceOf(left, self.type())
        right = self.operators(power + 1)
        return Comparison(word, left, right) if word in COMPARISONS else Arithmetic(word, left, right)

    def membership(self, left: Node) -> Node:
        """Parse the right side of `in`: one test, or several in brackets."""
        if self.token.text == "(" and self.token.kind == "symbol":
            back = self.place
            tests = self.bracketed_tests()
            if tests is not None:
                return In(left, tests)
            self.back_to(back)
        if self.token.text in COMPARISONS and self.token.kind == "symbol":
            return In(left, (self.half_interval(),))
        return In(left, (self.operators(_SUM),))

    def bracketed_tests(self) -> tuple[Node, ...] | None:
        """Parse `(test, …)`; None when the bracket turns out to open a range or to belong to a longer operand."""
        self.next()
        tests = [self.test()]
        while self.accept(","):
            tests.append(self.test())
        if not self.accept(")"):
            if self.token.text == "..":
                return None
            raise self.expected(")")
        follows = self.token.text if self.token.kind == "symbol" else ""
        return None if follows in (".", "[", "(", "+", "-", "*", "/", "**") and len(tests) == 1 else tuple(tests)

    def test(self) -> Node:
        """Parse one positive unary test."""
        if self.token.text in COMPARISONS and self.token.kind == "symbol":
            return self.half_interval()
        return self.expression()

    def half_interval(self) -> Node:
        """Parse `< end`, `= end` …"""
        operator = self.token.text
        self.next()
        return self.deeper(HalfInterval(operator, self.operators(_SUM)))

    def unary_tests(self) -> Node:
        """Parse the text of a table cell."""
        if self.token.text == "-" and self.tokens[self.place + 1].kind == "end":
            self.next()
            return UnaryTests(())
        if self.token.text == "not" and self.tokens[self.place + 1].text == "(":
            back = self.place
            self.next()
            self.next()
            tests = self.test_list()
            self.expect(")")
            if self.token.kind == "end":
                return UnaryTests(tests, negated=True)
            self.back_to(back)
        return UnaryTests(self.test_list())

    def test_list(self) -> tuple[Node, ...]:
        """Parse tests separated by commas."""
        tests = [self.test()]
        while self.accept(","):
            tests.append(self.test())
        return tuple(tests)

    def finish(self, tree: Node) -> Node:
        """Make sure that nothing is left over."""
        if self.token.kind != "end":
            raise self.unexpected()
        return tree


def expression_tree(text: str, names: Iterable[str], known: Names) -> Node:
    """Return the tree of an expression; `names` are variables, `known` the names of the language. Raises SyntaxError_."""
    return _guarded(text, names, known, False)


def unary_tree(text: str, names: Iterable[str], known: Names) -> Node:
    """Return the tree of a table cell. Raises SyntaxError_."""
    return _guarded(text, names, known, True)


def _guarded(text: str, names: Iterable[str], known: Names, unary: bool) -> Node:
    parser = Parser(text, known.with_names(names) if names else known)
    try:
        return parser.finish(parser.unary_tests() if unary else parser.expression())
    except RecursionError:
        zh, en = f"嵌套超过 {limits.NESTING} 层", f"nested deeper than {limits.NESTING} levels"
        raise SyntaxError_(text, parser.token.start, zh, en) from None
