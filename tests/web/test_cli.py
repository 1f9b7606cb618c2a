"""`jiesu` as an operator meets it: sentences instead of tracebacks, and a server with its worker."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError, URLError

import pytest
from click.testing import CliRunner, Result

from engine import cases, org, runtime
from engine.errors import JiesuError
from engine.model import Actor
from engine.store import Store, open_store
from tests.web.conftest import PASSWORD
from webapp import demo, server
from webapp.auth import passwords, queries
from webapp.cli import jiesu
from webapp.commands.speech import table
from webapp.config import ROOT

WITHIN = 60.0
"""Seconds a start may take here, where other tests run beside it; `make run` is timed on its own."""

Run = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty installation, and a terminal that speaks English."""
    for name in ("JIESU_DATABASE_URL", "JIESU_SECRET_KEY", "JIESU_PORT", "JIESU_HOSTS", "JIESU_PROXIES", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("JIESU_HOME", str(tmp_path))
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    return tmp_path


@pytest.fixture
def run(home: Path) -> Run:
    """Runs a command: `run("users", "list")`."""

    def command(*words: str, typed: str | None = None) -> Result:
        return CliRunner().invoke(jiesu, list(words), input=typed)

    return command


@pytest.fixture
def installed(run: Run) -> Run:
    """The same, with a database, a unit and 张三, its administrator."""
    assert run("db", "upgrade").exit_code == 0
    assert run("units", "add", "group", "示例集团", "--level", "group").exit_code == 0
    added = run("users", "add", "zhang.san", "--name", "张三", "--role", "administrator", "--unit", "group", typed=PASSWORD + "\n")
    assert added.exit_code == 0, added.output
    return run


def refusal(result: Result) -> str:
    """The sentence with which a command gave up."""
    assert isinstance(result.exception, JiesuError), result.output
    return result.exception.text("en")


def store_of(home: Path) -> Store:
    return open_store(f"sqlite:///{home / 'var' / 'jiesu.db'}")


def test_the_help_names_every_command(run: Run) -> None:
    said = run("--help").output

    assert all(command in said for command in ("serve", "worker", "deploy", "db", "users", "units", "doctor", "audit"))
    assert "jiesu serve --demo" in said


@pytest.mark.parametrize("command", ["serve", "worker", "deploy", "db upgrade", "users add", "users role", "doctor", "audit verify"])
def test_every_command_explains_itself_in_both_languages(run: Run, command: str) -> None:
    said = run(*command.split(), "--help").output

    assert any("\u4e00" <= char <= "\u9fff" for char in said) and sum(char.isascii() and char.isalpha() for char in said) > 40


def test_the_first_person_signs_in_with_the_password_that_was_typed(installed: Run, home: Path) -> None:
    listed = installed("users", "list").output
    store = store_of(home)
    with store.reading() as db:
        account = queries.account(db, "zhang.san")
    store.dispose()

    assert "zhang.san" in listed and "administrator@group" in listed
    assert account is not None and passwords.matches(account.password_hash, PASSWORD)


def test_a_new_password_signs_the_person_out_everywhere(installed: Run, home: Path) -> None:
    store = store_of(home)
    with store.writing() as db:
        account = queries.account(db, "zhang.san")
        assert account is not None
        token = queries.start(db, account.person_key)

    changed = installed("users", "password", "zhang.san", typed="a quite different one\n")

    with store.reading() as db:
        assert changed.exit_code == 0 and queries.visit(db, token) is None
    store.dispose()


def test_a_role_is_given_once_and_taken_back(installed: Run) -> None:
    for _ in range(2):
        assert installed("users", "role", "zhang.san", "compliance", "group").exit_code == 0
    assert installed("users", "list").output.count("compliance@group") == 1

    assert installed("users", "role", "zhang.san", "compliance", "group", "--end").exit_code == 0

    assert "compliance@group" not in installed("users", "list").output
    assert "does not hold" in refusal(installed("users", "role", "zhang.san", "compliance", "group", "--end"))


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (["users", "add", "zhang.san", "--name", "张三"], PASSWORD, "already taken"),
        (["users", "add", "张三", "--name", "张三"], PASSWORD, "ASCII"),
        (["users", "add", "li.si", "--name", "李四"], "short", "characters"),
        (["users", "add", "li.si", "--name", "李四", "--role", "compliance", "--unit", "nowhere"], PASSWORD, "no unit 'nowhere'"),
        (["users", "password", "nobody"], PASSWORD, "Nobody has the login"),
        (["units", "add", "group", "又一个", "--level", "group"], "", "exists already"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(installed: Run, words: list[str], typed: str, said: str) -> None:
    assert said in refusal(installed(*words, typed=typed + "\n"))
    assert "li.si" not in installed("users", "list").output


def test_a_procedure_is_deployed_as_a_draft_and_goes_live_where_there_is_none(installed: Run, tmp_path: Path) -> None:
    folder = str(ROOT / "processes" / "property-project")

    first = installed("deploy", folder, "--first")
    again = installed("deploy", folder)

    assert "property-project 1 is active" in first.output
    assert "nothing new" in again.output
    assert "no procedure.toml" in refusal(installed("deploy", str(tmp_path)))


def test_every_error_of_a_procedure_is_listed(installed: Run, tmp_path: Path) -> None:
    (tmp_path / "bad").mkdir()
    for file in (ROOT / "processes" / "property-project").iterdir():
        (tmp_path / "bad" / file.name).write_bytes(file.read_bytes())  # its forms are missing

    refused = installed("deploy", str(tmp_path / "bad"))

    assert refused.exit_code == 2 and "nothing was stored" in refused.output
    assert refused.output.count("\n") > 3


def copied(folder: Path) -> Path:
    """A copy of property-project with its forms, to make mistakes in."""
    for part in ("processes", "forms"):
        shutil.copytree(ROOT / part / "property-project", folder / part / "property-project")
    return folder / "processes" / "property-project"


def test_a_mistake_in_a_sheet_is_named_with_its_line(installed: Run, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    lines = (folder / "roles.csv").read_text(encoding="utf-8").splitlines()
    (folder / "roles.csv").write_text("\n".join([*lines, "boss,老板,Boss,group,approve"]) + "\n", encoding="utf-8")

    refused = installed("deploy", str(folder))

    assert refused.exit_code == 2 and f"roles.csv:{len(lines) + 1}:" in refused.output


@pytest.mark.parametrize(("file", "twin"), [("archive.form", "archive_2.form"), ("ladder.dmn", "ladder_2.dmn")])
def test_two_files_with_one_id_are_refused_by_name(installed: Run, tmp_path: Path, file: str, twin: str) -> None:
    folder = copied(tmp_path)
    (original,) = tmp_path.rglob(file)
    shutil.copy(original, original.with_name(twin))

    refused = installed("deploy", str(folder))

    assert refused.exit_code == 2 and f"{twin} property_project_{file.partition('.')[0]}" in refused.output
    assert f"is used in {file} already" in refused.output


def test_who_comes_later_gets_the_task_that_nobody_could_do(installed: Run, home: Path) -> None:
    assert installed("units", "add", "yunxi", "云溪花园", "--level", "project", "--parent", "group").exit_code == 0
    reception = ("--role", "reception", "--unit", "yunxi")
    assert installed("users", "add", "li.na", "--name", "李娜", *reception, typed=PASSWORD + "\n").exit_code == 0
    assert installed("deploy", str(ROOT / "processes" / "property-project"), "--first").exit_code == 0
    store = store_of(home)
    with store.writing() as db:
        now = org.org_at(db)
        li_na = next(person for person in now.people.values() if person.login == "li.na")
        yunxi = next(unit for unit in now.units.values() if unit.slug == "yunxi")
        values = {"channel": "phone", "category": "housing", "complaintMatter": "楼道积水"}
        new = cases.Registration("property-project", yunxi.key, values)
        cases.register(db, new, Actor(f"person:{li_na.key}", li_na.name, li_na.key))
    assert installed("users", "role", "li.na", "reception", "yunxi", "--end").output.endswith("Tasks offered anew: 1.\n")

    added = installed("users", "add", "he.wenjing", "--name", "何文静", *reception, typed=PASSWORD + "\n")

    assert added.output.endswith("Tasks offered anew: 1.\n")
    with store.reading() as db:
        he = next(person for person in org.org_at(db).people.values() if person.login == "he.wenjing")
        assert runtime.queries.counts(db, runtime.queries.worker(org.org_at(db), he.key)).open == 1
    store.dispose()


def test_a_database_of_another_kind_is_one_sentence_without_its_password(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIESU_DATABASE_URL", "mysql://jiesu:geheim@db/jiesu")

    said = refusal(run("db", "state"))

    assert "postgresql://" in said and "mysql" in said and "geheim" not in said


def test_the_doctor_finds_a_sound_installation_sound(installed: Run) -> None:
    result = installed("doctor")

    assert result.exit_code == 0, result.output
    assert all(line.startswith("ok") for line in result.output.splitlines())


def test_the_doctor_says_what_to_do(run: Run, installed: Run, home: Path) -> None:
    (home / "var" / "secret-key").chmod(0o644)
    with sqlite3.connect(home / "var" / "jiesu.db") as db:
        db.execute("UPDATE alembic_version SET version_num = '0001'")
        db.execute("UPDATE event SET at = '2099-01-01T00:00:00.000000Z'")
    db.close()

    result = run("doctor")

    assert result.exit_code == 1 and "3 things to mend" in result.output
    assert "chmod 600" in result.output and "jiesu db upgrade" in result.output and "behind the newest event" in result.output


def test_the_doctor_copes_with_an_empty_folder(run: Run) -> None:
    result = run("doctor")

    assert result.exit_code == 1 and "empty; run jiesu db upgrade" in result.output


def test_the_state_of_the_database_is_told(run: Run) -> None:
    assert (run("db", "state").exit_code, "empty" in run("db", "state").output) == (1, True)
    run("db", "upgrade")
    assert (run("db", "state").exit_code, run("db", "check").exit_code) == (0, 0)


def test_an_event_changed_behind_our_back_is_found(installed: Run, home: Path) -> None:
    assert "all as they were written" in installed("audit", "verify").output
    with sqlite3.connect(home / "var" / "jiesu.db") as db:
        db.execute("UPDATE event SET facts = '{\"login\":\"wang.wu\"}' WHERE verb = 'person.added'")
    db.close()

    result = installed("audit", "verify")

    assert result.exit_code == 1 and "person" in result.output and "#1" in result.output


def test_a_demo_is_loaded_once(home: Path) -> None:
    store = store_of(home)
    for _ in range(2):
        demo.prepare(store, ROOT)
    with store.reading() as db:
        accounts = demo.accounts(db, "en")
        kept = queries.account(db, "property-project.reception")
    store.dispose()

    logins = [account.login for account in accounts]
    assert len(logins) == len(set(logins)) and {"admin", "compliance", "property-project.reception"} <= set(logins)
    assert kept is not None and passwords.matches(kept.password_hash, demo.PASSWORD)
    assert {account.login: account.roles for account in accounts}["property-project.reception"] == "Reception · Yunxi Garden project"


def test_a_demo_runs_on_postgresql_too(fresh_postgres_url: str) -> None:
    store = open_store(fresh_postgres_url)
    for _ in range(2):
        demo.prepare(store, ROOT)
    with store.reading() as db:
        logins = [account.login for account in demo.accounts(db, "zh")]
    store.dispose()

    assert len(logins) == len(set(logins)) > 5


def test_real_people_never_become_a_demo_and_a_demo_is_never_served_to_others(installed: Run, home: Path) -> None:
    store = store_of(home)
    with pytest.raises(demo.NotADemo):
        demo.prepare(store, ROOT)
    store.dispose()
    other = home / "other"
    store = open_store(f"sqlite:///{other / 'var' / 'jiesu.db'}")
    demo.prepare(store, ROOT)
    store.dispose()

    os.environ["JIESU_HOME"] = str(other)
    try:
        said = refusal(installed("serve", "--port", str(free_port())))
    finally:
        os.environ["JIESU_HOME"] = str(home)
    assert "This database is a demo" in said


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("units.csv", "key,name\nx,y\n", "columns missing"),
        ("units.csv", "key,parent,name,name_en,level\nx,nowhere,a,a,project\n", "line 2"),
        ("people.csv", "login,name,name_en,unit,role\nli.na,李娜,Li Na,nowhere,reception\n", "nowhere"),
    ],
)
def test_a_demo_file_with_a_mistake_is_named_with_its_line(home: Path, tmp_path: Path, file: str, text: str, said: str) -> None:
    (tmp_path / "processes").mkdir()
    (tmp_path / "demo" / "x").mkdir(parents=True)
    (tmp_path / "demo" / "x" / file).write_text(text, encoding="utf-8")
    store = store_of(home)

    with pytest.raises(demo.BadDemoFile) as refused:
        demo.prepare(store, tmp_path)

    store.dispose()
    assert said in refused.value.text("en") and file in refused.value.text("en")


def test_columns_stand_below_each_other_with_chinese_in_them(capsys: pytest.CaptureFixture[str]) -> None:
    table(["登录名", "name"], [["li.na", "李娜"], ["a", "王"]])

    lines = capsys.readouterr().out.splitlines()
    assert lines == ["  登录名  name", "  ------  ----", "  li.na   李娜", "  a       王"]


# The program itself, as a process of its own.


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def program(home: Path, *words: str, **environ: str) -> subprocess.Popen[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("JIESU_", "LC_", "LANG"))}
    return subprocess.Popen(
        [sys.executable, "-m", "webapp.cli", *words],
        cwd=ROOT,
        env=clean | {"JIESU_HOME": str(home), "LANG": "C.UTF-8"} | environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    said, _ = process.communicate(timeout=WITHIN)
    return process.returncode, said


def healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(json.load(answer)["status"] == "ok")
    except HTTPError as refused:
        refused.close()
        return False
    except (URLError, OSError):
        return False


def wait_for(condition: Callable[[], bool], what: str) -> float:
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < WITHIN, f"{what} did not happen"
        time.sleep(0.05)
    return time.monotonic() - began


def workers(server: int) -> list[int]:
    """The `jiesu worker` children of a server."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    return [int(pid) for pid in children if b"\0worker\0" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A demo that serves: its process and its port."""
    port = free_port()
    process = program(tmp_path, "serve", "--demo", "--port", str(port))
    try:
        wait_for(lambda: healthy(port) or process.poll() is not None, "serving")
        yield process, port
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=WITHIN)


def test_the_demo_serves_lists_its_accounts_and_ends_when_told(serving: tuple[subprocess.Popen[str], int]) -> None:
    process, port = serving
    assert healthy(port)
    wait_for(lambda: bool(workers(process.pid)), "a worker")
    (worker,) = workers(process.pid)

    process.send_signal(signal.SIGINT)
    code, said = ended(process)

    assert code == 0 and not alive(worker)
    assert f"http://127.0.0.1:{port}" in said and "property-project.reception" in said and "jiesu-demo" in said
    assert "Traceback" not in said


def test_a_worker_that_dies_is_replaced_and_none_outlives_the_server(serving: tuple[subprocess.Popen[str], int]) -> None:
    process, port = serving
    wait_for(lambda: bool(workers(process.pid)), "a worker")
    (first,) = workers(process.pid)

    os.kill(first, signal.SIGKILL)
    wait_for(lambda: any(pid != first for pid in workers(process.pid)), "a new worker")
    (second,) = workers(process.pid)
    process.kill()

    wait_for(lambda: not alive(second), "the worker's end")
    wait_for(lambda: not healthy(port), "the end of the pages")


def test_the_second_start_finds_everything_in_place(serving: tuple[subprocess.Popen[str], int], tmp_path: Path) -> None:
    first, port = serving
    first.terminate()
    first.communicate(timeout=WITHIN)

    second = program(tmp_path, "serve", "--demo", "--port", str(port))
    seconds = wait_for(lambda: healthy(port) or second.poll() is not None, "the second start")
    second.terminate()
    said = ended(second)[1]

    assert said.count("property-project.reception ") == 1
    assert seconds < 15


def test_a_crowd_at_the_door_is_not_turned_away() -> None:
    with server.listen("127.0.0.1", 0) as door:
        visitors = [socket.create_connection(door.getsockname(), timeout=2) for _ in range(200)]
        for visitor in visitors:
            visitor.close()

    assert len(visitors) == 200


def test_a_busy_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, said = ended(program(tmp_path, "serve", "--demo", JIESU_PORT=str(taken.getsockname()[1])))

    assert code == 2 and len(said.splitlines()) == 1
    assert "已被占用" in said and "is in use" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["serve", "--demo", "--host", "0.0.0.0"], "only served on this machine"),
        (["serve", "--demo", "--host", "192.0.2.1"], "only served on this machine"),
        (["serve"], "The database has not been made yet"),
        (["users", "list"], "jiesu db upgrade"),
        (["worker"], "jiesu db upgrade"),
    ],
)
def test_what_cannot_be_served_is_one_sentence(tmp_path: Path, words: list[str], said: str) -> None:
    code, told = ended(program(tmp_path, *words, JIESU_PORT=str(free_port())))

    assert code == 2 and said in told and len(told.splitlines()) == 1


def test_a_database_newer_than_the_program_is_one_sentence(tmp_path: Path) -> None:
    assert ended(program(tmp_path, "db", "upgrade"))[0] == 0
    with sqlite3.connect(tmp_path / "var" / "jiesu.db") as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    db.close()

    for words in (["serve", "--demo", "--port", str(free_port())], ["db", "upgrade"], ["serve", "--port", str(free_port())]):
        code, said = ended(program(tmp_path, *words))
        assert code == 2 and "is newer than this program" in said and len(said.splitlines()) == 1


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")

    code, said = ended(program(tmp_path / "file", "serve", "--demo"))

    assert code == 2 and "cannot be written to" in said and len(said.splitlines()) == 1


def test_a_terminal_is_spoken_to_in_its_language(tmp_path: Path) -> None:
    chinese = ended(program(tmp_path, "serve", LANG="zh_CN.UTF-8"))[1]
    english = ended(program(tmp_path, "serve", LANG="en_US.UTF-8"))[1]

    assert "数据库还没有建立" in chinese and "database" not in chinese
    assert english.startswith("jiesu: The database has not been made yet") and "数据库" not in english
