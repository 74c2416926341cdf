"""Duty roster, leave and deputies; alerts of every step, which climb, and the day's digest; lanes for what presses"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import smsgw.store.tables

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CLIMBS = sa.text("climbs_at is not null")
WAITS = sa.text("told_at is null")


def upgrade() -> None:
    moment = smsgw.store.tables.Utc(timezone=True)
    op.add_column("officials", sa.Column("digest", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("officials", sa.Column("digested_on", sa.Date(), server_default="2000-01-01", nullable=False))
    op.create_index("ix_officials_digested_on", "officials", ["digested_on"])
    op.add_column("complaints", sa.Column("unopened_since", moment, nullable=True))
    op.create_table(
        "duty_shifts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("official_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("begins", sa.Time(), nullable=True),
        sa.Column("ends", sa.Time(), nullable=True),
        sa.CheckConstraint("first <= last", name=op.f("ck_duty_shifts_days")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_duty_shifts_unit_id_units")),
        sa.ForeignKeyConstraint(["official_id"], ["officials.id"], name=op.f("fk_duty_shifts_official_id_officials")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_shifts")),
    )
    op.create_index("ix_duty_shifts_last", "duty_shifts", ["last"])
    op.create_table(
        "leaves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("official_id", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.CheckConstraint("first <= last", name=op.f("ck_leaves_days")),
        sa.CheckConstraint("official_id <> deputy_id", name=op.f("ck_leaves_deputy")),
        sa.ForeignKeyConstraint(["official_id"], ["officials.id"], name=op.f("fk_leaves_official_id_officials")),
        sa.ForeignKeyConstraint(["deputy_id"], ["officials.id"], name=op.f("fk_leaves_deputy_id_officials")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaves")),
    )
    op.create_index("ix_leaves_last", "leaves", ["last"])
    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("official_id", sa.Integer(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("due_at", moment, nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("any_hour", sa.Boolean(), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("instead_of", sa.Text(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("told_at", moment, nullable=True),
        sa.Column("outbox_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name=op.f("fk_alerts_complaint_id_complaints")),
        sa.ForeignKeyConstraint(["official_id"], ["officials.id"], name=op.f("fk_alerts_official_id_officials")),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_alerts_outbox_id_outbox")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("key", name=op.f("uq_alerts_key")),
    )
    op.create_index(
        "ix_alerts_to_tell",
        "alerts",
        ["waits", "urgent", "official_id", "id"],
        sqlite_where=WAITS,
        postgresql_where=WAITS,
    )
    op.create_index("ix_alerts_complaint", "alerts", ["complaint_id", "id"])
    _alarms(sa.Column("about", sa.Text(), nullable=False), ["complaint_id", "about"])
    op.execute(
        "insert into alarms (complaint_id, about, citizen_id, raised_at, climbs_at, step) "
        "select complaint_id, 'danger', citizen_id, raised_at, climbs_at, step from former_alarms"
    )
    op.drop_table("former_alarms")
    # What can wait goes after what presses from now on.
    op.execute("update outbox set lane = 4 where state = 'queued' and lane = 3")


def downgrade() -> None:
    op.execute("update outbox set lane = 3 where lane > 3")
    _alarms(None, ["complaint_id"])
    op.execute(
        "insert into alarms (complaint_id, citizen_id, raised_at, climbs_at, step) "
        "select complaint_id, citizen_id, raised_at, climbs_at, step from former_alarms where about = 'danger'"
    )
    op.drop_table("former_alarms")
    op.drop_table("alerts")
    op.drop_table("leaves")
    op.drop_table("duty_shifts")
    op.drop_column("complaints", "unopened_since")
    op.drop_index("ix_officials_digested_on", table_name="officials")
    op.drop_column("officials", "digested_on")
    op.drop_column("officials", "digest")


def _alarms(more: sa.Column[str] | None, key: list[str]) -> None:
    """The table anew with another primary key; the rows there were wait in `former_alarms`."""
    moment = smsgw.store.tables.Utc(timezone=True)
    op.execute("create table former_alarms as select * from alarms")
    op.drop_table("alarms")
    op.create_table(
        "alarms",
        sa.Column("complaint_id", sa.Integer(), autoincrement=False, nullable=False),
        *([] if more is None else [more]),
        sa.Column("citizen_id", sa.Integer(), nullable=False),
        sa.Column("raised_at", moment, nullable=False),
        sa.Column("climbs_at", moment, nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name=op.f("fk_alarms_complaint_id_complaints")),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name=op.f("fk_alarms_citizen_id_citizens")),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_alarms")),
    )
    op.create_index("ix_alarms_climbing", "alarms", ["climbs_at"], sqlite_where=CLIMBS, postgresql_where=CLIMBS)
    op.create_index("ix_alarms_citizen", "alarms", ["citizen_id", "raised_at"])
