"""Lines of a history that figures look for; cases that are published"""

import json
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import smsgw.store.tables

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

A_DEED = sa.text("kind <> 'received'")
IN_SIGHT = sa.text("state in ('proposed', 'published')")
IS_PUBLISHED = sa.text("state = 'published'")
BATCH = 1000


def upgrade() -> None:
    moment = smsgw.store.tables.Utc(timezone=True)
    op.create_index(
        "ix_events_deeds", "events", ["kind", "at", "complaint_id"], sqlite_where=A_DEED, postgresql_where=A_DEED
    )
    op.create_index("ix_complaints_answered_at", "complaints", ["answered_at"])
    op.create_table(
        "publications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", moment, nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", moment, nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        sa.CheckConstraint(
            "state in ('proposed', 'published', 'declined', 'withdrawn')", name=op.f("ck_publications_state")
        ),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name=op.f("fk_publications_complaint_id_complaints")
        ),
        *(
            sa.ForeignKeyConstraint([name], ["officials.id"], name=op.f(f"fk_publications_{name}_officials"))
            for name in ("proposed_by", "decided_by", "ended_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
    )
    op.create_index(
        "ix_publications_in_sight",
        "publications",
        ["complaint_id"],
        unique=True,
        sqlite_where=IN_SIGHT,
        postgresql_where=IN_SIGHT,
    )
    op.create_index(
        "ix_publications_published",
        "publications",
        ["decided_at", "id"],
        sqlite_where=IS_PUBLISHED,
        postgresql_where=IS_PUBLISHED,
    )
    _tell_field_and_due()


def downgrade() -> None:
    op.drop_table("publications")
    op.drop_index("ix_complaints_answered_at", table_name="complaints")
    op.drop_index("ix_events_deeds", table_name="events")


def _tell_field_and_due() -> None:
    """A history begins with the field and the due moment from now on; of what came before, with those it has today."""
    connection = op.get_bind()
    events, complaints = (
        sa.table(
            "events", *(sa.column(name) for name in ("id", "complaint_id", "kind")), sa.column("details", sa.JSON)
        ),
        sa.table("complaints", sa.column("id"), sa.column("category"), sa.column("due_at", smsgw.store.tables.Utc())),
    )
    lines = (
        sa.select(events.c.id, events.c.details, complaints.c.category, complaints.c.due_at)
        .join(complaints, complaints.c.id == events.c.complaint_id)
        .where(events.c.kind == "received")
        .order_by(events.c.id)
        .limit(BATCH)
    )
    last = 0
    while rows := connection.execute(lines.where(events.c.id > last)).all():
        told = [
            {
                "line": row.id,
                "told": json.dumps(
                    {**row.details, "category": row.category, "due": row.due_at and row.due_at.isoformat()}
                ),
            }
            for row in rows
        ]
        connection.execute(sa.text("update events set details = :told where id = :line"), told)
        last = rows[-1].id
