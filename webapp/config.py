"""What an installation sets: where its data lie, its secret, its port. Read from the environment, once, at the start.

| variable | meaning | default |
|---|---|---|
| JIESU_HOME | folder of the data | the working folder |
| JIESU_DATABASE_URL | `sqlite:///file` or `postgresql://…` | `var/jiesu.db` below JIESU_HOME |
| JIESU_PORT | port of the pages | 8000 |
| JIESU_SECRET_KEY | signs page tokens | a file made next to the database |
| JIESU_HOSTS | names under which the pages may be asked for, separated by commas | any (demo: loopback only) |
| JIESU_PROXIES | how many reverse proxies stand in front and are trusted | 0 |
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from engine.errors import Broken, Invalid

ROOT = Path(__file__).resolve().parents[1]
LOOPBACK = ("127.0.0.1", "localhost", "::1")
SHORTEST_SECRET = 32


class BadSetting(Invalid):
    """An environment variable says something we cannot use."""

    zh = "环境变量 {name} 的值“{value}”无法使用：{zh_reason}。"
    en = "The environment variable {name} has a value we cannot use ({value!r}): {en_reason}."


class FolderNotWritable(Broken):
    """Data cannot be kept where they should be."""

    zh = "无法在文件夹 {folder} 中写入：{reason}。请更改其权限，或用 JIESU_HOME 指定另一个文件夹。"
    en = "The folder {folder} cannot be written to: {reason}. Change its permissions, or name another one with JIESU_HOME."


@dataclass(frozen=True, slots=True)
class Config:
    """One installation. `hosts` are the names it answers to; empty means any."""

    home: Path
    database_url: str
    secret_key: str
    port: int = 8000
    demo: bool = False
    hosts: tuple[str, ...] = ()
    proxies: int = 0


def from_environment(demo: bool = False, environ: Mapping[str, str] = os.environ) -> Config:
    """Return the configuration of this process. Raises `BadSetting`, `FolderNotWritable`."""
    home = Path(environ.get("JIESU_HOME") or Path.cwd()).resolve()
    url = environ.get("JIESU_DATABASE_URL") or f"sqlite:///{home / 'var' / 'jiesu.db'}"
    hosts = tuple(name.strip().lower() for name in environ.get("JIESU_HOSTS", "").split(",") if name.strip())
    return Config(
        home=home,
        database_url=url,
        secret_key=environ.get("JIESU_SECRET_KEY") or _kept_secret(_secret_file(home, url)),
        port=_whole_number(environ, "JIESU_PORT", 8000, (1, 65535)),
        demo=demo,
        hosts=LOOPBACK if demo else hosts,
        proxies=_whole_number(environ, "JIESU_PROXIES", 0, (0, 9)),
    )


def shipped(folder: str) -> Path:
    """Return the folder of `processes`, `forms` or `demo`: beside us in the repository, inside us in a wheel."""
    beside = ROOT / folder
    return beside if beside.is_dir() else Path(__file__).parent / "data" / folder


def sqlite_file(url: str) -> Path | None:
    """Return the file of an SQLite address, or None for any other database. Raises `BadSetting`."""
    reasons = {"zh_reason": "应为 sqlite:///文件 或 postgresql://…", "en_reason": "expected sqlite:///file or postgresql://…"}
    try:
        parsed = make_url(url)
    except ArgumentError as problem:
        raise BadSetting(name="JIESU_DATABASE_URL", value=url, **reasons) from problem
    if parsed.get_backend_name() not in ("sqlite", "postgresql", "postgres"):
        raise BadSetting(name="JIESU_DATABASE_URL", value=parsed.render_as_string(hide_password=True), **reasons)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


def _secret_file(home: Path, url: str) -> Path:
    file = sqlite_file(url)
    return (file.parent if file else home / "var") / "secret-key"


def _kept_secret(file: Path) -> str:
    """Return the secret in `file`; make one at the first start, readable by this user only."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            _write_secret(file)
        return file.read_text(encoding="ascii").strip()
    except OSError as problem:
        raise FolderNotWritable(folder=file.parent, reason=problem.strerror or problem) from problem


def _write_secret(file: Path) -> None:
    # Written aside and linked into place, so that of two first starts at once both read the same, whole secret.
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as out:
        out.write(secrets.token_urlsafe(48))
    try:
        os.link(aside, file)
    except FileExistsError:
        pass
    finally:
        aside.unlink()


def _whole_number(environ: Mapping[str, str], name: str, default: int, bounds: tuple[int, int]) -> int:
    text = environ.get(name) or str(default)
    lowest, highest = bounds
    if not text.isascii() or not text.isdigit() or len(text) > 9 or not lowest <= int(text) <= highest:
        reasons = {"zh_reason": f"应为 {lowest} 到 {highest} 的整数", "en_reason": f"expected a whole number from {lowest} to {highest}"}
        raise BadSetting(name=name, value=text, **reasons)
    return int(text)
