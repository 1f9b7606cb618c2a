"""Our own service functions: a service task whose type stands here runs at once, inside the act that reached it.

Any other type waits as a job for a worker.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine import clock
from engine.store.keys import next_key


@dataclass(frozen=True, slots=True)
class Call:
    """A service task that has been reached: the case it belongs to, its element, its task headers, the variables it sees."""

    live: Any  # engine.runtime.live.LiveCase
    element_id: str
    headers: Mapping[str, str]
    scope: Mapping[str, Any]


def notice(call: Call) -> dict[str, Any]:
    """Tell the holders of the roles in header `to` the sentence `text` / `text_en`; `{caseNumber}` is filled in.

    Whom only the case knows is told by an input mapping to `noticeTo`, a list of roles: task headers hold no FEEL.
    """
    roles = [*call.headers.get("to", "").replace(",", " ").split(), *_named(call.scope.get("noticeTo"))]
    roles = list(dict.fromkeys(roles))
    number = call.live.row.number
    zh = call.headers.get("text", "").replace("{caseNumber}", number)
    en = call.headers.get("text_en", "").replace("{caseNumber}", number) or zh
    for role in roles:
        unit_key = call.live.org.nearest(role, call.live.row.unit_key) or call.live.row.unit_key
        call.live.rows.notices.append(
            {
                "key": next_key(call.live.db),
                "case_key": call.live.row.key,
                "role": role,
                "unit_key": unit_key,
                "element_id": call.element_id,
                "zh": zh,
                "en": en,
                "created_at": clock.now(),
            }
        )
    call.live.note("notice.sent", roles=roles, zh=zh, en=en)
    return {}


def _named(value: Any) -> list[str]:
    return [role for role in value if isinstance(role, str)] if isinstance(value, list) else []


SERVICES: dict[str, Callable[[Call], dict[str, Any]]] = {"jiesu.notice": notice}
