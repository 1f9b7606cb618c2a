"""Pages of procedures: 何主任 writes them, 林晓雨 works by them, and somebody without any right sees nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import org
from tests.support.office import Desk, Office, office
from tests.support.tiny import registers
from tests.support.town import SEED, town
from tests.support.waiver import deploys_waiver

PP = "/procedures/property-project"


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Office]:
    with town(f"sqlite:///{tmp_path}/town.db") as found, office(found, tmp_path) as opened:
        found.add("he.zhuren", "何主任", "process_owner", "pp_company")
        yield opened


@pytest.fixture
def owner(here: Office) -> Desk:
    return here.desk("he.zhuren")


def test_the_list_names_each_procedure_with_its_release_in_force(here: Office, owner: Desk) -> None:
    deploys_waiver(here.town)

    screen = owner.get("/procedures")

    rows = [" ".join(row.text_content().split()) for row in screen.all("//tbody/tr")]
    assert any("客户投诉管理制度" in row and "第 1 版 施行中" in row and "2026-11-23 09:00" in row for row in rows)
    assert any("减免制度" in row and "示例〔2026〕1号" in row for row in rows)


def test_clauses_lead_to_where_they_are_carried_out(here: Office, owner: Desk) -> None:
    deploys_waiver(here.town)

    screen = owner.get("/procedures/tiny")
    places = {link.text_content(): link.get("href") for link in screen.all("//tr[@id='TN-1']//a")}

    assert "重大投诉减半。" in screen.text and "不是制度原文" in screen.text and "以后的版本" in screen.text
    assert places["比例第 1 条"] == "/procedures/tiny/releases/1/decisions/tiny_rate#rate_major"
    assert {"look", "note"} < places.keys()
    for address in places.values():
        assert owner.get(address).status == 200


def test_every_clause_target_of_our_procedures_is_found(here: Office, owner: Desk) -> None:
    screen = owner.get(PP)
    lost = [item.text_content().split()[0] for item in screen.all("//ul[@class='places']/li[not(a)]")]
    assert set(lost) <= {"以后的版本", "periodic.bpmn"}


def test_each_part_of_a_procedure_has_a_page(owner: Desk) -> None:
    for tab, word in (
        ("about", "受理投诉要做到听、问、跟、复、记五个清楚"),
        ("diagrams", "公司领导阅批"),
        ("decisions", "归档前检查"),
        ("forms", "超出部门处理权限"),
        ("releases", "第 1 版的文件"),
        ("nonsense", "受理投诉"),
    ):
        screen = owner.get(f"{PP}?tab={tab}")
        assert screen.status == 200 and word in screen.text, tab


def test_the_diagram_is_drawn_from_the_file_as_deployed(owner: Desk) -> None:
    screen = owner.get(f"{PP}?tab=diagrams&diagram=property_project_major")
    address = screen.all("//*[@id='diagram']/@data-file")[0]

    assert owner.get(address).response.data == (Path(__file__).parents[2] / "processes/property-project/major.bpmn").read_bytes()
    assert "'unsafe-inline'" in screen.response.headers["Content-Security-Policy"]
    assert "'unsafe-inline'" not in owner.get(PP).response.headers["Content-Security-Policy"]
    assert owner.get(address.replace("property_project_major", "nonsense")).status == 404


def test_drafts_are_for_those_who_write_and_examine(here: Office, owner: Desk) -> None:
    deploys_waiver(here.town)
    deploys_waiver(here.town, "=nothing_like_it", active=False)
    reader, draft = here.desk("reception"), "/procedures/tiny/releases/2"

    assert "草稿" in owner.get(draft).text and "更新的版本：1" in owner.get("/procedures").text
    assert owner.get(f"{draft}/decisions/tiny_rate").status == 200
    for path in (draft, f"{draft}/decisions/tiny_rate", f"{draft}/diagrams/tiny_main.bpmn"):
        assert reader.get(path).status == 404, path
    assert "更新的版本" not in reader.get("/procedures").text and "草稿" not in reader.get("/procedures/tiny?tab=releases").text


def test_a_procedure_that_is_not_in_force_yet_is_unknown_to_readers(here: Office, owner: Desk) -> None:
    deploys_waiver(here.town, active=False)
    assert "减免制度" in owner.get("/procedures").text
    assert "减免制度" not in here.desk("reception").get("/procedures").text
    assert here.desk("reception").get("/procedures/tiny").text == here.desk("reception").get("/procedures/none").text


def test_a_stranger_gets_no_hint(here: Office) -> None:
    with here.town.store.writing() as db:
        org.add_person(db, "nobody", "无名", "Nobody", SEED)
    from tests.support.town import Someone

    with here.town.store.reading() as db:
        key = next(person.key for person in org.org_at(db).people.values() if person.login == "nobody")
    here.town.people["nobody"] = Someone(here.town, key, "nobody", "无名")
    for path in ("/procedures", PP, "/procedures/none", f"{PP}/releases/1/decisions/property_project_classify", f"{PP}/releases/9"):
        assert here.desk("nobody").get(path).status == 403, path
    assert here.app.test_client().get(PP).status_code == 303


@pytest.mark.parametrize("path", ["/procedures/none", f"{PP}/releases/7", f"{PP}/releases/1/decisions/none"])
def test_what_does_not_exist_is_not_found(owner: Desk, path: str) -> None:
    assert owner.get(path).status == 404


def test_the_menu_leads_here_for_those_who_may(here: Office, owner: Desk) -> None:
    assert owner.get("/procedures").all("//nav[@class='side']/a[@aria-current='page']/text()") == ["制度"]
    assert "制度" in here.desk("reception").get("/tasks").all("//nav[@class='side']/a/text()")


def test_the_pages_speak_english(here: Office) -> None:
    deploys_waiver(here.town)
    owner = here.desk("he.zhuren", "en")
    assert "Waivers" in owner.get("/procedures").text and "Half for major ones." in owner.get("/procedures/tiny").text
    screen = owner.get("/procedures/tiny/releases/1/decisions/tiny_rate?_try=1&level=major")
    for part in ("F first: the first rule that fits", "Level", "fired", "Major", "Result", "Release 1", "In force"):
        assert part in screen.text, part


def test_the_author_is_told_of_names_nobody_knows(here: Office, owner: Desk) -> None:
    deployed = deploys_waiver(here.town, "=nothing_like_it")
    assert [finding.name for finding in deployed.findings if finding.rule == "unknown-name"] == ["nothing_like_it", *UNKNOWN_IN_TABLES]

    assert "nothing_like_it" in owner.get("/procedures/tiny?tab=releases").text
    assert "nothing_like_it" not in here.desk("reception").get("/procedures/tiny?tab=releases").text


def test_a_case_shows_its_decisions_as_tables_with_the_rules_that_fired(here: Office, owner: Desk) -> None:
    deploys_waiver(here.town)
    found = registers(here.town, level="major", note="示例")
    deploys_waiver(here.town, "=level")  # a later release changes nothing for a running case

    screen = owner.get(f"/cases/{found.number}")
    table = screen.all("//details[@class='decided']//table")[0]
    fired = [" ".join(row.text_content().split()) for row in table.xpath(".//tr[@class='fired']")]

    assert screen.all("//details[@class='decided']/summary/text()") == ["依据：比例"]
    assert len(table.xpath(".//tbody/tr")) == 3 and fired == ['1 ✓ 命中 "major" 重大 0.5 重大减半']
    assert "重大" in " ".join(table.xpath(".//tr[@class='given']")[0].text_content().split())


def test_what_feel_could_not_make_sense_of_is_told_to_authors_only(here: Office, owner: Desk) -> None:
    deploys_waiver(here.town, "=nothing_like_it")
    found = registers(here.town, note="示例")

    assert found.told("case.registered")[0]["warnings"] == [{"element": "copy", "kind": "unknown-name", "name": "nothing_like_it"}]
    assert "字段 nothing_like_it 未知，按空值处理（节点 copy）" in owner.get(f"/cases/{found.number}").text
    assert "nothing_like_it" not in here.desk("reception").get(f"/cases/{found.number}").text


def test_a_variable_without_a_value_is_no_mistake(here: Office) -> None:
    deploys_waiver(here.town)
    assert "warnings" not in registers(here.town).told("case.registered")[0]


UNKNOWN_IN_TABLES = ["amount due", "amount due", "day", "things"]  # tables of the waiver read them
