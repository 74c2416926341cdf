"""USSD sessions that a redial goes on with, and calls that a citizen asks for"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import smsgw.store.tables

revision: str = "0011"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_WORDS = ("turn_ref", "screen", "outcome")
_UNHEARD = "unheard in ('answer', 'question')"
_OR_WISHED = "unheard in ('answer', 'question', 'wish')"


def upgrade() -> None:
    moment = smsgw.store.tables.Utc(timezone=True)
    for name in _WORDS:
        op.add_column("sittings", sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.add_column("sittings", sa.Column("standing", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("sittings", sa.Column("filings", sa.Integer(), server_default="0", nullable=False))
    op.add_column("sittings", sa.Column("look_at", moment, nullable=True))
    op.add_column("sittings", sa.Column("open_until", moment, nullable=True))
    for name, column, wanted in (
        ("ix_sittings_to_look_at", "look_at", sa.text("look_at is not null")),
        ("ix_sittings_to_go_on", "phone", sa.text("open_until is not null")),
    ):
        op.create_index(name, "sittings", [column], sqlite_where=wanted, postgresql_where=wanted)
    op.create_index("ix_sittings_started_at", "sittings", ["started_at"])
    # Sessions of the script before this one are over: a network keeps one for three minutes.
    op.execute("update sittings set state = 'ended', outcome = 'left', more = false")
    op.execute("update sittings set outcome = 'filed', filings = 1 where complaint_id is not null")
    _change_calls(_OR_WISHED, has_letter=False)


def downgrade() -> None:
    op.execute("delete from calls where outbox_id is null")
    _change_calls(_UNHEARD, has_letter=True)
    op.drop_index("ix_sittings_started_at", table_name="sittings")
    op.drop_index("ix_sittings_to_go_on", table_name="sittings")
    op.drop_index("ix_sittings_to_look_at", table_name="sittings")
    for name in ("open_until", "look_at", "filings", "standing", *reversed(_WORDS)):
        op.drop_column("sittings", name)


def _change_calls(unheard: str, *, has_letter: bool) -> None:
    """SQLite copies the table, to which no other points."""
    with op.batch_alter_table("calls") as calls:
        calls.alter_column("outbox_id", existing_type=sa.Integer(), nullable=not has_letter)
        calls.drop_constraint(op.f("ck_calls_unheard"), type_="check")
        calls.create_check_constraint(op.f("ck_calls_unheard"), unheard)
