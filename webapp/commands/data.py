"""`jiesu db`, `jiesu deploy` and `jiesu audit`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from engine import audit, releases
from engine.errors import Invalid
from engine.model import Finding, Severity
from engine.runtime.package import PackageRefused
from engine.store import migrations
from webapp import queries
from webapp.commands.installation import opened, operator
from webapp.commands.speech import both, say


class NothingToDeploy(Invalid):
    """The folder holds no resources of a procedure."""

    zh = "文件夹 {folder} 里没有 procedure.toml，不是一个制度的文件夹。"
    en = "There is no procedure.toml in {folder}: it is not the folder of a procedure."


STATES = {
    migrations.State.EMPTY: ("空的，请运行 jiesu db upgrade", "empty; run jiesu db upgrade"),
    migrations.State.OLDER: ("比程序旧，请备份后运行 jiesu db upgrade", "older than the program; back it up, then run jiesu db upgrade"),
    migrations.State.CURRENT: ("与程序一致", "current"),
    migrations.State.NEWER: ("比程序新，请升级 jiesu", "newer than the program; upgrade jiesu"),
}


@click.group(help="数据库：升级、状态、检查。\n\nThe database: upgrade, state, check.")
def db() -> None:
    """Hold the commands below."""


@db.command(help="建立或升级数据库（先备份）。\n\nMake or upgrade the database (back it up first).")
def upgrade() -> None:
    with opened(current=False) as store:
        migrations.upgrade(store)
    say(f"数据库已是版本 {migrations.head()}。", f"The database is at revision {migrations.head()}.")


@db.command(help="数据库与程序的版本是否一致；不一致时返回 1。\n\nDoes the database fit the program? Exits with 1 if not.")
def state() -> None:
    with opened(current=False) as store:
        found = migrations.state(store)
        say(f"数据库：{STATES[found][0]}。", f"The database is {STATES[found][1]}.")
    if found is not migrations.State.CURRENT:
        raise SystemExit(1)


@db.command(help="检查数据库文件是否完好；有损坏时返回 1。\n\nIs the database file sound? Exits with 1 if not.")
def check() -> None:
    with opened() as store, store.reading() as connection:
        found = queries.damage(connection)
    for line in found:
        click.echo(line, err=True)
    if found:
        say("数据库有损坏，请从备份恢复。", "The database is damaged; restore it from a back-up.", err=True)
        raise SystemExit(1)
    say("数据库完好。", "The database is sound.")


@click.command(help="把一个制度的文件夹作为草稿版本上传。\n\nStore the folder of a procedure as a draft release.")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--first", is_flag=True, help="尚无任何版本时直接启用 / make it active if the procedure has no release yet")
def deploy(folder: Path, first: bool) -> None:
    if not (folder / "procedure.toml").is_file():
        raise NothingToDeploy(folder=folder)
    try:
        with opened() as store, store.writing() as connection:
            done = releases.deploy(connection, releases.read_folder(folder.resolve()), operator())
            if first:
                releases.activate(connection, done.release_key, operator(), first_only=True)
    except PackageRefused as refused:
        _show_findings(refused.findings)
        count = len(refused.findings)
        say(f"有 {count} 处错误，没有上传。", f"Errors: {count}; nothing was stored.", err=True)
        raise SystemExit(2) from None
    _show_findings(done.findings)
    name = f"{done.procedure} {done.number}"
    if done.created:
        fate = ("启用", "is active") if first else ("存为草稿", "is stored as a draft")
        say(f"版本 {name} 已{fate[0]}。", f"Release {name} {fate[1]}.")
    else:
        say(f"内容与版本 {name} 相同，没有新版本。", f"The files are those of release {name}; nothing new.")


def _show_findings(findings: Iterable[Finding]) -> None:
    for finding in findings:
        line = finding.line if finding.file.endswith(".csv") else None  # Modeler knows elements, not lines
        file = f"{finding.file}:{line}" if line else finding.file
        place = " ".join(part for part in (file, finding.element, finding.name) if part)
        kind = both("警告：", "warning: ") if finding.severity is Severity.WARNING else ""
        click.echo(f"{place}: {kind}{both(finding.zh, finding.en)}", err=True)


@click.group("audit", help="审计记录。\n\nThe audit record.")
def audit_group() -> None:
    """Hold the commands below."""


@audit_group.command("verify", help="核对每一条记录是否原样；有改动时返回 1。\n\nIs every event as it was written? Exits with 1 if not.")
def verify() -> None:
    with opened() as store, store.reading() as connection:
        count, breaks = audit.verify(connection)
    for found in breaks:
        click.echo(f"{found.kind} {found.key} #{found.seq}: {both(found.zh, found.en)}", err=True)
    if breaks:
        say(f"核对了 {count} 条记录，{len(breaks)} 条链断裂。", f"{count} events checked, {len(breaks)} chains are broken.", err=True)
        raise SystemExit(1)
    say(f"核对了 {count} 条记录，全部原样。", f"{count} events checked, all as they were written.")
