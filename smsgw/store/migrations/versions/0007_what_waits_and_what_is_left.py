"""Indexes that follow the parts that wait and the texts that belong to no complaint"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MARK = ["provider", "sender", "recipient", "reference", "total"]
WAITS = sa.text("inbound_id is null")
LEFT_OVER = sa.text(
    "complaint_id is null and state <> 'received' and (state = 'quarantined' or reason <> '' or intent = 'spam')"
)


def upgrade() -> None:
    op.drop_index("ix_parts_waiting", table_name="parts")
    every = [*MARK, "number", "received_at", "id"]
    op.create_index("ix_parts_waiting", "parts", every, sqlite_where=WAITS, postgresql_where=WAITS)
    op.create_index(
        "ix_inbound_left_over",
        "inbound",
        ["complaint_id", "received_at"],
        sqlite_where=LEFT_OVER,
        postgresql_where=LEFT_OVER,
    )


def downgrade() -> None:
    op.drop_index("ix_inbound_left_over", table_name="inbound")
    op.drop_index("ix_parts_waiting", table_name="parts")
    op.create_index("ix_parts_waiting", "parts", MARK, sqlite_where=WAITS, postgresql_where=WAITS)
