"""Corrections, secrecy, and the trail that can be verified."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trail_digest",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("letters", sa.Integer, nullable=False),
        sa.Column("root", sa.Text, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("signature", sa.Text, nullable=False),
        sa.Column("key_id", sa.Text, nullable=False),
        sa.Column("public_key", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("previous", name="uq__trail_digest__previous"),
    )
    op.create_table(
        "trail_digest_head",
        sa.Column("day", sa.Date, sa.ForeignKey("trail_digest.day"), primary_key=True),
        sa.Column("letter_id", UUID(as_uuid=True), primary_key=True),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
    )
    op.create_index(
        "ix__trail_digest_head__letter_id", "trail_digest_head", ["letter_id", "day"]
    )
    op.create_index("ix__trail__at", "trail", ["at"], postgresql_using="brin")


def downgrade() -> None:
    op.drop_index("ix__trail__at", "trail")
    op.drop_table("trail_digest_head")
    op.drop_table("trail_digest")
