"""What is waiting: tasks for people, timers, messages, signals, start events, jobs, incidents, notices."""

from sqlalchemy import Column, Index, Table, Text, UniqueConstraint
from sqlalchemy import text as sql

from engine.store.columns import Key, key, metadata, moment, number, ref, text

OPEN = sql("status = 'open'")
WAITING = sql("status = 'waiting'")

task = Table(
    "task",
    metadata,
    key(),
    ref("case_key", "complaint_case.key", index=True),
    ref("instance_key", "instance.key"),
    ref("release_key", "release.key"),
    ref("unit_key", "unit.key"),
    text("procedure"),
    text("process_id"),
    text("element_id"),
    text("name"),
    text("name_en"),
    text("form_id", null=True),
    text("status"),  # open | completed | cancelled
    Column("assignee_key", Key, nullable=True),
    text("on_behalf", null=True),  # "customer" when staff complete it for the customer
    number("priority"),
    moment("created_at"),
    moment("claimed_at", null=True),
    moment("due_at", null=True),
    text("due_facts", null=True),
    moment("overdue_at", null=True),  # when the engine noticed that it is late
    moment("closed_at", null=True),
    Column("completed_by", Key, nullable=True),
    Index("ix_task_assignee", "assignee_key", postgresql_where=OPEN, sqlite_where=OPEN),
    Index("ix_task_completed_by", "completed_by", "closed_at"),
    Index("ix_task_due", "due_at", postgresql_where=OPEN, sqlite_where=OPEN),
)

# Who may do an open task: everybody holding `role` at `unit_key`. Gone when the task closes.
task_candidate = Table(
    "task_candidate",
    metadata,
    Column("task_key", Key, primary_key=True),
    text("role", primary_key=True),
    Column("unit_key", Key, primary_key=True),
    Index("ix_task_candidate_role_unit", "role", "unit_key", "task_key"),
)

task_exclusion = Table(
    "task_exclusion",
    metadata,
    Column("task_key", Key, primary_key=True),
    Column("person_key", Key, primary_key=True),
)

timer = Table(
    "timer",
    metadata,
    key(),
    ref("case_key", "complaint_case.key", index=True),
    ref("instance_key", "instance.key"),
    Column("element_key", Key, nullable=False),
    number("position", null=True),
    text("process_id"),
    text("element_id"),
    text("status"),  # waiting | fired | cancelled
    moment("due_at"),
    moment("try_at"),  # later than due_at after a failed try, so that a broken one does not block the rest
    number("repeats_left", null=True),
    text("interval", null=True),
    text("rule", null=True),
    text("explanation", null=True),
    moment("created_at"),
    moment("ended_at", null=True),
    Index("ix_timer_try", "try_at", postgresql_where=WAITING, sqlite_where=WAITING),
)

subscription = Table(
    "subscription",
    metadata,
    key(),
    ref("case_key", "complaint_case.key", index=True),
    ref("instance_key", "instance.key"),
    Column("element_key", Key, nullable=False),
    number("position", null=True),
    text("process_id"),
    text("element_id"),
    Column("kind", Text, nullable=False, server_default="message"),  # message | signal
    text("name"),
    text("correlation_key", null=True),
    text("status"),  # waiting | received | cancelled
    moment("created_at"),
    moment("ended_at", null=True),
    Index("ix_subscription_name", "name", "correlation_key", postgresql_where=WAITING, sqlite_where=WAITING),
)

job = Table(
    "job",
    metadata,
    key(),
    ref("case_key", "complaint_case.key", index=True),
    ref("instance_key", "instance.key"),
    text("element_id"),
    text("type"),
    text("headers"),
    text("status"),  # open | completed | cancelled
    number("retries"),
    text("worker", null=True),
    moment("locked_until", null=True),
    text("error", null=True),
    moment("created_at"),
    moment("ended_at", null=True),
    Index("ix_job_type", "type", postgresql_where=OPEN, sqlite_where=OPEN),
)

incident = Table(
    "incident",
    metadata,
    key(),
    ref("case_key", "complaint_case.key", index=True),
    Column("instance_key", Key, nullable=True),
    Column("element_key", Key, nullable=True),
    text("element_id", null=True),
    text("kind"),  # no_candidate | execution | timer | job | message | signal
    text("zh"),
    text("en"),
    text("facts"),
    text("status"),  # open | resolved
    moment("created_at"),
    moment("resolved_at", null=True),
    text("resolved_by", null=True),
    Index("ix_incident_open", "created_at", postgresql_where=OPEN, sqlite_where=OPEN),
)

# What a procedure tells people inside the house (service task `jiesu.notice`).
notice = Table(
    "notice",
    metadata,
    key(),
    ref("case_key", "complaint_case.key", index=True),
    text("role"),
    ref("unit_key", "unit.key"),
    text("element_id"),
    text("zh"),
    text("en"),
    moment("created_at"),
    Index("ix_notice_role_unit", "role", "unit_key", "created_at"),
)

# A published message waits for its receivers until `expires_at`; `message_id` makes it once per name and key.
message = Table(
    "message",
    metadata,
    key(),
    text("name"),
    text("correlation_key"),
    text("message_id", null=True),
    text("variables"),
    moment("published_at"),
    moment("expires_at"),
    Index("ix_message_name", "name", "correlation_key", "expires_at"),
    Index("uq_message_id", "name", "correlation_key", "message_id", unique=True),
)

# What a case says to others: carried a moment later, each in a transaction of its own, and gone then.
outbox = Table(
    "outbox",
    metadata,
    key(),
    text("kind"),  # message | signal
    ref("from_case", "complaint_case.key"),
    # A signal's hearer; who gets a message is found when it is carried. No foreign key: on PostgreSQL its check would wait
    # for whoever holds that case, while this one is held.
    Column("to_case", Key, nullable=True),
    text("name"),
    text("correlation_key", null=True),
    text("variables"),
    moment("thrown_at"),
    moment("try_at"),
    Index("ix_outbox_try", "try_at"),
)

# When a timer start event of an active release makes its next cases. Gone when it has happened for the last time.
start_timer = Table(
    "start_timer",
    metadata,
    key(),
    ref("release_key", "release.key"),
    text("procedure"),
    text("process_id"),
    text("element_id"),
    text("rule"),
    moment("due_at"),
    moment("try_at"),
    number("repeats_left", null=True),
    text("interval", null=True),
    moment("created_at"),
    UniqueConstraint("release_key", "process_id", "element_id"),
    Index("ix_start_timer_try", "try_at"),
)

# A message is received once in each process of a case.
message_delivery = Table(
    "message_delivery",
    metadata,
    Column("message_key", Key, primary_key=True),
    Column("case_key", Key, primary_key=True),
    text("process_id", primary_key=True),
    moment("at"),
)
