"""Holidays as versioned data"""

import sqlalchemy as sa
from alembic import op

from engine.store.columns import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "holiday",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("imported_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("version", "day", name=op.f("pk_holiday")),
    )
    # What tells every process that holidays or office hours have changed; changes of the calendar queue up at this row.
    op.execute("INSERT INTO counter (name, value) VALUES ('calendar revision', 0)")
