"""Who there is, where they belong, what they may do, and from when to when."""

from sqlalchemy import Column, Date, Index, Integer, Table, UniqueConstraint

from engine.store.columns import key, metadata, moment, number, ref, text

unit = Table(
    "unit",
    metadata,
    key(),
    text("slug"),
    ref("parent_key", "unit.key", null=True),
    text("name"),
    text("name_en"),
    text("level"),  # group | region | company | project | department
    moment("valid_from"),
    moment("valid_to", null=True),
    UniqueConstraint("slug"),
)

person = Table(
    "person",
    metadata,
    key(),
    text("login"),
    text("name"),
    text("name_en"),
    text("password_hash", null=True),
    text("locale", null=True),
    moment("created_at"),
    moment("closed_at", null=True),
    UniqueConstraint("login"),
)

membership = Table(
    "membership",
    metadata,
    key(),
    ref("person_key", "person.key", index=True),
    ref("unit_key", "unit.key"),
    text("role"),
    moment("valid_from"),
    moment("valid_to", null=True),
    Index("ix_membership_role_unit", "role", "unit_key"),
)

substitution = Table(
    "substitution",
    metadata,
    key(),
    ref("absent_key", "person.key", index=True),
    ref("substitute_key", "person.key", index=True),
    text("reason"),
    moment("valid_from"),
    moment("valid_to"),
)

# What a role may do. `source` says who granted it: "built-in", or the procedure whose release names the role.
grant = Table(
    "role_grant",
    metadata,
    text("role", primary_key=True),
    text("privilege", primary_key=True),
    text("source", primary_key=True),
)

office_hours = Table(
    "office_hours",
    metadata,
    key(),
    ref("unit_key", "unit.key", index=True),
    number("weekday"),  # ISO: 1 Monday … 7 Sunday
    text("opens"),  # HH:MM, Asia/Shanghai
    text("closes"),
    moment("valid_from"),
    moment("valid_to", null=True),
)

# Days an administrator has imported; each import is a further version, and nothing is ever taken out. What comes with the
# program is version 1 and stands in no table.
holiday = Table(
    "holiday",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("day", Date, primary_key=True),
    text("kind"),  # holiday | workday
    text("name"),
    text("source"),
    moment("imported_at"),
)

session = Table(
    "sign_in_session",
    metadata,
    text("token_sha256", primary_key=True),
    ref("person_key", "person.key", index=True),
    moment("started_at"),
    moment("seen_at"),
    moment("expires_at"),
    moment("ended_at", null=True),
)

# Counters for throttling, in a table because several processes serve.
throttle = Table(
    "throttle",
    metadata,
    text("scope", primary_key=True),
    text("subject", primary_key=True),
    moment("since"),
    number("count"),
)
