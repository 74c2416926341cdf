"""The desk: words to find complaints by, lists in the order of work, saved filters, parts of other offices, shortcuts"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import smsgw.store.tables
from smsgw.store.searching import told

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_ON_A_DESK = sa.text("state in ('received', 'assigned', 'waiting') and merged_into_id is null")
_OWED = sa.text("given_at is null")
_SORTED = ["due_at", "state", "emergency", "merged_into_id", "id"]
_AT_ONCE = 1000


def upgrade() -> None:
    moment = smsgw.store.tables.Utc(timezone=True)
    _index_states("received_at")
    for whose in ("unit", "office"):
        columns = [f"{whose}_id", *_SORTED]
        op.create_index(
            f"ix_complaints_on_desk_{whose}",
            "complaints",
            columns,
            sqlite_where=_ON_A_DESK,
            postgresql_where=_ON_A_DESK,
        )
    op.create_table(
        "search_texts",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_search_texts_unit_id_units")),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name=op.f("fk_search_texts_complaint_id_complaints")
        ),
        sa.PrimaryKeyConstraint("unit_id", "complaint_id", name=op.f("pk_search_texts")),
        sqlite_with_rowid=False,
    )
    _keep_what_is_there()
    op.create_table(
        "saved_filters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("official_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["official_id"], ["officials.id"], name=op.f("fk_saved_filters_official_id_officials")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filters")),
        sa.UniqueConstraint("official_id", "name", name=op.f("uq_saved_filters_official_id_name")),
    )
    op.create_table(
        "contributions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("due_at", moment, nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=True),
        sa.Column("given_at", moment, nullable=True),
        sa.Column("told_at", moment, nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_contributions_{column}_{table}"))
            for column, table in (
                ("complaint_id", "complaints"),
                ("office_id", "units"),
                ("asked_by", "officials"),
                ("given_by", "officials"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contributions")),
        sa.UniqueConstraint("complaint_id", "office_id", name=op.f("uq_contributions_complaint_id_office_id")),
    )
    for by, column in (("office", "office_id"), ("due", "due_at")):
        op.create_index(
            f"ix_contributions_owed_{by}", "contributions", [column], sqlite_where=_OWED, postgresql_where=_OWED
        )
    op.add_column("officials", sa.Column("shortcuts", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("officials", "shortcuts")
    for table in ("contributions", "saved_filters", "search_texts"):
        op.drop_table(table)
    for whose in ("unit", "office"):
        op.drop_index(f"ix_complaints_on_desk_{whose}", table_name="complaints")
    _index_states("due_at")


def _index_states(last: str) -> None:
    for whose in ("unit", "office"):
        op.drop_index(f"ix_complaints_{whose}_state", table_name="complaints")
        op.create_index(f"ix_complaints_{whose}_state", "complaints", [f"{whose}_id", "state", last])


def _keep_what_is_there() -> None:
    """The words of complaints that were filed before."""
    here = op.get_bind()
    some = sa.text(
        "select id, unit_id, text, place, reference from complaints where id > :after order by id limit :most"
    )
    last = 0
    while rows := here.execute(some, {"after": last, "most": _AT_ONCE}).all():
        kept = [
            {"unit": row.unit_id, "complaint": row.id, "words": told(row.text, row.place, row.reference)}
            for row in rows
            if row.text
        ]
        if kept:
            here.execute(sa.text("insert into search_texts values (:unit, :complaint, :words)"), kept)
        last = rows[-1].id
