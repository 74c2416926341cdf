"""What administrators changed, codes to choose a password with, steps of the first day, fields and providers out of use"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import smsgw.store.tables

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    moment = smsgw.store.tables.Utc(timezone=True)
    op.create_table(
        "changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("official_id", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("what", "row", "named", "act")),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("before", "after")),
        sa.CheckConstraint("act in ('added', 'changed', 'removed')", name=op.f("ck_changes_act")),
        sa.ForeignKeyConstraint(["official_id"], ["officials.id"], name=op.f("fk_changes_official_id_officials")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
    )
    op.create_index("ix_changes_what", "changes", ["what", "id"])
    op.create_table(
        "admissions",
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("official_id", sa.Integer(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("until", moment, nullable=False),
        sa.Column("used_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["official_id"], ["officials.id"], name=op.f("fk_admissions_official_id_officials")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_admissions")),
    )
    op.create_index(op.f("ix_admissions_official_id"), "admissions", ["official_id"])
    op.create_table(
        "first_steps",
        sa.Column("official_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("done_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["official_id"], ["officials.id"], name=op.f("fk_first_steps_official_id_officials")),
        sa.PrimaryKeyConstraint("official_id", "step", name=op.f("pk_first_steps")),
    )
    op.create_table(
        "fields_off",
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("category", name=op.f("pk_fields_off")),
    )
    op.add_column("provider_health", sa.Column("off_since", moment, nullable=True))


def downgrade() -> None:
    op.drop_column("provider_health", "off_since")
    for table in ("fields_off", "first_steps", "admissions", "changes"):
        op.drop_table(table)
