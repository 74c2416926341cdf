"""Terms of steps, counted by the calendar where an act says so; office hours; stopped clocks; more time; what falls due"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import smsgw.store.tables

revision: str = "0012"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

FALLS_DUE = sa.text("state in ('received', 'assigned', 'waiting') and due_at is not null")
ASKED = sa.text("state = 'asked'")
CHECKS = {
    "step": "step in ('receive', 'pass_on', 'resolve', 'answer')",
    "counting": "counting in ('working', 'calendar')",
    "pause_days": "pause_days >= 0",
}


def upgrade() -> None:
    moment = smsgw.store.tables.Utc(timezone=True)
    with op.batch_alter_table("deadline_rules") as rules:
        rules.add_column(sa.Column("step", sa.Text(), server_default="answer", nullable=False))
        rules.add_column(sa.Column("counting", sa.Text(), server_default="working", nullable=False))
        rules.add_column(sa.Column("pause_days", sa.Integer(), server_default="0", nullable=False))
        for name, condition in CHECKS.items():
            rules.create_check_constraint(op.f(f"ck_deadline_rules_{name}"), condition)
    op.create_table(
        "office_hours",
        sa.Column("valid_from", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Time(), nullable=False) for name in ("opens", "breaks", "resumes", "closes")),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("valid_from", name=op.f("pk_office_hours")),
    )
    op.create_table(
        "unit_closures",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_closures_unit_id_units")),
        sa.PrimaryKeyConstraint("unit_id", "day", name=op.f("pk_unit_closures")),
    )
    # Plain ADD COLUMN on both databases: a batch would copy the whole table on SQLite.
    op.add_column("complaints", sa.Column("rule_id", sa.Integer(), nullable=True))
    op.add_column("complaints", sa.Column("steps", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("complaints", sa.Column("begun_at", moment, nullable=True))
    op.add_column("complaints", sa.Column("stops", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("complaints", sa.Column("paused_at", moment, nullable=True))
    op.add_column("complaints", sa.Column("due_before_pause", moment, nullable=True))
    op.create_index(
        "ix_complaints_falls_due",
        "complaints",
        ["due_at", "id"],
        sqlite_where=FALLS_DUE,
        postgresql_where=FALLS_DUE,
    )
    op.create_table(
        "extensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_at", moment, nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("state in ('asked', 'granted', 'refused')", name=op.f("ck_extensions_state")),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name=op.f("fk_extensions_complaint_id_complaints")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["officials.id"], name=op.f("fk_extensions_asked_by_officials")),
        sa.ForeignKeyConstraint(["decided_by"], ["officials.id"], name=op.f("fk_extensions_decided_by_officials")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extensions")),
    )
    op.create_index(op.f("ix_extensions_complaint_id"), "extensions", ["complaint_id"])
    op.create_index(
        "ix_extensions_asked",
        "extensions",
        ["complaint_id"],
        unique=True,
        sqlite_where=ASKED,
        postgresql_where=ASKED,
    )


def downgrade() -> None:
    op.drop_table("extensions")
    op.drop_index("ix_complaints_falls_due", table_name="complaints")
    for name in ("due_before_pause", "paused_at", "stops", "begun_at", "steps", "rule_id"):
        op.drop_column("complaints", name)
    op.drop_table("unit_closures")
    op.drop_table("office_hours")
    # Rows of other steps, or counted otherwise, mean nothing to the tables before.
    op.execute("delete from deadline_rules where step <> 'answer' or counting <> 'working'")
    with op.batch_alter_table("deadline_rules") as rules:
        for name in CHECKS:
            rules.drop_constraint(op.f(f"ck_deadline_rules_{name}"), type_="check")
        for name in ("pause_days", "counting", "step"):
            rules.drop_column(name)
