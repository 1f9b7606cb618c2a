"""`jiesu decide` in an operator's terminal."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine.errors import JiesuError
from tests.support import waiver
from tests.support.town import Town, town
from tests.support.waiver import deploys_waiver
from webapp.cli import jiesu

Run = Callable[..., Result]


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Town]:
    with town(f"sqlite:///{tmp_path}/jiesu.db") as found:
        deploys_waiver(found)
        yield found


@pytest.fixture
def decide(here: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command in a terminal that speaks English."""
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("JIESU_HOME", str(tmp_path))
    monkeypatch.setenv("JIESU_DATABASE_URL", f"sqlite:///{tmp_path}/jiesu.db")
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    return lambda *words: CliRunner().invoke(jiesu, ["decide", *words])


def refused(result: Result) -> str:
    assert isinstance(result.exception, JiesuError)
    return result.exception.text("en")


def test_the_answer_with_inputs_and_the_rules_that_fired(decide: Run) -> None:
    said = decide("property-project", "property_project_classify", 'manualLevel="major"', "exceedsDept=false")
    assert said.exit_code == 0
    assert 'Result: [{level: "major"' in said.output and "(manualLevel) = major" in said.output
    assert "* 1 " in said.output and "* 2 " not in said.output


def test_json_for_programs(decide: Run) -> None:
    facts = json.loads(decide("tiny", "减免额", 'level="major"', "amount due=300", "--json").output)
    assert facts["value"] == 150 and facts["decided"] == {"rate": 0.5} and facts["release"] == 1
    assert [(rule["decision"], rule["rule"], rule["id"]) for rule in facts["fired"]] == [("rate", 1, "rate_major")]
    assert facts["inputs"] == {"amount due": 300, "level": "major"}


def test_a_service_is_decided_too(decide: Run) -> None:
    said = decide("tiny", "tiny_service", 'level="general"', "amount due=100")
    assert "Result: 10" in said.output and "rate = 0.1" in said.output


def test_what_is_unknown_is_said(decide: Run) -> None:
    said = decide("tiny", "tiny_waiver", 'level="general"', "typo=1")
    assert "'typo' is not used." in said.output and "'amount due' was not given; it is null." in said.output


def test_rules_that_clash_end_with_one(decide: Run) -> None:
    said = decide("tiny", "tiny_clash", "amount due=30")
    assert said.exit_code == 1 and "rules 1、2 fit at once" in said.output
    assert json.loads(decide("tiny", "tiny_clash", "amount due=30", "--json").output)["clashing"] == [1, 2]


def test_another_release(here: Town, decide: Run) -> None:
    deploys_waiver(here, "=level", active=False)
    assert json.loads(decide("tiny", "tiny_rate", "--release", "2", "--json").output)["release"] == 2
    assert "Known are: 2, 1." in refused(decide("tiny", "tiny_rate", "--release", "7"))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("none", "tiny_rate"), "Known are: dealer, property-project, tiny."),
        (("tiny", "none"), "Known are: tiny_rate, tiny_waiver, tiny_clash, tiny_open, tiny_service."),
        (("tiny", "tiny_rate", "level"), "write name=FEEL"),
        (("tiny", "tiny_rate", "level=major"), "put text in double quotes"),
        (("tiny", "tiny_rate", 'level="ma'), '"ma\n^'),
    ],
)
def test_what_is_wrong_is_one_sentence(decide: Run, words: tuple[str, ...], sentence: str) -> None:
    assert sentence in refused(decide(*words))


def test_deploying_shows_what_deserves_a_look(here: Town, decide: Run, tmp_path: Path) -> None:
    folder = tmp_path / "tiny"
    folder.mkdir()
    for name, data in waiver.files("=nothing_like_it").items():
        (folder / name).write_bytes(data)

    said = CliRunner().invoke(jiesu, ["deploy", str(folder)])

    assert said.exit_code == 0 and "warning: " in said.output and "'nothing_like_it'" in said.output
