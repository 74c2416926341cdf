"""What citizens say of answers: verdicts, the time for them, how a complaint closed"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import smsgw.store.tables

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

WORDS = ("verdict", "ending")
MOMENTS = ("verdict_asked_at", "verdict_at", "silence_at", "held_at", "closed_at")
OUTCOMES = (
    "kind in ('answered', 'confirmed', 'not_done', 'unclear', 'raised', 'reopened', 'closed_silent', "
    "'closed_unasked', 'refused')"
)
INDEXES = {
    "ix_complaints_verdict_at": ("complaints", ["verdict_at", "id"], "verdict_at is not null"),
    "ix_complaints_held": ("complaints", ["held_at", "id"], "held_at is not null"),
    "ix_complaints_said_again": (
        "complaints",
        ["id"],
        "not_done > 1 and state in ('received', 'assigned', 'waiting')",
    ),
    "ix_events_outcomes": ("events", ["at", "kind"], OUTCOMES),
}

LOST = "kind in ({}) and state in ('failed', 'undelivered', 'unknown')"
BEFORE, SINCE = "'OfficeAnswer', 'OfficeQuestion'", "'OfficeAnswer', 'OfficeQuestion', 'NotAccepted'"


def upgrade() -> None:
    # Plain ADD COLUMN on both databases: a batch would copy the whole table on SQLite.
    for name in WORDS:
        op.add_column("complaints", sa.Column(name, sa.Text(), server_default="", nullable=False))
    for name in MOMENTS:
        op.add_column("complaints", sa.Column(name, smsgw.store.tables.Utc(timezone=True), nullable=True))
    op.add_column("complaints", sa.Column("not_done", sa.Integer(), server_default="0", nullable=False))
    # Of the answers given so far nobody was asked, and nobody waits for a word.
    op.execute("update complaints set ending = 'unasked', closed_at = answered_at where state = 'answered'")
    for name, (table, columns, where) in INDEXES.items():
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    _look_for_lost(SINCE)


def _look_for_lost(letters: str) -> None:
    op.drop_index("ix_outbox_lost_letters", table_name="outbox")
    where = sa.text(LOST.format(letters))
    op.create_index("ix_outbox_lost_letters", "outbox", ["id"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    _look_for_lost(BEFORE)
    for name, (table, _columns, _where) in INDEXES.items():
        op.drop_index(name, table_name=table)
    for name in ("not_done", *MOMENTS, *WORDS):
        op.drop_column("complaints", name)
