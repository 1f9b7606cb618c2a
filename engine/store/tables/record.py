"""The record that proves who did what, and the small counters around it."""

from sqlalchemy import Column, Index, Integer, Table

from engine.store.columns import Key, key, metadata, moment, number, text

# One chain per subject. The head of a case stands on its row; heads of all other subjects in `audit_head`.
event = Table(
    "event",
    metadata,
    text("kind", primary_key=True),  # case | person | release | unit | settings
    Column("key", Key, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    moment("at"),
    text("actor"),
    text("substitute", null=True),
    text("verb"),
    text("facts"),
    text("hash"),
    text("submitted", null=True),  # what came in, as given (personal values as references); its sha256 stands in the facts
    Index("ix_event_at", "at"),
    Index("ix_event_actor", "actor", "at"),
)

audit_head = Table(
    "audit_head",
    metadata,
    text("kind", primary_key=True),
    Column("key", Key, primary_key=True, autoincrement=False),
    number("seq"),
    text("hash"),
)

# One-time submission tokens of pages and Idempotency-Key of REST: the first answer is the answer.
request_token = Table(
    "request_token",
    metadata,
    text("actor", primary_key=True),
    text("token", primary_key=True),
    text("route"),
    text("body_sha256"),
    number("status"),
    text("location", null=True),
    text("body", null=True),
    moment("at"),
    Index("ix_request_token_at", "at"),
)

counter = Table("counter", metadata, text("name", primary_key=True), Column("value", Key, nullable=False))

key_block = Table("key_block", metadata, key("id"), Column("next", Key, nullable=False))
