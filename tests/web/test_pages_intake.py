"""Registering a complaint through the pages: 林晓雨 receives for 云溪花园."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from engine import org
from engine.store import tables
from tests.support.office import Office, office
from tests.support.town import SEED, town

PATH = "/intake/property-project"
TYPED: dict[str, Any] = {
    "channel": "phone",
    "customerName": "示例客户甲",
    "customerPhone": "13800000000",
    "customerAddress": "示例路 1 号",
    "category": "facility",
    "complaintMatter": "电梯连续三天停运",
    "clearListen": "true",
    "clearAsk": "true",
}


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Office]:
    with town(f"sqlite:///{tmp_path}/town.db") as found, office(found, tmp_path) as opened:
        yield opened


def cases(here: Office) -> int:
    with here.town.store.reading() as db:
        return db.execute(select(func.count()).select_from(tables.case)).scalar_one()


def test_a_complaint_is_registered_and_its_number_is_told(here: Office) -> None:
    desk = here.desk("reception")

    answer = desk.get(PATH).send("//form[@id='register']", **TYPED)

    assert answer.status == 303 and answer.location == "/cases/PP-202611-00001?registered=1"
    case = desk.follow(answer)
    assert case.all("//*[@class='number']")[0].text == "PP-202611-00001"
    assert case.all("//a[contains(., '办理下一步')]/@href")


def test_with_one_procedure_and_one_unit_there_is_nothing_to_choose(here: Office) -> None:
    answer = here.desk("reception").get("/intake/")
    assert (answer.status, answer.location) == (302, PATH)
    assert "云溪花园项目" in here.desk("reception").get(PATH).text


def test_who_receives_for_two_units_is_asked_which(here: Office) -> None:
    # given 林晓雨 also receives for 竹海苑
    with here.town.store.writing() as db:
        org.add_membership(db, here.town["reception"].key, "reception", here.town.units["pp_zhuhai"], SEED)
    desk = here.desk("reception")

    # when
    asked = desk.get(PATH)
    form = desk.get(asked.all("//ul[@class='choose']//a[contains(., '竹海苑')]/@href")[0])
    desk.follow(form.send("//form[@id='register']", **TYPED))

    # then
    with here.town.store.reading() as db:
        assert db.execute(select(tables.case.c.unit_key)).scalar_one() == here.town.units["pp_zhuhai"]


def test_wrong_input_comes_back_with_everything_typed_and_names_the_fields(here: Office) -> None:
    answer = here.desk("reception").get(PATH).send("//form[@id='register']", **TYPED | {"customerPhone": "12", "complaintMatter": ""})

    assert answer.status == 422 and cases(here) == 0
    assert answer.all("//input[@name='customerName']/@value") == ["示例客户甲"]
    assert answer.all("//input[@name='customerPhone']/@value") == ["12"]
    targets = answer.all("//*[@id='form-errors']//a/@href")
    assert len(targets) == 2 and all(answer.all(f"//*[@id='{target[1:]}']") for target in targets)


def test_a_corrected_form_is_accepted(here: Office) -> None:
    refused = here.desk("reception").get(PATH).send("//form[@id='register']", **TYPED | {"customerPhone": "12"})
    assert refused.send("//form[@id='register']", customerPhone="13800000000").status == 303


def test_sending_twice_registers_once_and_leads_to_the_same_case(here: Office) -> None:
    desk = here.desk("reception")
    page = desk.get(PATH)
    first, second = (page.send("//form[@id='register']", **TYPED) for _ in range(2))
    assert first.location == second.location == "/cases/PP-202611-00001?registered=1"
    assert cases(here) == 1


def test_updating_the_form_judges_and_registers_nothing(here: Office) -> None:
    answer = here.desk("reception").get(PATH).send("//form[@id='register']", **TYPED | {"customerPhone": "12", "_refresh": "1"})
    assert answer.status == 200 and cases(here) == 0
    assert not answer.all("//*[@id='form-errors']")
    assert answer.all("//input[@name='customerPhone']/@value") == ["12"]


@pytest.mark.parametrize("path", [PATH, "/intake/", "/intake/dealer"])
def test_who_does_not_receive_complaints_is_refused(here: Office, path: str) -> None:
    assert here.desk("functional_dept").get(path).status == 403


@pytest.mark.parametrize("path", ["/intake/dealer", f"{PATH}?unit=pp_zhuhai", f"{PATH}?unit=nowhere"])
def test_another_procedure_or_unit_does_not_exist_for_the_receiver(here: Office, path: str) -> None:
    desk = here.desk("reception")
    assert desk.get(path).status == 404
    _, fields = desk.get(PATH).fields("//form[@id='register']")
    assert desk.post(path, fields | TYPED).status == 404
    assert cases(here) == 0


def test_a_visitor_is_asked_to_sign_in(here: Office) -> None:
    answer = here.app.test_client().get(PATH)
    assert answer.status_code == 303 and answer.headers["Location"].startswith("/sign-in")


def test_a_form_without_its_csrf_token_is_refused(here: Office) -> None:
    answer = here.desk("reception").get(PATH).send("//form[@id='register']", **TYPED | {"csrf_token": None})
    assert answer.status == 400 and cases(here) == 0


def test_the_form_speaks_english(here: Office) -> None:
    answer = here.desk("reception", "en").get(PATH)
    assert "Register a complaint" in answer.text and "Yunxi Garden project" in answer.text
    assert not any("一" <= char <= "鿿" for char in answer.text.replace("接诉", "").replace("中文", ""))
