"""Doing what has come due, and carrying what cases say to each other: one row and one transaction at a time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Any

from engine import runtime
from engine.errors import Broken
from engine.model import system
from engine.org import Standing, org_at
from engine.runtime import outbox, starting
from engine.runtime.incidents import as_broken
from engine.store import Store
from engine.store.answers import forget_old
from engine.store.database import DatabaseBusy, DatabaseUnreachable

log = logging.getLogger("jiesu.jobs")
LOOP = system("loop")
AWAY = (DatabaseBusy, DatabaseUnreachable)
PAUSE = 2.0  # seconds between two looks
HOUSEKEEPING = 900  # looks between two rounds of forgetting old tokens (half an hour)


class TimerFailed(Broken):
    """A timer came due and what follows it failed."""

    zh = "定时事件执行失败：{reason}"
    en = "A timer came due, but what follows it failed: {reason}"


def run_once(store: Store) -> int:
    """Do everything that is due now and return how much was done."""
    done = _each(store, runtime.due_timers, _fire) + _each(store, runtime.late_tasks, _note)
    return done + _each(store, starting.due_starts, _start) + _each(store, outbox.waiting_outbox, _carry)


def loop(store: Store, stop: threading.Event) -> None:
    """Look every two seconds until `stop` is set; an unreachable database is waited for."""
    looks, standing = 0, None
    while not stop.is_set():
        try:
            done = run_once(store)
            standing = offer_anew(store, standing)
            if looks % HOUSEKEEPING == 0:
                with store.writing() as db:
                    forget_old(db)
            looks += 1
        except Exception:
            log.exception("the loop will try again")
            done = 0
        if not done:
            stop.wait(PAUSE)


def offer_anew(store: Store, known: Standing | None = None) -> Standing:
    """Offer open tasks as people stand now, unless that is as it was at `known`; returns how they stand."""
    with store.reading() as db:
        standing = org_at(db).standing()
        cases = runtime.stale_offers(db) if standing != known else []
    _all(store, cases, _offer)
    return standing


def _each(store: Store, find: Callable[..., list[Any]], act: Callable[[Store, Any], int]) -> int:
    with store.reading() as db:
        rows = find(db)
    return _all(store, rows, act)


def _all(store: Store, rows: Sequence[Any], act: Callable[[Store, Any], int]) -> int:
    """Do what was found; what fails is left behind and does not hold up the others, unless the database itself is away."""
    done = 0
    for row in rows:
        try:
            done += act(store, row)
        except AWAY:
            raise
        except Exception:
            log.exception("%s is left until the next look", row)
    return done


def _fire(store: Store, row: Any) -> bool:
    try:
        with store.writing() as db:
            return runtime.fire(db, row.key, row.case_key)
    except AWAY:
        raise  # nobody's fault, so no incident
    except Exception as problem:
        log.exception("timer %s of case %s failed", row.key, row.case_key)
        broken = problem if isinstance(problem, Broken) else TimerFailed(reason=type(problem).__name__)
        with store.writing() as db:
            runtime.push_forward(db, row.key, row.case_key, broken)
        return False


def _start(store: Store, row: Any) -> bool:
    try:
        with store.writing() as db:
            return starting.start_due(db, row.key)
    except AWAY:
        raise
    except Exception:
        log.exception("start event %s of procedure %s failed", row.element_id, row.procedure)
        with store.writing() as db:
            starting.start_later(db, row.key)
        return False


def _carry(store: Store, row: Any) -> bool:
    try:
        with store.writing() as db:
            return outbox.carry(db, row.key)
    except AWAY:
        raise
    except Exception as problem:
        log.exception("%s, thrown by case %s, failed", row.name, row.from_case)
        with store.writing() as db:
            outbox.hold_back(db, row.key, as_broken(problem))
        return False


def _offer(store: Store, case_key: int) -> int:
    with store.writing() as db:
        return runtime.offer_case_again(db, case_key, LOOP)


def _note(store: Store, row: Any) -> bool:
    with store.writing() as db:
        return runtime.note_late(db, row.key, row.case_key)
