"""What the people of a car dealer do in its stories, said as verbs: each completes one task, or a stretch of them."""

from __future__ import annotations

from typing import Any

from engine import org, runtime
from engine.store import tables
from tests.support.town import Complaint, Town

REGISTERED: dict[str, Any] = {
    "complaintAt": "2026-11-23T08:50",
    "channel": "phone",
    "customerName": "示例客户甲",
    "customerPhone": "13800000000",
    "plateNumber": "示A·00001",
    "serviceArea": "after_sales",
    "category": "repair_quality",
    "complaintMatter": "刹车片更换后仍有异响",
}
NOW = "2026-11-23T09:00"
WEAK: dict[str, Any] = {"groundsSufficient": "no", "validityNote": "保养记录与所述不符"}


def is_registered(shop: Town, **values: Any) -> Complaint:
    return shop["cr_adviser"].registers(**REGISTERED | values)


def is_classified(shop: Town, complaint: Complaint, level: str = "general", **values: Any) -> None:
    found = {"preliminaryCause": "装配时漏装消音片", "groundsSufficient": "yes", "demandReasonable": "yes", "manualLevel": level}
    found |= {name: REGISTERED[name] for name in ("serviceArea", "category")}
    found |= {"manualReason": "客户已联系媒体"} if level == "major" else {}
    shop["cr_manager"].does(complaint, "classify", **found | values)


def is_dispatched(shop: Town, complaint: Complaint, role: str = "service_manager") -> None:
    shop["cr_manager"].does(complaint, "dispatch", responsibleRole=role, responsiblePerson="唐大伟")


def is_assigned(shop: Town, level: str = "general", **values: Any) -> Complaint:
    complaint = is_registered(shop)
    is_classified(shop, complaint, level, **values)
    is_dispatched(shop, complaint)
    return complaint


def is_proposed(shop: Town, complaint: Complaint, who: str = "service_manager", **values: Any) -> None:
    found = {"causeFound": "漏装消音片", "causePerson": "示例技师乙", "solution": "免费重装并检查"}
    shop[who].does(complaint, "propose", **found | values)


def is_approved(shop: Town, complaint: Complaint) -> None:
    shop["gm"].does(complaint, "approve", approveDecision="agree")


def customer_is_told(shop: Town, complaint: Complaint, **values: Any) -> None:
    told = {"notifyMode": "phone", "notifiedAt": NOW, "notifiedContent": "明日免费重装"}
    shop["cr_adviser"].does(complaint, "notify_result", **told | values)
    shop["cr_adviser"].does(complaint, "customer_reaction", customerReaction="表示接受", solutionCarriedOut="已重装")


def is_handled(shop: Town, complaint: Complaint) -> None:
    is_proposed(shop, complaint)
    is_approved(shop, complaint)
    customer_is_told(shop, complaint)


def meets(shop: Town, complaint: Complaint, **values: Any) -> None:
    """The emergency meeting and its record."""
    found = {"meetingAt": NOW, "participants": ["gm", "department_manager", "cr_manager"], "meetingMinutes": "商定重装并送保养"}
    found |= {"causeFound": "漏装消音片", "causePerson": "示例技师乙", "solution": "免费重装并送一次保养"}
    shop["cr_manager"].does(complaint, "emergency_meeting", **found | values)


def does_own(shop: Town, who: str, complaint: Complaint, element: str, **values: Any) -> None:
    """Complete that one of several open tasks of an element which is offered to this person."""
    open_tasks = [row.key for row in complaint.rows(tables.task, status="open", element_id=element)]
    with shop.store.writing() as db:
        offered = tables.task_candidate.c
        role = org.org_at(db).holds(shop[who].key)[0].role
        keys = db.execute(tables.task_candidate.select().where(offered.task_key.in_(open_tasks), offered.role == role)).all()
        runtime.complete(db, keys[0].task_key, runtime.Submission(values), shop[who].actor)


def is_signed(shop: Town, complaint: Complaint, consent: str = "agree") -> None:
    does_own(shop, "service_manager", complaint, "meeting_sign", meetingConsent="agree", meetingOpinion="可行")
    does_own(shop, "gm", complaint, "meeting_sign", meetingConsent=consent, meetingOpinion="注意回访")


def negotiates(shop: Town, who: str, complaint: Complaint) -> None:
    found = {"negotiatedAt": NOW, "negotiationResult": "agreed", "negotiationNote": "客户接受方案"}
    does_own(shop, who, complaint, "joint_negotiation", **found)


def is_passed_on(shop: Town, complaint: Complaint) -> None:
    shop["cr_manager"].does(complaint, "report_leader", reportedAt=NOW, reportContent="异响未排除，客户已联系媒体")


def is_handled_as_major(shop: Town, complaint: Complaint) -> None:
    is_passed_on(shop, complaint)
    meets(shop, complaint)
    is_signed(shop, complaint)
    negotiates(shop, "service_manager", complaint)
    negotiates(shop, "cr_manager", complaint)


def customer_is_satisfied(shop: Town, complaint: Complaint) -> None:
    shop["cr_adviser"].does(complaint, "satisfaction", satisfied="yes", satisfactionScore=5, satisfactionNote="很快")


def is_summed_up(shop: Town, complaint: Complaint, **values: Any) -> None:
    found = {"processSummary": "当日查明并重装", "overallEvaluation": "处理及时", "improvement": "装配后双人复检"}
    shop["cr_manager"].does(complaint, "summary", **found | values)


def measures_are_drafted(shop: Town, complaint: Complaint) -> None:
    found = {"measureKinds": ["preventive"], "measure": "装配后双人复检", "measureOwner": "示例班组长", "measureDueOn": "2026-11-27"}
    shop["service_manager"].does(complaint, "draft_measure", **found)
    shop["cr_manager"].does(complaint, "draft_measure_2", measureAdvice="复检记录随车交付")


def measures_are_approved(shop: Town, complaint: Complaint, supervisor: str = "cr_manager") -> None:
    found = {"measureApproval": "agree", "supervisorRole": supervisor, "supervisorName": "叶婉清"}
    shop["gm"].does(complaint, "approve_measure", **found)


def measures_are_carried_out(shop: Town, complaint: Complaint, supervisor: str = "cr_manager") -> None:
    shop["service_manager"].does(complaint, "implement_measure", measureDone="已执行双人复检")
    shop[supervisor].does(complaint, "verify_measure", supervisionNote="抽查十台，均有复检记录")


def measures_are_taken(shop: Town, complaint: Complaint) -> None:
    measures_are_drafted(shop, complaint)
    measures_are_approved(shop, complaint)
    measures_are_carried_out(shop, complaint)
    shop["gm"].does(complaint, "check_measure", measureCheck="effective")


def responsibilities_are_settled(shop: Town, complaint: Complaint, **values: Any) -> None:
    found = {"handlingResponsible": "唐大伟", "causeDept": "after_sales", "causePerson": "示例技师乙", "delayResponsible": "无"}
    found |= {"lossAmount": 0, "departmentHead": "唐大伟"}
    shop["cr_manager"].does(complaint, "accountability", **found | values)


def penalty_is_decided(shop: Town, complaint: Complaint, decision: str = "none") -> None:
    shop["cr_manager"].does(complaint, "propose_penalty", penaltyProposal="建议口头提醒")
    shop["gm"].does(complaint, "decide_penalty", penaltyDecision=decision, penaltyNote="首次发生")


def is_archived(shop: Town, complaint: Complaint) -> None:
    shop["cr_adviser"].does(complaint, "archive", archiveNo="CD-2026-001", recordComplete=True)


def is_concluded(shop: Town, complaint: Complaint) -> None:
    is_summed_up(shop, complaint)
    measures_are_taken(shop, complaint)
    responsibilities_are_settled(shop, complaint)
    is_archived(shop, complaint)


def ever_opened(complaint: Complaint, element: str) -> int:
    return len(complaint.rows(tables.task, element_id=element))


def is_ready_to_conclude(shop: Town) -> Complaint:
    complaint = is_assigned(shop)
    is_handled(shop, complaint)
    customer_is_satisfied(shop, complaint)
    return complaint
