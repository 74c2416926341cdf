"""What was asked of a citizen and what the answers told; private complaints, and those filed for somebody else"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import smsgw.store.tables

revision: str = "0009"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ASKED = sa.text("asking <> ''")
COLUMNS = ("asked", "asking", "asked_at", "asking_until", "facts", "private", "on_behalf", "about_phone")


def upgrade() -> None:
    moment = smsgw.store.tables.Utc(timezone=True)
    # Plain ADD COLUMN on both databases: a batch would copy every complaint on SQLite.
    op.add_column("complaints", sa.Column("asked", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("complaints", sa.Column("asking", sa.Text(), server_default="", nullable=False))
    op.add_column("complaints", sa.Column("asked_at", moment, nullable=True))
    op.add_column("complaints", sa.Column("asking_until", moment, nullable=True))
    op.add_column("complaints", sa.Column("facts", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("complaints", sa.Column("private", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("complaints", sa.Column("on_behalf", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("complaints", sa.Column("about_phone", sa.Text(), server_default="", nullable=False))
    op.create_index("ix_complaints_asking", "complaints", ["asking_until"], sqlite_where=ASKED, postgresql_where=ASKED)
    # What was open before: the citizen's prompt named the gap, or that an office had asked.
    op.execute(
        "update complaints set asking = 'free', asked_at = received_at, asking_until = ("
        "select prompt_until from citizens where citizens.prompt_complaint_id = complaints.id and prompt = 'question') "
        "where state = 'waiting' and exists ("
        "select 1 from citizens where citizens.prompt_complaint_id = complaints.id and prompt = 'question')"
    )
    for gap in ("what", "place", "when", "who"):
        op.execute(
            f"update complaints set asking = '{gap}', asked = '[\"{gap}\"]', asked_at = received_at, asking_until = ("  # noqa: S608
            f"select prompt_until from citizens where citizens.prompt_complaint_id = complaints.id and prompt = 'gap:{gap}') "
            "where exists (select 1 from citizens where citizens.prompt_complaint_id = complaints.id "
            f"and prompt = 'gap:{gap}')"
        )
    op.execute(
        "update citizens set prompt = '', prompt_complaint_id = null, prompt_until = null where prompt like 'gap:%'"
    )


def downgrade() -> None:
    op.drop_index("ix_complaints_asking", table_name="complaints")
    for column in reversed(COLUMNS):
        op.drop_column("complaints", column)
