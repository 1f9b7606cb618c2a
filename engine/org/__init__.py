"""Units, people, roles, memberships, substitution: who may do what, where, and when."""

from engine.org.changes import (
    NewUnit,
    add_membership,
    add_person,
    add_substitution,
    add_unit,
    end_membership,
    replace_grants,
    set_password_hash,
)
from engine.org.snapshot import BUILT_IN, LEVELS, PRIVILEGES, Hold, Org, Person, Standing, Unit, latest_org, org_at, revision_query

__all__ = [
    "BUILT_IN",
    "LEVELS",
    "PRIVILEGES",
    "Hold",
    "NewUnit",
    "Org",
    "Person",
    "Standing",
    "Unit",
    "add_membership",
    "add_person",
    "add_substitution",
    "add_unit",
    "end_membership",
    "latest_org",
    "org_at",
    "replace_grants",
    "revision_query",
    "set_password_hash",
]
