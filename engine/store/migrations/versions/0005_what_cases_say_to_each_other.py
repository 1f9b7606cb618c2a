"""What cases say to each other, and start events that make cases by the clock"""

import sqlalchemy as sa
from alembic import op

from engine.store.columns import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.Text(), server_default="message", nullable=False))

    op.create_table(
        "outbox",
        sa.Column("key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("from_case", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("to_case", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("correlation_key", sa.Text(), nullable=True),
        sa.Column("variables", sa.Text(), nullable=False),
        sa.Column("thrown_at", Instant(), nullable=False),
        sa.Column("try_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["from_case"], ["complaint_case.key"], name=op.f("fk_outbox_from_case")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_outbox")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_try", ["try_at"], unique=False)

    op.create_table(
        "start_timer",
        sa.Column("key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("release_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("procedure", sa.Text(), nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("try_at", Instant(), nullable=False),
        sa.Column("repeats_left", sa.Integer(), nullable=True),
        sa.Column("interval", sa.Text(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["release_key"], ["release.key"], name=op.f("fk_start_timer_release_key")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_start_timer")),
        sa.UniqueConstraint("release_key", "process_id", "element_id", name=op.f("uq_start_timer_release_key_process_id_element_id")),
    )
    with op.batch_alter_table("start_timer", schema=None) as batch_op:
        batch_op.create_index("ix_start_timer_try", ["try_at"], unique=False)
