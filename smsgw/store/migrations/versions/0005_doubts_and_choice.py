"""Doubts that are looked into, and a choice of providers by their health"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import smsgw.store.tables

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_COUNTS = ("calls", "troubles", "calls_before", "troubles_before")
_TIMES = ("counted_from", "probed_at", "returned_at")


def upgrade() -> None:
    moment = smsgw.store.tables.Utc(timezone=True)
    # Plain ADD COLUMN on both databases: a batch would copy the whole table on SQLite.
    op.add_column("outbox", sa.Column("dispatched_at", moment, nullable=True))
    op.add_column("outbox", sa.Column("not_there", sa.Integer(), server_default="0", nullable=False))
    op.add_column("receipts", sa.Column("phone", sa.Text(), server_default="", nullable=False))
    for name in _COUNTS:
        op.add_column("provider_health", sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    for name in _TIMES:
        op.add_column("provider_health", sa.Column(name, moment, nullable=True))
    op.create_table(
        "buckets",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("left", sa.Float(), nullable=False),
        sa.Column("filled_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("provider", name=op.f("pk_buckets")),
    )
    # A text that is being sent while the tables change was handed over at a time that nobody wrote down.
    op.execute("update outbox set dispatched_at = created_at where state in ('dispatching', 'unknown')")


def downgrade() -> None:
    op.drop_table("buckets")
    for name in (*_TIMES, *_COUNTS):
        op.drop_column("provider_health", name)
    op.drop_column("receipts", "phone")
    op.drop_column("outbox", "not_there")
    op.drop_column("outbox", "dispatched_at")
