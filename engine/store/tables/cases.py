"""A case, its instances, what has happened in them, and the personal data kept apart."""

from sqlalchemy import Boolean, Column, Index, Table, UniqueConstraint, false

from engine.store.columns import key, metadata, moment, number, ref, text

case = Table(
    "complaint_case",
    metadata,
    key(),
    text("number"),
    text("procedure"),
    ref("release_key", "release.key"),
    ref("unit_key", "unit.key"),
    Column("test", Boolean, nullable=False, server_default=false()),
    text("status"),  # open | closed | suspended
    text("level", null=True),
    Column("urgent", Boolean, nullable=False, server_default=false()),
    text("subject"),
    text("category", null=True),
    text("outcome", null=True),  # id of the end event
    number("revision"),
    text("variables"),
    number("audit_seq"),
    text("audit_hash"),
    ref("registered_by", "person.key", null=True),
    moment("registered_at"),
    moment("handling_since"),  # when the present handling began
    moment("closed_at", null=True),
    UniqueConstraint("number"),
    Index("ix_complaint_case_unit", "unit_key", "registered_at"),
    Index("ix_complaint_case_registered_by", "registered_by", "registered_at"),
)

instance = Table(
    "instance",
    metadata,
    key(),
    ref("case_key", "complaint_case.key"),
    number("ordinal"),
    text("kind"),  # main | review | …
    text("process_id"),
    ref("release_key", "release.key"),
    text("status"),  # active | completed | cancelled
    text("state"),
    moment("started_at"),
    moment("ended_at", null=True),
    UniqueConstraint("case_key", "ordinal"),
)

# Every element left, with the time it was entered and the flows taken. Open ones stand in the state; finished ones only here.
element_instance = Table(
    "element_instance",
    metadata,
    key(),
    ref("case_key", "complaint_case.key", index=True),
    ref("instance_key", "instance.key"),
    Column("parent_key", key().type, nullable=True),  # the call activity it ran in
    text("process_id"),
    text("element_id"),
    moment("entered_at"),
    moment("left_at"),
    text("outcome"),  # completed | cancelled
    text("flows"),  # ids of the sequence flows taken, separated by blanks
)

# Personal values; everywhere else stands only {"personal": "<key>"}.
personal = Table(
    "personal",
    metadata,
    key(),
    ref("case_key", "complaint_case.key", index=True),
    text("kind"),  # name | phone | address | id | plate | text
    text("variable"),
    text("value", null=True),  # NULL after erasure
    number("key_version"),  # version of the encryption key; 0 = not encrypted
    text("salt"),
    moment("created_at"),
    moment("erased_at", null=True),
)
