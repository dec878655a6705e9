"""Pencilled-in activities end with their hour: those still to be found, by that hour."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE INDEX ix__activity__pencilled ON activity (until_at)"
        " WHERE (state IN ('proposed', 'tentative') AND created_at < until_at)"
    )


def downgrade() -> None:
    op.execute("DROP INDEX ix__activity__pencilled")
