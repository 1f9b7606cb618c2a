"""What can go wrong when somebody acts on a task."""

from __future__ import annotations

from typing import Any

from engine.errors import Conflict, Invalid


class TaskTaken(Conflict):
    """Somebody else has claimed the task."""

    zh = "这项任务已由{name}于 {at} 签收。"
    en = "{name_en} claimed this task at {at}."


class TaskGone(Conflict):
    """Somebody completed the task, or the procedure took it back."""

    zh = "这项任务已由{name}于 {at} 办结。"
    en = "{name_en} completed this task at {at}."


class TaskWithdrawn(Conflict):
    """The procedure went another way and no longer needs the task."""

    zh = "这项任务已于 {at} 由流程撤回，无需再办理。"
    en = "The procedure took this task back at {at}; nothing is left to do."


class NobodyElse(Conflict):
    """The procedure gave the task to one person and to nobody else."""

    zh = "这项任务由流程直接指派给您，没有其他人可以办理，不能退回。"
    en = "The procedure gave this task to you and to nobody else; it cannot be put back."


class FormErrors(Invalid):
    """What was filled in is not valid; `outcome` names each field and limit."""

    zh = "有 {count} 处需要更正。"
    en = "{count} entries need correction."

    def __init__(self, outcome: Any) -> None:
        super().__init__(count=len(outcome.errors))
        self.outcome = outcome


class StaleValues(Conflict):
    """Somebody changed a value after the form was shown; `changed` maps the variable to (shown, present)."""

    zh = "填写期间，他人更改了其中的内容；请核对后再次提交。"
    en = "Somebody changed some of these values while you were filling them in; compare and send again."

    def __init__(self, changed: dict[str, tuple[Any, Any]]) -> None:
        super().__init__()
        self.changed = changed
