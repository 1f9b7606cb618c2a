"""One base for every error a person may read.

A class carries its sentence in Chinese and English; the facts of the moment fill it in. HTTP status, exit codes
and pages are chosen at the border by the kinds below (`NotFound`, `NotAllowed`, `Conflict`, `Invalid`, `Broken`).
"""

from __future__ import annotations

from typing import Any, ClassVar


class JiesuError(Exception):
    """Base of all errors of jiesu. `facts` fill the sentence; `text(locale)` gives it, `str()` the Chinese one."""

    zh: ClassVar[str] = "出错了。"
    en: ClassVar[str] = "Something went wrong."

    def __init__(self, **facts: Any) -> None:
        super().__init__()
        self.facts = facts

    def text(self, locale: str = "zh") -> str:
        """Return the sentence for a person, in `zh` (default) or `en`."""
        return (self.en if locale.startswith("en") else self.zh).format(**self.facts)

    def __str__(self) -> str:
        return self.text()


class NotFound(JiesuError):
    """What was asked for does not exist, or the person may not know that it does."""

    zh = "没有找到您要的内容。"
    en = "We could not find what you asked for."


class NotAllowed(JiesuError):
    """The person is known but lacks the right."""

    zh = "您没有权限执行此操作。"
    en = "You are not allowed to do this."


class Conflict(JiesuError):
    """Somebody or something was faster, or the state no longer allows the act."""

    zh = "内容已被更改，请刷新后重试。"
    en = "This has changed in the meantime; reload and try again."


class Invalid(JiesuError):
    """The input is wrong; the sentence says what, where and what to do."""

    zh = "输入有误。"
    en = "The input is not valid."


class Broken(JiesuError):
    """A technical failure inside a procedure; becomes an incident, never a lost case."""

    zh = "流程执行出错。"
    en = "The procedure stopped on a technical error."
