"""Officials' numbers verified by a code, one-time codes of complaints, and what was ordered by text"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import smsgw.store.tables

revision: str = "0013"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

VERIFIED = sa.text("verified_at is not null")


def upgrade() -> None:
    moment = smsgw.store.tables.Utc(timezone=True)
    op.create_table(
        "official_phones",
        sa.Column("official_id", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("phone", "digest")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("tries", "serial", "lately", "wrong")),
        *(
            sa.Column(name, moment, nullable=True)
            for name in ("expires_at", "counted_from", "verified_at", "wrong_since", "locked_at")
        ),
        sa.Column("verified_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["official_id"], ["officials.id"], name=op.f("fk_official_phones_official_id_officials")
        ),
        sa.ForeignKeyConstraint(
            ["verified_by"], ["officials.id"], name=op.f("fk_official_phones_verified_by_officials")
        ),
        sa.PrimaryKeyConstraint("official_id", name=op.f("pk_official_phones")),
    )
    op.create_index(
        "uq_official_phones_verified",
        "official_phones",
        ["phone"],
        unique=True,
        sqlite_where=VERIFIED,
        postgresql_where=VERIFIED,
    )
    op.create_table(
        "text_codes",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("id", "official_id", "complaint_id", "seen")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("digest", "draft", "draft_kind")),
        *(sa.Column(name, moment, nullable=False) for name in ("issued_at", "expires_at")),
        sa.Column("used_at", moment, nullable=True),
        sa.Column("used_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["official_id"], ["officials.id"], name=op.f("fk_text_codes_official_id_officials")),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name=op.f("fk_text_codes_complaint_id_complaints")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_codes")),
        sa.UniqueConstraint("official_id", "digest", name=op.f("uq_text_codes_official_id_digest")),
    )
    op.create_index("ix_text_codes_complaint", "text_codes", ["complaint_id", "official_id"])
    op.create_index("ix_text_codes_expires_at", "text_codes", ["expires_at"])
    op.create_table(
        "text_orders",
        sa.Column("inbound_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", moment, nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ("official_id", "complaint_id")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("phone", "deed", "outcome")),
        sa.ForeignKeyConstraint(["inbound_id"], ["inbound.id"], name=op.f("fk_text_orders_inbound_id_inbound")),
        sa.ForeignKeyConstraint(["official_id"], ["officials.id"], name=op.f("fk_text_orders_official_id_officials")),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name=op.f("fk_text_orders_complaint_id_complaints")
        ),
        sa.PrimaryKeyConstraint("inbound_id", name=op.f("pk_text_orders")),
    )
    op.create_index(op.f("ix_text_orders_at"), "text_orders", ["at"])
    op.create_index("ix_text_orders_complaint", "text_orders", ["complaint_id", "official_id"])


def downgrade() -> None:
    for table in ("text_orders", "text_codes", "official_phones"):
        op.drop_table(table)
