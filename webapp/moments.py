"""Times as people read them: the moment in Shanghai, and what is left until a deadline."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext

from engine import clock

SOON = timedelta(hours=24)


class Tone(StrEnum):
    """How near a deadline is; the names of the tags' colours."""

    LATE = "red"
    SOON = "orange"
    FINE = "green"


def install(app: Flask) -> None:
    """Give templates the filters `moment`, `iso`, `remaining`, `due_tone` and `ago`."""
    app.jinja_env.filters.update(moment=moment, iso=iso, remaining=remaining, due_tone=due_tone, ago=ago)


def moment(at: datetime | None) -> str:
    """Return "2026-11-22 15:04" in Asia/Shanghai; a dash for None."""
    return at.astimezone(clock.ZONE).strftime("%Y-%m-%d %H:%M") if at else "—"


def iso(at: datetime) -> str:
    """Return the moment for `<time datetime>`."""
    return at.astimezone(clock.ZONE).isoformat(timespec="minutes")


def remaining(due: datetime) -> str:
    """Return 剩余 2 小时 or 已超时 3 小时."""
    left = due - clock.now()
    if left < timedelta():
        return _("已超时 %(time)s", time=_span(-left))
    return _("剩余 %(time)s", time=_span(left))


def due_tone(due: datetime) -> str:
    """Return the colour of a deadline: red when late, orange within a day, green otherwise."""
    left = due - clock.now()
    return Tone.LATE if left < timedelta() else Tone.SOON if left < SOON else Tone.FINE


def ago(at: datetime) -> str:
    """Return how long ago something was: 3 小时前."""
    passed = clock.now() - at
    return _("刚刚") if passed < timedelta(minutes=1) else _("%(time)s前", time=_span(passed))


def _span(length: timedelta) -> str:
    minutes = int(length.total_seconds() // 60)
    if minutes < 1:
        return _("不到 1 分钟")
    if minutes < 60:
        return ngettext("%(num)d 分钟", "%(num)d 分钟", minutes)
    days, hours = divmod(minutes // 60, 24)
    in_days = ngettext("%(num)d 天", "%(num)d 天", days)
    in_hours = ngettext("%(num)d 小时", "%(num)d 小时", hours)
    if not days:
        return in_hours
    return f"{in_days} {in_hours}" if days < 3 and hours else in_days
