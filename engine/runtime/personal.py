"""Personal data stand apart from everything else: variables, submissions and events hold `{"personal": "<key>"}` only."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, insert, select

from engine import clock
from engine.store.keys import next_key
from engine.store.tables import personal

NOT_ENCRYPTED = 0


def reference(value: Any) -> int | None:
    """Return the key of a personal value if `value` is a reference to one."""
    if isinstance(value, Mapping) and len(value) == 1 and isinstance(value.get("personal"), str):
        return int(value["personal"])
    return None


def set_apart(db: Connection, case_key: int, values: Mapping[str, Any], kinds: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Store the personal ones among `values` and return (values with references instead, salted digests by variable)."""
    kept, digests, rows = dict(values), {}, []
    for name, kind in kinds.items():
        value = values.get(name)
        if value is None or value == "" or reference(value) is not None:
            continue
        key, salt = next_key(db), secrets.token_hex(16)
        rows.append({"key": key, "kind": kind, "variable": name, "value": str(value), "salt": salt})
        kept[name] = {"personal": str(key)}
        digests[name] = hashlib.sha256(f"{salt}{value}".encode()).hexdigest()
    if rows:
        shared = {"case_key": case_key, "key_version": NOT_ENCRYPTED, "created_at": clock.now()}
        db.execute(insert(personal), [row | shared for row in rows])
    return kept, digests


def personal_values(db: Connection, keys: Iterable[int]) -> dict[int, str | None]:
    """Return the values by key; an erased one is None. The caller decides who may see them."""
    wanted = list(keys)
    if not wanted:
        return {}
    return {row.key: row.value for row in db.execute(select(personal.c.key, personal.c.value).where(personal.c.key.in_(wanted)))}


def mask(kind: str, value: str | None) -> str:
    """Return what somebody without the right to read personal data sees, e.g. 138****8000, 张**."""
    if not value:
        return ""
    if kind == "phone" and len(value) >= 7:
        return f"{value[:3]}****{value[-4:]}"
    if kind == "name":
        return value[0] + "*" * max(1, min(len(value) - 1, 2))
    return value[:2] + "****" if len(value) > 4 else "****"
