"""Whether a letter hides what it is about, as its latest event says."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE letter_case"
        " ADD COLUMN restricted boolean NOT NULL DEFAULT false,"
        " ADD COLUMN sequence integer NOT NULL DEFAULT 0"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE letter_case DROP COLUMN restricted, DROP COLUMN sequence")
