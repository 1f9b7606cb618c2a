"""What README, CHANGELOG and docs name is there: commands with options, make targets, settings, files, links, properties, functions."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import click
import pytest

from engine import dmn
from engine.forms.model import PERSONAL_KINDS
from engine.org import BUILT_IN, LEVELS
from engine.runtime.deadlines import STEPS, WORKING
from engine.runtime.language import SIGNATURES
from engine.runtime.sheets import ROLE_RIGHTS, Settings
from webapp.cli import jiesu

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
OURS = [path for path in PAGES if path.name != "conformance.md"]  # that one is generated
CODE = ("engine", "webapp", "bench", "tools", "tests")

FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def spoken(path: Path) -> Iterator[str]:
    """What a page sets as code: the lines of its shell blocks and the spans in its sentences."""
    for kind, block in FENCE.findall(text(path)):
        if kind == "sh":
            yield from block.splitlines()
    yield from SPAN.findall(FENCE.sub("", text(path)))


def commands(path: Path) -> set[str]:
    """The `jiesu …` calls of a page, as typed; `jiesu db`, `users` and the like after it are not calls."""
    found = (re.search(r"(?:^|[\s/])(jiesu(?: .*)?)$", line.partition(" #")[0].strip()) for line in spoken(path))
    return {match.group(1) for match in found if match}


def source() -> str:
    files = (path for folder in CODE for path in sorted((ROOT / folder).rglob("*.py")) if path != Path(__file__))
    return "\n".join(text(path) for path in files)


def resolve(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that these words call, and what is left of them. KeyError if there is none."""
    command: click.Command = jiesu
    rest = words[1:]
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        command, rest = command.commands[rest[0]], rest[1:]
    return command, rest


@pytest.mark.parametrize("page", OURS, ids=lambda page: page.name)
def test_every_command_exists_with_its_options(page: Path) -> None:
    wrong = []
    for line in commands(page):
        try:
            command, rest = resolve(shlex.split(re.sub(r"[<>]", "", line)))
        except KeyError:
            wrong.append(line)
            continue
        known = {option for parameter in command.params for option in parameter.opts} | {"-h", "--help"}
        wrong += [f"{line}: {word}" for word in rest if word.startswith("-") and word.partition("=")[0] not in known]
    assert wrong == []


def test_every_command_is_in_the_guides() -> None:
    told = {line for page in OURS for line in commands(page)}
    missing = [name for name in jiesu.commands if not any(line.split()[1:2] == [name] for line in told)]
    assert missing == []


@pytest.mark.parametrize("page", OURS, ids=lambda page: page.name)
def test_every_make_target_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z][\w-]*):", text(ROOT / "Makefile"), re.MULTILINE))
    named = {target for line in spoken(page) for target in re.findall(r"\bmake (?:\w+=\S+ )?([a-z][\w-]*)", line.partition("#")[0])}
    assert named - targets == set()


def test_every_setting_that_is_named_is_read_and_the_operator_is_told_every_one() -> None:
    named = {name for page in PAGES for name in re.findall(r"JIESU_[A-Z_]+", text(page))}
    scripts = "".join(text(path) for path in [ROOT / "Makefile", *(ROOT / "tools").glob("*.sh")])
    read = set(re.findall(r"[\"'$({]+(JIESU_[A-Z_]+)", source() + scripts))
    told = set(re.findall(r"JIESU_[A-Z_]+", text(ROOT / "docs/operator.md")))

    assert named - read == set()
    assert set(re.findall(r"\"(JIESU_[A-Z_]+)\"", text(ROOT / "webapp/config.py"))) - told == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    broken = []
    for target in LINK.findall(text(page)):
        if "://" in target:
            continue
        name, _, anchor = unquote(target).partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(target)
    assert broken == []


def anchors(file: Path) -> set[str]:
    """The anchors of a page, made of its headings as forges do."""
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in HEADING.findall(text(file))}


@pytest.mark.parametrize("page", OURS, ids=lambda page: page.name)
def test_every_file_of_the_repository_that_is_named_exists(page: Path) -> None:
    folders = ("processes/", "forms/", "docs/", "tests/", "tools/", "engine/", "webapp/", "bench/", "demo/")
    words = {word.strip("`,;()") for line in spoken(page) for word in line.split()}
    named = {word for word in words if word.startswith(folders) and "<" not in word and "*" not in word}
    assert {name for name in named if not (ROOT / name).exists()} == set()


@pytest.mark.parametrize("procedure", ["property-project", "dealer"])
def test_the_number_of_clauses_in_the_readme_is_that_of_the_sheet(procedure: str) -> None:
    count = len(text(ROOT / f"processes/{procedure}/clauses.csv").splitlines()) - 1

    assert f"`{procedure}` ({count} clauses" in text(ROOT / "README.md")


def test_every_example_of_a_decision_names_a_decision_of_the_procedure() -> None:
    examples = [shlex.split(line)[2:4] for page in OURS for line in commands(page) if line.startswith("jiesu decide ")]

    assert examples
    for procedure, decision in examples:
        assert any(decision in dmn.read(path.read_bytes(), functions=SIGNATURES).decisions for path in dmn_files(procedure)), decision


def dmn_files(procedure: str) -> list[Path]:
    return sorted((ROOT / "processes" / procedure).glob("*.dmn"))


def rows(page: str, heading: str) -> list[str]:
    """The code spans in the first column of the table behind a line that begins so."""
    behind = text(ROOT / page).split(f"\n{heading}", 1)[1]
    table = re.search(r"(?:^\|.*\n)+", behind, re.MULTILINE)
    assert table is not None
    return [name for line in table.group().splitlines()[2:] for name in SPAN.findall(line.split("|")[1])]


def test_the_entries_of_procedure_toml_are_those_that_are_read() -> None:
    assert set(rows("docs/process-owner.md", "**procedure.toml**")) == set(Settings.__dataclass_fields__)


READERS_ONLY = {"origin", "clause"}
"""Kept for people; our own files are held to them by tests/procedures."""


def test_every_extension_property_that_is_documented_is_used() -> None:
    code = source()
    of_elements = rows("docs/process-owner.md", "扩展属性（Extension properties）")
    paragraph = text(ROOT / "docs/process-owner.md").split("表单组件的属性", 1)[1].split("\n\n", 1)[0]
    of_components = {name for name in SPAN.findall(paragraph) if re.fullmatch(r"[A-Za-z_]+", name)} - {"no"}
    used = {name for name in {*of_elements, *of_components} if f'"{name}"' in code or f'"{name.removesuffix("_en")}"' in code}

    assert {"clauses", "on_behalf", "excluded"} < set(of_elements)
    assert {"personal", "label_en", "prefill"} < of_components
    assert {*of_elements, *of_components} - used == set()
    engine = "\n".join(text(path) for path in sorted((ROOT / "engine").rglob("*.py")))
    in_engine = {name for name in used - READERS_ONLY if re.search(rf'properties(\.get\(|\[)"{name}"', engine)}
    assert in_engine >= {"clauses", "name_en", "on_behalf", "excluded", "personal", "prefill", "options_en", "patternErrorMessage_en"}


def test_every_property_in_our_own_files_is_documented() -> None:
    page = text(ROOT / "docs/process-owner.md")
    diagrams = {name for path in ROOT.glob("processes/*/*.bpmn") for name in re.findall(r'zeebe:property name="([^"]+)"', text(path))}
    assert {name for name in diagrams if f"`{name}`" not in page} == set()


def test_the_host_functions_are_those_that_feel_knows() -> None:
    shown = rows("docs/decisions.md", "## FEEL 中另外可用的")

    assert [name.partition("(")[0] for name in shown if "(" in name and "PT4H" not in name] == list(SIGNATURES)
    for name, function in SIGNATURES.items():
        assert f"`{name}({', '.join(function.parameters)})`" in text(ROOT / "docs/decisions.md")


def test_words_with_a_fixed_set_of_values_are_complete() -> None:
    owner, decisions, operator = (text(ROOT / f"docs/{page}.md") for page in ("process-owner", "decisions", "operator"))

    assert [right for right in ROLE_RIGHTS if f"`{right}`" not in owner] == []
    assert [kind for kind in PERSONAL_KINDS if kind and f"`{kind}`" not in owner] == []
    assert [unit for unit in (*STEPS, *WORKING, "nextDayEnd", "dateOnCase") if f"`{unit}`" not in decisions] == []
    assert [level for level in LEVELS if level not in operator] == []
    assert [role for role in BUILT_IN if f"`{role}`" not in operator] == []
