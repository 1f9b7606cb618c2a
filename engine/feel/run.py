"""One evaluation: its variables' readings, host functions, warnings and budget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.feel.errors import Warning
from engine.feel.functions import Builtin, Host, HostFunction
from engine.feel.limits import Budget
from engine.feel.values import Function, incoming

MISSING: Any = object()
KIND_ZH = {
    "number": "数字",
    "string": "文本",
    "boolean": "真假值",
    "date": "日期",
    "time": "时间",
    "date and time": "日期时间",
    "days and time duration": "时长",
    "years and months duration": "年月时长",
    "list": "列表",
    "context": "上下文",
    "range": "区间",
    "function": "函数",
    "null": "空值",
}


class Run:
    """Frame slot 1. Closures ask it for what is not a plain value, and tell it what went wrong."""

    __slots__ = ("_draws", "_read", "_said", "budget", "functions", "warnings")
    _draws: int  # these three are made when first needed: most evaluations need none
    _read: dict[str, Any]
    _said: set[tuple[str, str, str]]

    def __init__(self, functions: Mapping[str, HostFunction], warnings: list[Warning] | None, budget: Budget) -> None:
        self.functions = functions
        self.warnings = warnings
        self.budget = budget

    def resolve(self, name: str, value: Any, builtin: Builtin | None) -> Any:
        """Return the FEEL value of a variable as it came from outside, or of a name that is no variable (MISSING)."""
        if value is not MISSING:
            try:
                read = self._read
            except AttributeError:
                read = self._read = {}
            known = read.get(name, MISSING)
            if known is MISSING:
                known = read[name] = incoming(value)
            return known
        host = self.functions.get(name)
        if host is not None:
            return Host(host)
        if builtin is None:
            self.warn("unknown-name", f"没有名为“{name}”的变量。", f"There is no variable called {name!r}.", name)
        return builtin

    def function(self, name: str, builtin: Builtin | None, variables: Mapping[str, Any]) -> Any:
        """Return what `name(…)` calls: a variable holding a function, a host function, or the built-in."""
        value = variables.get(name)
        if isinstance(value, Function):
            return value
        host = self.functions.get(name)
        if host is not None:
            return Host(host)
        if builtin is None:
            self.warn("unknown-function", f"没有名为“{name}”的函数。", f"There is no function called {name!r}.", name)
        return builtin

    def warn(self, kind: str, zh: str, en: str, name: str = "") -> None:
        """Note a warning, each once."""
        if self.warnings is None:
            return
        try:
            said = self._said
        except AttributeError:
            said = self._said = set()
        if (kind, en, name) not in said and len(said) < 100:
            said.add((kind, en, name))
            self.warnings.append(Warning(kind, zh, en, name))

    def draw(self) -> int:
        """Return the number of this draw of a random value, from 1."""
        self._draws = getattr(self, "_draws", 0) + 1
        return self._draws

    def wrong_type(self, name: str, found: str, silent: bool = False) -> None:
        """Note that the arguments of `name` have unfit types; answers null."""
        if not silent:
            zh = "、".join(KIND_ZH.get(part, part) for part in found.split(", "))
            self.warn("wrong-type", f"{name} 不能用于：{zh or '无参数'}。", f"{name} cannot be applied to {found or 'nothing'}.", name)

    def refuse_call(self, name: str) -> None:
        """Note a call with the wrong number or names of arguments; answers null."""
        self.warn("wrong-type", f"函数 {name} 的参数个数或名称不对。", f"{name} was called with the wrong arguments.", name)

    def invalid_argument(self, name: str) -> None:
        """Note that a function refused the values of its arguments; answers null."""
        self.warn("invalid-argument", f"函数 {name} 不能处理给定的值。", f"{name} cannot work with the given values.", name)
