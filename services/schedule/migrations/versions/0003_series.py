"""Recurring activities: series and their occurrences."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE series (
            series_id uuid PRIMARY KEY,
            recurrence jsonb NOT NULL,
            template jsonb NOT NULL,
            shift_seconds bigint NOT NULL,
            created_by jsonb NOT NULL,
            expanded_until timestamptz NOT NULL,
            finished boolean NOT NULL
        )
        """
    )
    op.execute(
        "CREATE INDEX ix__series__unfinished ON series (expanded_until, series_id)"
        " WHERE (NOT finished)"
    )
    op.execute(
        "ALTER TABLE activity"
        " ADD COLUMN series_id uuid REFERENCES series,"
        " ADD COLUMN occurrence_at timestamptz,"
        " ADD CONSTRAINT ck__activity__occurrence"
        " CHECK ((series_id IS NULL) = (occurrence_at IS NULL)),"
        " ADD CONSTRAINT uq__activity__occurrence UNIQUE (series_id, occurrence_at)"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE activity DROP COLUMN occurrence_at, DROP COLUMN series_id")
    op.execute("DROP TABLE series")
