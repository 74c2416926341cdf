"""Calls to make"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import smsgw.store.tables

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

LOST_LETTERS = sa.text("kind in ('OfficeAnswer', 'OfficeQuestion') and state in ('failed', 'undelivered', 'unknown')")


def upgrade() -> None:
    op.create_table(
        "calls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outbox_id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("unheard", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("opened_at", smsgw.store.tables.Utc(timezone=True), nullable=False),
        sa.Column("closed_at", smsgw.store.tables.Utc(timezone=True), nullable=True),
        sa.CheckConstraint("unheard in ('answer', 'question')", name=op.f("ck_calls_unheard")),
        sa.CheckConstraint(
            "state in ('open', 'told', 'unreachable', 'arrived', 'replied', 'withdrawn', 'replaced')",
            name=op.f("ck_calls_state"),
        ),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name=op.f("fk_calls_complaint_id_complaints")),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_calls_outbox_id_outbox")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
        sa.UniqueConstraint("outbox_id", name=op.f("uq_calls_outbox_id")),
    )
    op.create_index(op.f("ix_calls_complaint_id"), "calls", ["complaint_id"], unique=False)
    op.create_index("ix_calls_state_complaint", "calls", ["state", "complaint_id"], unique=False)
    op.create_index(
        "ix_outbox_lost_letters",
        "outbox",
        ["id"],
        unique=False,
        sqlite_where=LOST_LETTERS,
        postgresql_where=LOST_LETTERS,
    )


def downgrade() -> None:
    op.drop_index(
        "ix_outbox_lost_letters", table_name="outbox", sqlite_where=LOST_LETTERS, postgresql_where=LOST_LETTERS
    )
    op.drop_index("ix_calls_state_complaint", table_name="calls")
    op.drop_index(op.f("ix_calls_complaint_id"), table_name="calls")
    op.drop_table("calls")
