"""Labels: what officials made of a complaint's field, for the next training of the reader"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import smsgw.store.tables

revision: str = "0008"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "labels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("read_as", sa.Text(), nullable=True),
        sa.Column("decided", sa.Text(), nullable=False),
        sa.Column("official_id", sa.Integer(), nullable=True),
        sa.Column("at", smsgw.store.tables.Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name=op.f("fk_labels_complaint_id_complaints")),
        sa.ForeignKeyConstraint(["official_id"], ["officials.id"], name=op.f("fk_labels_official_id_officials")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labels")),
    )
    op.create_index(op.f("ix_labels_complaint_id"), "labels", ["complaint_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_labels_complaint_id"), table_name="labels")
    op.drop_table("labels")
