"""`jiesu doctor`: is this installation sound? One line per thing: ok, or what to do."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from engine import clock
from engine.errors import JiesuError
from engine.store import Store, migrations, open_store
from webapp import assets, queries
from webapp.commands.data import STATES
from webapp.commands.speech import both, say
from webapp.config import SHORTEST_SECRET, Config, from_environment, sqlite_file

LEAST_SPACE = 1024**3


@dataclass(frozen=True, slots=True)
class Result:
    """What one check found; `zh` and `en` are what to do when it is not `ok`, else a detail."""

    ok: bool
    zh: str = ""
    en: str = ""


@click.command(
    help="检查本安装：数据库、文件、时钟、密钥；有问题时返回 1。\n\nCheck this installation; exits with 1 if something is wrong."
)
def doctor() -> None:
    """Run all checks and print a line each."""
    config = from_environment()
    failed = 0
    for (zh, en), check in CHECKS.items():
        result = check(config)
        failed += not result.ok
        detail = both(result.zh, result.en) if result.zh else ""
        mark = click.style("ok", fg="green") if result.ok else click.style(both("需处理", "act"), fg="red")
        click.echo(f"{mark}  {both(zh, en)}" + (f": {detail}" if detail else ""))
    if failed:
        say(f"{failed} 项需要处理。", f"{failed} things to mend.", err=True)
        raise SystemExit(1)


def python(config: Config) -> Result:
    """Check that the interpreter is new enough."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Result(sys.version_info >= (3, 11), f"Python {version}", f"Python {version}")


def folder(config: Config) -> Result:
    """Check that the data folder can be written and has room."""
    place = _data_folder(config)
    if not os.access(place, os.W_OK):
        return Result(False, f"{place} 不可写，请更改权限", f"{place} cannot be written to; change its permissions")
    free = shutil.disk_usage(place).free
    size = f"{free / 1024**3:.1f} GB"
    if free < LEAST_SPACE:
        return Result(False, f"{place} 只剩 {size}，请腾出空间", f"only {size} left at {place}; make room")
    return Result(True, f"{place}，剩余 {size}", f"{place}, {size} free")


def database(config: Config) -> Result:
    """Check that the database answers."""

    def ask(store: Store) -> Result:
        with store.reading():
            address = store.engine.url.render_as_string(hide_password=True)
            return Result(True, address, address)

    return _asked(config, ask)


def migrated(config: Config) -> Result:
    """Check that the database has this program's schema."""

    def ask(store: Store) -> Result:
        found = migrations.state(store)
        return Result(found is migrations.State.CURRENT, *STATES[found])

    return _asked(config, ask)


def permissions(config: Config) -> Result:
    """Check that nobody else on this machine can read the database file."""
    file = sqlite_file(config.database_url)
    if file is None or not file.exists():
        return Result(True)
    if file.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH) and _reachable_by_others(file):
        return Result(False, f"其他用户可读取 {file}，请运行 chmod o-rwx {file}", f"others can read {file}; run chmod o-rwx {file}")
    return Result(True)


def secret(config: Config) -> Result:
    """Check that the secret is long, and its file ours alone."""
    if len(config.secret_key) < SHORTEST_SECRET:
        return Result(False, f"密钥太短，至少 {SHORTEST_SECRET} 个字符", f"too short; use at least {SHORTEST_SECRET} characters")
    file = _data_folder(config) / "secret-key"
    if "JIESU_SECRET_KEY" not in os.environ and file.stat().st_mode & 0o077:
        return Result(False, f"请运行 chmod 600 {file}", f"run chmod 600 {file}")
    return Result(True)


def time(config: Config) -> Result:
    """Check that the clock is not behind what has already happened, and that the time zone is known."""

    def ask(store: Store) -> Result:
        with store.reading() as db:
            last = queries.last_event(db)
        now = clock.now().astimezone(clock.ZONE).strftime("%Y-%m-%d %H:%M:%S")
        if last and last > clock.now() + timedelta(seconds=5):
            return Result(False, f"时钟（{now}）早于最近的记录，请校准", f"the clock ({now}) is behind the newest event; set it right")
        return Result(True, f"{now}（上海）", f"{now} in Shanghai")

    return _asked(config, ask)


def vendor(config: Config) -> Result:
    """Check that the front-end libraries are the committed ones, byte by byte."""
    root = assets.FOLDER / "vendor"
    lock = json.loads((root / "vendor.lock.json").read_text(encoding="utf-8"))
    wrong = [name for package in lock.values() for name, file in package["files"].items() if not _same(root / name, file["sha256"])]
    if wrong:
        return Result(False, f"前端文件缺失或被改动：{'、'.join(wrong)}", f"front-end files missing or changed: {', '.join(wrong)}")
    return Result(True)


def translations(config: Config) -> Result:
    """Check that the English catalogue is compiled."""
    folder = Path(assets.__file__).parent / "translations" / "en" / "LC_MESSAGES"
    if (folder / "messages.mo").is_file():
        return Result(True)
    return Result(False, "英文翻译未编译，请重新安装", "the English catalogue is not compiled; install again")


CHECKS: dict[tuple[str, str], Callable[[Config], Result]] = {
    ("Python 版本", "Python"): python,
    ("数据文件夹", "data folder"): folder,
    ("数据库", "database"): database,
    ("数据库版本", "schema"): migrated,
    ("文件权限", "permissions"): permissions,
    ("密钥", "secret"): secret,
    ("时钟", "clock"): time,
    ("前端文件", "front-end files"): vendor,
    ("翻译", "translations"): translations,
}


def _asked(config: Config, ask: Callable[[Store], Result]) -> Result:
    try:
        store = open_store(config.database_url)
        try:
            return ask(store)
        finally:
            store.dispose()
    except JiesuError as problem:
        return Result(False, problem.text("zh"), problem.text("en"))
    except SQLAlchemyError as problem:
        reason = type(problem).__name__
        return Result(False, f"不能回答（{reason}），请先解决上面的问题", f"it cannot answer ({reason}); mend the above first")


def _data_folder(config: Config) -> Path:
    file = sqlite_file(config.database_url)
    return file.parent if file else config.home / "var"


def _reachable_by_others(file: Path) -> bool:
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in file.parents)


def _same(file: Path, sha256: str) -> bool:
    return file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == sha256
