"""The parts of the grammar that start with a keyword: if, for, some, every, function."""

from __future__ import annotations

from engine.feel.names import spelled
from engine.feel.reading import Reading
from engine.feel.syntax import For, FunctionDefinition, If, Iterator, Node, Quantified
from engine.feel.types import ANY, AnyType


class Blocks(Reading):
    """Mixed into the parser."""

    def block(self) -> Node | None:
        """Parse a keyword expression, None when the present token starts none."""
        parse = {"if": self.conditional, "for": self.loop, "some": self.quantified, "every": self.quantified, "function": self.definition}
        found = parse.get(self.token.text) if self.token.kind == "name" else None
        if found is None or self.names.match(self.tokens, self.place):
            return None
        self.enter()
        node = self.deeper(found())
        self.leave()
        return node

    def conditional(self) -> Node:
        """Parse `if … then … else …`."""
        self.next()
        condition = self.expression()
        self.expect("then")
        yes = self.expression()
        self.expect("else")
        return If(condition, yes, self.expression())

    def loop(self) -> Node:
        """Parse `for … return …`."""
        self.next()
        before = self.names
        iterators = self.iterators()
        self.names = self.names.with_names(["partial"])
        self.expect("return")
        body = self.expression()
        self.names = before
        return For(iterators, body)

    def quantified(self) -> Node:
        """Parse `some … satisfies …` and `every … satisfies …`."""
        every = self.next().text == "every"
        before = self.names
        iterators = self.iterators()
        self.expect("satisfies")
        body = self.expression()
        self.names = before
        return Quantified(every, iterators, body)

    def iterators(self) -> tuple[Iterator, ...]:
        """Parse `name in source, …`; each name is known to what follows."""
        found = [self.iterator()]
        while self.accept(","):
            found.append(self.iterator())
        return tuple(found)

    def iterator(self) -> Iterator:
        """Parse one `name in source` or `name in low..high`."""
        name = self.declared_name(("in",))
        self.expect("in")
        source = self.expression()
        end = self.expression() if self.accept("..") else None
        self.names = self.names.with_names([name])
        return Iterator(name, source, end)

    def declared_name(self, stops: tuple[str, ...]) -> str:
        """Parse a name that is being declared: all words up to one of `stops`."""
        start = self.place
        if self.token.kind != "name":
            raise self.expected("a name", "名称")
        while self.token.kind in ("name", "number") or (self.token.kind == "symbol" and self.token.text in "+-*/'."):
            if self.token.text in stops and self.place > start:
                break
            self.next()
        if not any(self.at(stop) for stop in stops):
            raise self.expected(" / ".join(stops))
        return spelled(self.tokens, start, self.place, self.text)

    def definition(self) -> Node:
        """Parse `function(a: type, b) body` and `function(…) external {…}`."""
        self.next()
        self.expect("(")
        before = self.names
        parameters: list[tuple[str, AnyType]] = []
        while not self.at(")"):
            name = self.declared_name((":", ",", ")"))
            parameters.append((name, self.type() if self.accept(":") else ANY))
            if not self.accept(",") and not self.at(")"):
                raise self.expected(", )")
        self.expect(")")
        self.names = self.names.with_names(name for name, _ in parameters)
        external = self.accept("external")
        body = self.expression()
        self.names = before
        return FunctionDefinition(tuple(parameters), body, external)
