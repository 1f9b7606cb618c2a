"""The operands of the grammar: literals, names, lists, contexts, ranges, types, and what may be hung on them (path, filter, call)."""

from __future__ import annotations

from engine.feel.arithmetic import number
from engine.feel.builtins.additions import REFUSED
from engine.feel.errors import SyntaxError_
from engine.feel.literals import parse_literal
from engine.feel.names import NAME_SIGNS, spelled
from engine.feel.reading import Reading
from engine.feel.syntax import At, Call, ContextNode, Filter, Interval, ListNode, Literal, Name, Node, Path
from engine.feel.tokens import KEYWORDS, unquoted
from engine.feel.types import ANY, AnyType, ContextType, FunctionType, ListType, RangeType, Type

_CONSTANTS = {"true": True, "false": False, "null": None}
_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})


class Primaries(Reading):
    """Mixed into the parser."""

    def primary(self) -> Node:
        """Parse a literal, a name, or what stands in brackets."""
        token = self.token
        if token.kind == "number":
            return self._number()
        if token.kind == "string":
            self.next()
            return Literal(unquoted(token.text))
        if token.kind == "at":
            return self._at()
        if token.kind == "name":
            return self._name()
        if token.kind == "symbol":
            parse = {"(": self._bracket, "[": self._list, "]": self._turned, "{": self._context}.get(token.text)
            if parse is not None:
                self.enter()
                node = parse()
                self.leave()
                return node
            if token.text in _COMPARISONS:
                return self.half_interval()
        raise self.expected("a value", "一个值")

    def _number(self) -> Node:
        value = number(self.token.text)
        if value is None:
            raise self.wrong("数字超出范围", "this number is out of range")
        self.next()
        return Literal(value)

    def _at(self) -> Node:
        text = unquoted(self.next().text)
        if parse_literal(text) is None:
            return Literal(None)  # 0093: a malformed at-literal is null
        return At(text)

    def _name(self) -> Node:
        token = self.token
        known = self.names.match(self.tokens, self.place)
        if known is not None:
            self.back_to(self.place + known[1])
            return Name(known[0], token.start)
        if token.text in REFUSED:
            raise self.wrong(*REFUSED[token.text])
        if token.text in KEYWORDS:
            if token.text not in _CONSTANTS:
                raise self.expected("a value", "一个值")
            self.next()
            return Literal(_CONSTANTS[token.text])
        self.next()
        if self.is_word(self.token):
            raise self._missing_operator(token.text)
        return Name(token.text, token.start)

    def _missing_operator(self, before: str) -> SyntaxError_:
        zh = f"{before} 与 {self.token.text} 之间缺少运算符（或名称“{before} {self.token.text}”未定义）"
        return self.wrong(zh, f"an operator is missing between {before} and {self.token.text} (or the name is not known)")

    def _bracket(self) -> Node:
        """`(expression)` or `(low..high]`."""
        self.next()
        inner = self.test()
        if self.at(".."):
            return self._interval(inner, False)
        self.expect(")")
        return self.deeper(inner)

    def _turned(self) -> Node:
        """`]low..high]`."""
        self.next()
        low = self.operand_level()
        if not self.at(".."):
            raise self.expected("..")
        return self._interval(low, False)

    def _list(self) -> Node:
        """`[item, …]` or `[low..high]`."""
        self.next()
        items: list[Node] = []
        while not self.at("]"):
            items.append(self.test())
            if len(items) == 1 and self.at(".."):
                return self._interval(items[0], True)
            if not self.accept(",") and not self.at("]"):
                raise self.expected(", ]")
        self.expect("]")
        return self.deeper(ListNode(tuple(items)))

    def _interval(self, low: Node, included: bool) -> Node:
        self.expect("..")
        high = self.operand_level()
        closing = self.next()
        if closing.text not in ("]", ")", "["):
            self.back_to(self.place - (closing.kind != "end"))
            raise self.expected("] )")
        return self.deeper(Interval(low, high, included, closing.text == "]"))

    def _context(self) -> Node:
        """`{key: value, …}`; each key is known to the values after it."""
        self.next()
        before = self.names
        entries: list[tuple[str, Node]] = []
        while not self.at("}"):
            key = self._key()
            self.expect(":")
            entries.append((key, self.expression()))
            self.names = self.names.with_names([key])
            if not self.accept(",") and not self.at("}"):
                raise self.expected(", }")
        self.expect("}")
        self.names = before.with_names(key for key, _ in entries)
        return self.deeper(ContextNode(tuple(entries)))

    def _key(self) -> str:
        if self.token.kind == "string":
            return unquoted(self.next().text)
        start = self.place
        while self.token.kind in ("name", "number") or (self.token.kind == "symbol" and self.token.text in NAME_SIGNS):
            self.next()
        if self.place == start or not self.at(":"):
            raise self.expected(":") if self.place > start else self.expected("a key", "键名")
        return spelled(self.tokens, start, self.place, self.text)

    def postfix(self, node: Node) -> Node:
        """Parse the paths, filters and calls hung on a node."""
        while self.token.kind == "symbol":
            if self.token.text == ".":
                self.next()
                node = Path(node, self._path_name())
            elif self.token.text == "[" and not self._closes_range():
                self.next()
                condition = self.expression()
                self.expect("]")
                node = Filter(node, condition)
            elif self.token.text == "(":
                node = self._call(node)
            else:
                break
            self.deeper(node)
        return node

    def _closes_range(self) -> bool:
        """Whether this `[` ends a range, as in `[1..5[`: nothing that follows can start an expression."""
        after = self.tokens[self.place + 1]
        if after.kind == "end":
            return True
        if after.kind == "symbol":
            return after.text not in ("(", "[", "{", "-")
        starts = ("if", "for", "some", "every", "function", "true", "false", "null")
        return after.kind == "name" and after.text in KEYWORDS and after.text not in starts

    def _path_name(self) -> str:
        known = self.names.match(self.tokens, self.place)
        if known is not None:
            self.back_to(self.place + known[1])
            return known[0]
        if self.token.kind != "name":
            raise self.expected("a name", "名称")
        start = self.place
        self.next()
        while self.is_word(self.token):
            self.next()
        return spelled(self.tokens, start, self.place, self.text)

    def _call(self, callee: Node) -> Node:
        self.enter()
        self.next()
        arguments: list[Node] = []
        names: list[str] = []
        while not self.at(")"):
            name = self._argument_name()
            if name is not None:
                names.append(name)
            arguments.append(self.test())
            if not self.accept(",") and not self.at(")"):
                raise self.expected(", )")
        self.expect(")")
        if names and len(names) != len(arguments):
            raise self.wrong("参数要么全部写名称，要么全部不写", "give either all arguments by name or none")
        self.leave()
        return Call(callee, tuple(arguments), tuple(names))

    def _argument_name(self) -> str | None:
        """The `name:` before an argument, None when it has none."""
        place = self.place
        while self.tokens[place].kind == "name" or (self.tokens[place].kind == "symbol" and self.tokens[place].text in "-+*/'"):
            place += 1
        if place == self.place or self.tokens[place].text != ":":
            return None
        name = spelled(self.tokens, self.place, place, self.text)
        self.back_to(place + 1)
        return name

    def type(self) -> AnyType:
        """Parse a type."""
        self.enter()
        word = self.token.text
        opened = self.tokens[min(self.place + 1, len(self.tokens) - 1)].text == "<"
        kinds = {"list": self._list_type, "range": self._range_type, "context": self._context_type, "function": self._function_type}
        parse = kinds.get(word)
        if parse is not None and opened:
            self.next()
            self.next()
            found = parse()
        else:
            found = Type(self._type_name())
        self.leave()
        return found

    def _type_name(self) -> str:
        known = self.names.match(self.tokens, self.place)
        if known is not None:
            self.back_to(self.place + known[1])
            name = known[0]
        elif self.token.text in ("function", "null") or self.is_word(self.token):
            name = self.next().text
        else:
            raise self.expected("a type", "类型")
        while self.at("."):
            self.next()
            name += "." + self._path_name()
        return name

    def _list_type(self) -> AnyType:
        item = self.type()
        self.expect(">")
        return ListType(item)

    def _range_type(self) -> AnyType:
        item = self.type()
        self.expect(">")
        return RangeType(item)

    def _context_type(self) -> AnyType:
        entries: list[tuple[str, AnyType]] = []
        while not self.at(">"):
            key = self._key()
            self.expect(":")
            entries.append((key, self.type()))
            if not self.accept(",") and not self.at(">"):
                raise self.expected(", >")
        self.expect(">")
        return ContextType(tuple(entries))

    def _function_type(self) -> AnyType:
        parameters: list[AnyType] = []
        while not self.at(">"):
            parameters.append(self.type())
            if not self.accept(",") and not self.at(">"):
                raise self.expected(", >")
        self.expect(">")
        result = self.type() if self.accept("->") else ANY
        return FunctionType(tuple(parameters), result)
