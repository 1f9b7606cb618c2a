"""`jiesu`: everything an operator does in a terminal. What goes wrong is one sentence and exit code 2, never a traceback."""

from __future__ import annotations

import os
import sys

import click
from sqlalchemy.exc import SQLAlchemyError

from engine.errors import JiesuError
from webapp.commands import data, decide, doctor, explain, people, serving, speech

HELP = """接诉：按书面制度办理投诉。

jiesu runs written complaint procedures.

\b
第一次使用 / the first time:
  jiesu serve --demo          演示 / a demo at http://127.0.0.1:8000
或 / or, for real work:
  jiesu db upgrade            建库 / make the database
  jiesu units add group 集团 --level group
  jiesu users add zhang.san --name 张三 --role administrator --unit group
  jiesu deploy processes/property-project --first
  jiesu serve

\b
设置 / settings: JIESU_HOME, JIESU_DATABASE_URL, JIESU_PORT, JIESU_SECRET_KEY, JIESU_HOSTS, JIESU_PROXIES
"""


@click.group(help=HELP, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def jiesu() -> None:
    """Hold the commands below."""


COMMANDS = (
    serving.serve,
    serving.worker,
    data.deploy,
    decide.decide,
    data.db,
    people.users,
    people.units,
    doctor.doctor,
    data.audit_group,
    explain.explain,
)
for command in COMMANDS:
    jiesu.add_command(command)


def main() -> None:
    """Run a command; the entry point of the program."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace", line_buffering=True)  # type: ignore[union-attr]
    os.umask(0o027)  # the database holds what customers say: nobody else on this machine reads it
    try:
        jiesu(prog_name="jiesu")
    except JiesuError as error:
        _refuse(speech.sentence(error))
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        _refuse(speech.both(f"数据库出错：{reason}", f"The database failed: {reason}"))


def _refuse(sentence: str) -> None:
    click.echo(f"jiesu: {sentence}", err=True)
    raise SystemExit(2)


if __name__ == "__main__":
    main()
