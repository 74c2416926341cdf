"""Limits: what phones were sent of late, what days cost, and what may go at any hour"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import smsgw.store.tables

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "allowances",
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("lately", sa.JSON(), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("touched_at", smsgw.store.tables.Utc(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("holder", name=op.f("pk_allowances")),
    )
    op.create_index(op.f("ix_allowances_touched_at"), "allowances", ["touched_at"])
    # Plain ADD COLUMN on both databases: a batch would copy the whole outbox on SQLite.
    op.add_column("outbox", sa.Column("any_hour", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("outbox", sa.Column("held_until", smsgw.store.tables.Utc(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("outbox", "held_until")
    op.drop_column("outbox", "any_hour")
    op.drop_index(op.f("ix_allowances_touched_at"), table_name="allowances")
    op.drop_table("allowances")
