"""Texts that wait for a second look; fields whose answers are approved; templates; texts registered with carriers"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import smsgw.store.tables

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    moment = smsgw.store.tables.Utc(timezone=True)
    op.create_table(
        "held_letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("asks", sa.Text(), nullable=False),
        sa.Column("at_once", sa.Boolean(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("written_at", moment, nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("decided_at", moment, nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("why_returned", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state in ('waiting', 'sent', 'returned', 'taken_back', 'replaced')", name=op.f("ck_held_letters_state")
        ),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name=op.f("fk_held_letters_complaint_id_complaints")
        ),
        sa.ForeignKeyConstraint(["written_by"], ["officials.id"], name=op.f("fk_held_letters_written_by_officials")),
        sa.ForeignKeyConstraint(["decided_by"], ["officials.id"], name=op.f("fk_held_letters_decided_by_officials")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_letters")),
    )
    op.create_index(op.f("ix_held_letters_complaint_id"), "held_letters", ["complaint_id"])
    op.create_index(
        "ix_held_letters_waiting",
        "held_letters",
        ["complaint_id"],
        unique=True,
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.create_table(
        "approved_fields",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("set_at", moment, nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_approved_fields_unit_id_units")),
        sa.ForeignKeyConstraint(["set_by"], ["officials.id"], name=op.f("fk_approved_fields_set_by_officials")),
        sa.PrimaryKeyConstraint("unit_id", "category", name=op.f("pk_approved_fields")),
    )
    op.create_table(
        "templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed_at", moment, nullable=True),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("retired_at", moment, nullable=True),
        sa.CheckConstraint("kind in ('answer', 'question')", name=op.f("ck_templates_kind")),
        sa.ForeignKeyConstraint(["changed_by"], ["officials.id"], name=op.f("fk_templates_changed_by_officials")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_templates")),
    )
    op.create_table(
        "registered_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("added_at", moment, nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["added_by"], ["officials.id"], name=op.f("fk_registered_texts_added_by_officials")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registered_texts")),
    )


def downgrade() -> None:
    for table in ("registered_texts", "templates", "approved_fields", "held_letters"):
        op.drop_table(table)
