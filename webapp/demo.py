"""The demo organisations: fictitious units and people from `demo/<procedure>/`, all with one well-known password.

Loading is idempotent: what is there stays, what is new in the files is added. Only ever served on loopback.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from engine.org import org_at

PASSWORD = "jiesu-demo"


@dataclass(frozen=True, slots=True)
class Account:
    """One demo account as it is listed: login, name, and the roles it holds."""

    login: str
    name: str
    roles: str


def accounts(db: Connection, locale: str) -> list[Account]:
    """Return the demo accounts, in the order of their files."""
    org = org_at(db)
    found = []
    for person in org.people.values():
        roles = "、".join(dict.fromkeys(hold.role for hold in org.holds(person.key)))
        found.append(Account(person.login, person.label(locale), roles))
    return found
