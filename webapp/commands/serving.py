"""`jiesu serve` and `jiesu worker`."""

from __future__ import annotations

import logging
import os
import signal
import threading
from dataclasses import replace
from types import FrameType

import click

from engine.errors import Invalid
from engine.store import Store, migrations, open_store
from webapp import create_app, demo, queries, server
from webapp.commands.installation import opened
from webapp.commands.speech import both, say, table
from webapp.config import LOOPBACK, Config, from_environment, shipped


class DemoIsLocal(Invalid):
    """The demo's password is known to everybody."""

    zh = "演示账号的密码是公开的，演示只能在本机地址（127.0.0.1）上提供，不能用 {host}。"
    en = "Everybody knows the demo's password, so it is only served on this machine (127.0.0.1), not at {host}."


class NoDatabaseYet(Invalid):
    """A new installation has no tables."""

    zh = "数据库还没有建立：请先运行 jiesu db upgrade；只想看演示，请用 jiesu serve --demo。"
    en = "The database has not been made yet: run jiesu db upgrade first, or jiesu serve --demo for a demo."


class NobodyYet(Invalid):
    """A new installation has no accounts."""

    zh = "还没有任何人员：请先运行 jiesu units add 和 jiesu users add。"
    en = "There are no people yet: run jiesu units add and jiesu users add first."


@click.command(help="启动网页和后台任务。\n\nServe the pages, with the worker beside them.")
@click.option("--demo", "as_demo", is_flag=True, help="演示：自带制度和账号，只在本机 / demo procedures and people, on this machine only")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址 / address to listen at")
@click.option("--port", type=click.IntRange(1, 65535), help="端口，默认 8000 或 JIESU_PORT / port (default: JIESU_PORT or 8000)")
def serve(as_demo: bool, host: str, port: int | None) -> None:
    """Check everything that can be wrong, then hand over to gunicorn."""
    _log()
    if as_demo and host not in LOOPBACK:
        raise DemoIsLocal(host=host)
    config = from_environment(demo=as_demo)
    config = replace(config, port=port or config.port)
    address = f"http://{f'[{host}]' if ':' in host else host}:{config.port}"
    with server.listen(host, config.port) as bound:
        listed = _prepared(config)
        server.Server(create_app(config), bound.detach(), lambda: _announce(address, listed)).run()


@click.command(help="只运行后台任务：到期的定时、超时提醒。\n\nRun only what comes due: timers, late tasks.")
@click.option("--with-server", type=int, hidden=True)
def worker(with_server: int | None) -> None:
    """Do what comes due until told to stop, or until the server that started us is gone."""
    from engine import jobs

    _log()
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    if with_server is not None:
        threading.Thread(target=_end_with, args=(with_server, stop), daemon=True).start()
    with opened() as store:
        jobs.loop(store, stop)


def _log() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)


def _prepared(config: Config) -> list[demo.Account]:
    """Return the accounts to be listed: of the demo, brought up to date; none otherwise. Leaves no connection open."""
    store = open_store(config.database_url)
    try:
        if config.demo:
            demo.prepare(store, shipped("processes").parent)
            with store.reading() as db:
                return demo.accounts(db, "en" if both("", "en") == "en" else "zh")
        _check_installation(store)
        return []
    finally:
        store.dispose()


def _check_installation(store: Store) -> None:
    if migrations.state(store) is migrations.State.EMPTY:
        raise NoDatabaseYet
    migrations.require_current(store)
    with store.reading() as db:
        if queries.is_demo(db):
            raise demo.OnlyADemo
        if not queries.any_people(db):
            raise NobodyYet


def _announce(address: str, accounts: list[demo.Account]) -> None:
    click.echo()
    say(f"接诉已启动：{address}（按 Ctrl+C 停止）", f"jiesu is running at {address} (Ctrl+C stops it)")
    if accounts:
        say(f"演示账号，密码都是 {demo.PASSWORD}：", f"Demo accounts, all with the password {demo.PASSWORD}:")
        head = [both("登录名", "login"), both("姓名", "name"), both("角色", "role")]
        table(head, [[account.login, account.name, account.roles] for account in accounts])
    click.echo()


def _end_with(server_pid: int, stop: threading.Event) -> None:
    while os.getppid() == server_pid:
        if stop.wait(1):
            return
    stop.set()
