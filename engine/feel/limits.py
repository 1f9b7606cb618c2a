"""Bounds on hostile text: every evaluation has a budget of steps, and every value that grows pays for its size.

Numbers are chosen so that an evaluation ends within a second and 64 MiB on a small machine; real expressions stay far below.
"""

from __future__ import annotations

import threading
from typing import Any

TEXT = 32_000  # characters of one expression
NESTING = 60  # brackets and keywords inside each other
CHAIN = 150  # depth of the tree, e.g. operands of one sum
STEPS = 2_000_000  # loop turns, calls and list items of one evaluation
CALLS = 60  # functions calling each other
STRING = 262_144  # characters of one string
LIST = 100_000  # items of one list or turns of one range
UNFOLDED = 500_000  # parts of a whole answer, shared parts counted each time
_CALL = 30  # steps of one call
DEPTH = 60  # of values inside values
REGEX_TEXT = 1_000  # characters of one pattern
REGEX_SECONDS = 0.2  # time for one match
EXPONENT = 6_144  # decimal128, as the standard asks


class LimitReached(Exception):
    """An evaluation used up what it may. Becomes null and a warning of kind `limit`."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


class Budget:
    """The steps left to one evaluation, nested evaluations included."""

    __slots__ = ("calls", "left")

    def __init__(self, steps: int = STEPS) -> None:
        self.left = steps
        self.calls = 0

    def spend(self, steps: int) -> None:
        """Take `steps` away; raise LimitReached when none is left."""
        self.left -= steps
        if self.left < 0:
            raise LimitReached("计算步骤过多，已停止。", "The expression takes too many steps and was stopped.")

    def enter(self) -> None:
        """Note that a function is called; raise LimitReached when calls nest too deep."""
        self.calls += 1
        self.spend(_CALL)
        if self.calls > CALLS:
            raise LimitReached(f"函数相互调用超过 {CALLS} 层。", f"Functions call each other more than {CALLS} levels deep.")

    def leave(self) -> None:
        """Note that a function has returned."""
        self.calls -= 1


class _Active(threading.local):
    budget: Budget | None = None


active = _Active()


def spend(steps: int) -> None:
    """Take steps from the running evaluation, for code that grows values and knows no frame; free outside of one."""
    if active.budget is not None:
        active.budget.spend(steps)


def text_of(value: str) -> str:
    """Pay for a newly made string and return it; raise LimitReached when it is too long."""
    size = len(value)
    if size > STRING:
        raise LimitReached(f"文本超过 {STRING} 个字符。", f"A text grew beyond {STRING} characters.")
    if size > 64:
        spend(size // 4)
    return value


def list_of(value: list[Any]) -> list[Any]:
    """Pay for a newly made list and return it; raise LimitReached when it is too long."""
    size = len(value)
    if size > LIST:
        raise LimitReached(f"列表超过 {LIST} 项。", f"A list grew beyond {LIST} items.")
    spend(size * 2)
    return value


def answer(value: Any) -> Any:
    """Return the answer of an evaluation; raise LimitReached when it unfolds to too many parts or too deep.

    Lists may share parts (`[x, x]`), so that a few steps build what no text, JSON or comparison could ever hold.
    """
    stack: list[tuple[Any, int]] = [(value, 0)]
    parts = 0
    while stack:
        item, depth = stack.pop()
        inner = item if type(item) is list else item.values() if type(item) is dict else ()
        parts += len(inner)
        if parts > UNFOLDED or depth > DEPTH:
            raise LimitReached("结果过大。", "The answer is too large.")
        stack.extend((part, depth + 1) for part in inner if type(part) is list or type(part) is dict)
    return value
