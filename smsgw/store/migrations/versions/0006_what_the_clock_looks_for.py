"""Indexes for what is looked for at every tick and batch; receipts keep that the person wants no more texts"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

HOPELESS = sa.text("state = 'received' and attempts > 3")
AWAITS_RECEIPT = sa.text("state = 'accepted'")


def upgrade() -> None:
    op.add_column("receipts", sa.Column("opted_out", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index("ix_inbound_hopeless", "inbound", ["id"], sqlite_where=HOPELESS, postgresql_where=HOPELESS)
    op.create_index(
        "ix_outbox_awaits_receipt",
        "outbox",
        ["accepted_at"],
        sqlite_where=AWAITS_RECEIPT,
        postgresql_where=AWAITS_RECEIPT,
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_awaits_receipt", table_name="outbox")
    op.drop_index("ix_inbound_hopeless", table_name="inbound")
    op.drop_column("receipts", "opted_out")
