"""Parts of long texts, and texts that came again"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import smsgw.store.tables

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Plain columns: SQLite adds a foreign key only by copying the table, which the rows that point at it forbid.
    op.add_column("inbound", sa.Column("repeat_of", sa.Integer(), nullable=True))
    op.add_column("inbound", sa.Column("continues", sa.Integer(), nullable=True))
    op.add_column("inbound", sa.Column("incomplete", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.drop_index("ix_inbound_sender", table_name="inbound")
    op.create_index("ix_inbound_sender", "inbound", ["sender", "received_at"])
    op.create_table(
        "parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("provider_ref", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("reference", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sent_at", smsgw.store.tables.Utc(timezone=True), nullable=True),
        sa.Column("received_at", smsgw.store.tables.Utc(timezone=True), nullable=False),
        sa.Column("inbound_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["inbound_id"], ["inbound.id"], name=op.f("fk_parts_inbound_id_inbound")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parts")),
        sa.UniqueConstraint("provider", "account", "provider_ref", name=op.f("uq_parts_provider_account_provider_ref")),
    )
    op.create_index("ix_parts_sender", "parts", ["sender", "received_at"])
    op.create_index(
        "ix_parts_waiting",
        "parts",
        ["provider", "sender", "recipient", "reference", "total"],
        sqlite_where=sa.text("inbound_id is null"),
        postgresql_where=sa.text("inbound_id is null"),
    )


def downgrade() -> None:
    op.drop_table("parts")
    op.drop_index("ix_inbound_sender", table_name="inbound")
    op.create_index("ix_inbound_sender", "inbound", ["sender"])
    op.drop_column("inbound", "incomplete")
    op.drop_column("inbound", "continues")
    op.drop_column("inbound", "repeat_of")
