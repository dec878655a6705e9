"""Whole days; what to wear and whom to ask, of which a restricted one tells nothing."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE activity
        ADD COLUMN all_day boolean NOT NULL DEFAULT false,
        ADD COLUMN dress_code text,
        ADD COLUMN contact text,
        ADD CHECK (NOT restricted OR (dress_code IS NULL AND contact IS NULL)),
        ADD CHECK (
            NOT all_day
            OR (ends_at IS NOT NULL
                AND (starts_at AT TIME ZONE 'Asia/Makassar')::time = '00:00'
                AND (ends_at AT TIME ZONE 'Asia/Makassar')::time = '00:00')
        )
        """
    )


def downgrade() -> None:
    op.execute(
        "ALTER TABLE activity DROP COLUMN all_day, DROP COLUMN dress_code,"
        " DROP COLUMN contact"
    )
