"""Sealed matters and their keepers, merged complaints, clusters, alarms"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import smsgw.store.tables

revision: str = "0010"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEEPERS_TO_TELL = sa.text("told_at is null")
STILL_NAMED = sa.text("ended_at is null")
ALARM_CLIMBS = sa.text("climbs_at is not null")
IS_MERGED = sa.text("merged_into_id is not null")


def moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, smsgw.store.tables.Utc(timezone=True), nullable=nullable)


def to(table: str, column: str, of: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{of}.id"], name=op.f(f"fk_{table}_{column}_{of}"))


def upgrade() -> None:
    op.add_column("citizens", moment("sealed_until", nullable=True))
    op.add_column("complaints", sa.Column("merged_into_id", sa.Integer(), nullable=True))
    op.create_index(
        "ix_complaints_merged", "complaints", ["merged_into_id"], sqlite_where=IS_MERGED, postgresql_where=IS_MERGED
    )
    _sealed()
    _keepers()
    _clusters()
    _alarms()


def _sealed() -> None:
    op.create_table(
        "sealed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("citizen_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        moment("received_at"),
        moment("told_at", nullable=True),
        sa.Column("complaint_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind in ('denunciation', 'corruption', 'decision')", name=op.f("ck_sealed_kind")),
        sa.CheckConstraint("state in ('sealed', 'handed_over', 'released')", name=op.f("ck_sealed_state")),
        to("sealed", "citizen_id", "citizens"),
        to("sealed", "unit_id", "units"),
        to("sealed", "complaint_id", "complaints"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed")),
        sa.UniqueConstraint("key", name=op.f("uq_sealed_key")),
    )
    op.create_index(op.f("ix_sealed_citizen_id"), "sealed", ["citizen_id"])
    op.create_index("ix_sealed_unit_state", "sealed", ["unit_id", "state"])
    op.create_index(
        "ix_sealed_to_tell", "sealed", ["id"], sqlite_where=KEEPERS_TO_TELL, postgresql_where=KEEPERS_TO_TELL
    )
    op.create_table(
        "sealed_texts",
        sa.Column("inbound_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed_id", sa.Integer(), nullable=False),
        to("sealed_texts", "inbound_id", "inbound"),
        to("sealed_texts", "sealed_id", "sealed"),
        sa.PrimaryKeyConstraint("inbound_id", name=op.f("pk_sealed_texts")),
    )
    op.create_index(op.f("ix_sealed_texts_sealed_id"), "sealed_texts", ["sealed_id"])
    op.create_table(
        "sealed_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sealed_id", sa.Integer(), nullable=False),
        moment("at"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("official_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        to("sealed_lines", "sealed_id", "sealed"),
        to("sealed_lines", "official_id", "officials"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_lines")),
    )
    op.create_index(op.f("ix_sealed_lines_sealed_id"), "sealed_lines", ["sealed_id"])


def _keepers() -> None:
    op.create_table(
        "seal_keepers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("official_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        moment("named_at"),
        sa.Column("named_by", sa.Integer(), nullable=True),
        moment("ended_at", nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        to("seal_keepers", "official_id", "officials"),
        to("seal_keepers", "unit_id", "units"),
        to("seal_keepers", "named_by", "officials"),
        to("seal_keepers", "ended_by", "officials"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seal_keepers")),
    )
    op.create_index(op.f("ix_seal_keepers_unit_id"), "seal_keepers", ["unit_id"])
    op.create_index(
        "uq_seal_keepers_named",
        "seal_keepers",
        ["official_id", "unit_id"],
        unique=True,
        sqlite_where=STILL_NAMED,
        postgresql_where=STILL_NAMED,
    )


def _clusters() -> None:
    op.create_table(
        "clusters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        moment("opened_at"),
        to("clusters", "unit_id", "units"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clusters")),
        sa.UniqueConstraint("key", name=op.f("uq_clusters_key")),
    )
    op.create_index(op.f("ix_clusters_unit_id"), "clusters", ["unit_id"])
    op.create_table(
        "cluster_members",
        sa.Column("complaint_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cluster_id", sa.Integer(), nullable=False),
        to("cluster_members", "complaint_id", "complaints"),
        to("cluster_members", "cluster_id", "clusters"),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_cluster_members")),
    )
    op.create_index(op.f("ix_cluster_members_cluster_id"), "cluster_members", ["cluster_id"])


def _alarms() -> None:
    op.create_table(
        "alarms",
        sa.Column("complaint_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("citizen_id", sa.Integer(), nullable=False),
        moment("raised_at"),
        moment("climbs_at", nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        to("alarms", "complaint_id", "complaints"),
        to("alarms", "citizen_id", "citizens"),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_alarms")),
    )
    op.create_index("ix_alarms_citizen", "alarms", ["citizen_id", "raised_at"])
    op.create_index(
        "ix_alarms_climbing", "alarms", ["climbs_at"], sqlite_where=ALARM_CLIMBS, postgresql_where=ALARM_CLIMBS
    )


def downgrade() -> None:
    for table in (
        "alarms",
        "cluster_members",
        "clusters",
        "seal_keepers",
        "sealed_lines",
        "sealed_texts",
        "sealed",
    ):
        op.drop_table(table)
    op.drop_index("ix_complaints_merged", table_name="complaints")
    op.drop_column("complaints", "merged_into_id")
    op.drop_column("citizens", "sealed_until")
