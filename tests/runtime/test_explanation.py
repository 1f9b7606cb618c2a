"""Why this level, this deadline, this person: `jiesu explain` and the case page say the same."""

from __future__ import annotations

import pytest

from engine import cases
from tests.stories.test_property_project import is_classified, is_registered
from tests.support.town import Town


def lines(town: Town, number: str, locale: str = "zh") -> str:
    with town.store.reading() as db:
        return "\n".join("\n".join([section.title, *section.lines]) for section in cases.explain_case(db, number, locale))


def test_before_classification_there_is_no_level(yunxi: Town) -> None:
    assert "尚未判定级别" in lines(yunxi, is_registered(yunxi).number)


def test_the_row_its_reason_and_clause_explain_the_level(yunxi: Town) -> None:
    complaint = is_registered(yunxi)
    is_classified(yunxi, complaint, "major", exceedsDept=False)
    told = lines(yunxi, complaint.number)
    assert "判定表 property_project_classify 第 1 行：判定为重大投诉 PP-2-2" in told
    assert "判定的性质 = 重大" in told
    assert "超出部门处理权限 = 否" in told
    assert "Beyond the department's authority = no" in lines(yunxi, complaint.number, "en")
    assert "客户投诉管理制度（property-project）第 1 版" in told


def test_the_deadline_and_the_people_of_each_task(yunxi: Town) -> None:
    complaint = is_registered(yunxi)
    is_classified(yunxi, complaint, "major")
    told = lines(yunxi, complaint.number)
    assert "时限 2026-11-23 09:30（30 分钟，PP-1-6）" in told
    assert "角色 接待人员：从云溪花园项目往上，最近有人担任的是云溪花园项目（林晓雨、何文静）" in told
    yunxi["reception2"].claims(complaint, "report_leader")
    assert "已由何文静签收" in lines(yunxi, complaint.number)
    assert "Claimed by He Wenjing" in lines(yunxi, complaint.number, "en")


def test_an_unknown_number_is_named(yunxi: Town) -> None:
    with pytest.raises(cases.NoSuchCase, match="PP-0"):
        lines(yunxi, "PP-0")
