"""The work that is measured: whole general complaints of `property-project`, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.support.town import Complaint, Someone, Town

NOW = "2026-11-23T09:00"
REGISTER: dict[str, Any] = {
    "channel": "phone",
    "customerName": "示例客户",
    "customerPhone": "13800000000",
    "category": "facility",
    "complaintMatter": "电梯连续三天停运，老人和婴儿上下楼困难，多次报修没有答复。" * 3,
    "clearListen": True,
    "clearAsk": True,
}
TICKS = dict.fromkeys(("clearListen", "clearAsk", "clearFollow", "clearReply", "clearRecord"), True)
STEPS: list[tuple[str, str, dict[str, Any]]] = [
    ("reception", "classify", {"manualLevel": "general"}),
    ("reception", "dispatch", {"responsibleDept": "engineering", "dispatchNote": "请当日查明原因并回报"}),
    ("reception", "notify_state", {"stateReplyMode": "phone", "stateRepliedAt": NOW, "stateReply": "已派工程维修，正在查明原因"}),
    (
        "functional_dept",
        "implement",
        {"handleDecision": "solved", "handlingProcess": "更换控制板并试运行两小时" * 3, "handlingResult": "恢复运行"},
    ),
    (
        "reception",
        "notify_result",
        {
            "resultReplyMode": "phone",
            "resultRepliedAt": NOW,
            "repliedProcess": "更换控制板并试运行两小时",
            "repliedResult": "电梯恢复运行",
            "clearFollow": True,
            "clearReply": True,
        },
    ),
    ("reception", "record_result", {"recordMatter": "电梯停运", "recordProcess": "更换控制板", "recordResult": "恢复运行"} | TICKS),
    ("reception", "user_opinion", {"userOpinion": "处理及时", "resultAccepted": "yes", "opinionSigned": True}),
    ("reception", "archive", {"archiveNo": "YX-1", "archivedCopies": 1, "formReturned": True}),
]


def steps(town: Town, complaint: Complaint) -> Iterator[tuple[Someone, int, dict[str, Any]]]:
    """Give the steps of a case one by one: who, the key of the open task, the values of its form."""
    for login, element, values in STEPS:
        yield town[login], complaint.task(element), values
