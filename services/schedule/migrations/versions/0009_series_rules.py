"""A rule is changed by a series that continues another; a keeper's yes that stands."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE series"
        " ADD COLUMN continues uuid REFERENCES series,"
        " ADD COLUMN agreed uuid[] NOT NULL DEFAULT '{}'"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE series DROP COLUMN agreed, DROP COLUMN continues")
