"""Personal data stand apart from everything else: variables, submissions and events hold `{"personal": "<key>"}` only."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, insert, select

from engine import clock
from engine.store.documents import dumps
from engine.store.keys import next_key
from engine.store.tables import personal

NOT_ENCRYPTED = 0
KEY = re.compile(r"[0-9]{1,18}")


def reference(value: Any) -> int | None:
    """Return the key of a personal value if `value` is a reference to one."""
    if not isinstance(value, Mapping) or len(value) != 1:
        return None
    key = value.get("personal")
    return int(key) if isinstance(key, str) and KEY.fullmatch(key) else None


def set_apart(db: Connection, case_key: int, values: Mapping[str, Any], kinds: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Store the personal ones among `values` and return (values with references instead, salted digests by name).

    `kinds` maps names, or dotted paths into objects, to the kind of personal data that lies there.
    """
    kept, digests, rows = dict(values), {}, []
    for name, kind in kinds.items():
        value = at(kept, name)
        if value is None or value == "" or reference(value) is not None:
            continue
        plain = value if isinstance(value, str) else dumps(value)
        key, salt = next_key(db), secrets.token_hex(16)
        rows.append({"key": key, "kind": kind, "variable": name, "value": plain, "salt": salt})
        kept = put(kept, name, {"personal": str(key)})
        digests[name] = hashlib.sha256(f"{salt}{plain}".encode()).hexdigest()
    if rows:
        shared = {"case_key": case_key, "key_version": NOT_ENCRYPTED, "created_at": clock.now()}
        db.execute(insert(personal), [row | shared for row in rows])
    return kept, digests


def at(values: Any, path: str) -> Any:
    """Return what lies at a dotted path, None if nothing does."""
    for name in path.split("."):
        values = values.get(name) if isinstance(values, Mapping) else None
    return values


def put(values: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Return a copy with `value` at a dotted path; the objects on the way are copied, too."""
    head, _, rest = path.partition(".")
    inner = values.get(head)
    return {**values, head: put(inner if isinstance(inner, Mapping) else {}, rest, value) if rest else value}


def personal_values(db: Connection, case_key: int, keys: Iterable[int]) -> dict[int, str | None]:
    """Return the values by key, of this case alone; an erased one is None. The caller decides who may see them."""
    wanted = list(keys)
    if not wanted:
        return {}
    column = personal.c
    found = select(column.key, column.value).where(column.case_key == case_key, column.key.in_(wanted))
    return {row.key: row.value for row in db.execute(found)}


def mask(kind: str, value: str | None) -> str:
    """Return what somebody without the right to read personal data sees, e.g. 138****8000, 张**."""
    if not value:
        return ""
    if kind == "phone" and len(value) >= 7:
        return f"{value[:3]}****{value[-4:]}"
    if kind == "name":
        return value[0] + "*" * max(1, min(len(value) - 1, 2))
    return value[:2] + "****" if len(value) > 4 else "****"
