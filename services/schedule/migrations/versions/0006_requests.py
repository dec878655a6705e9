"""Requests for a slot and what came of an activity."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE slot_request (
            activity_id uuid PRIMARY KEY REFERENCES activity,
            asked_starts_at timestamptz NOT NULL,
            asked_ends_at timestamptz,
            expires_at timestamptz NOT NULL,
            offered_starts_at timestamptz,
            ending text CHECK (ending IN ('refused', 'expired')),
            answered_by jsonb,
            answered_at timestamptz,
            note text,
            closed boolean NOT NULL,
            CHECK (closed OR ending IS NULL),
            CHECK (ending IS DISTINCT FROM 'refused' OR note IS NOT NULL)
        )
        """
    )
    op.execute(
        "CREATE INDEX ix__slot_request__due ON slot_request (expires_at)"
        " WHERE (NOT closed)"
    )
    op.execute(
        "ALTER TABLE activity ADD COLUMN outcome jsonb"
        " CHECK (outcome IS NULL OR NOT restricted)"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE activity DROP COLUMN outcome")
    op.execute("DROP TABLE slot_request")
