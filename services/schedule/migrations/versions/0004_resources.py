"""Rooms and vehicles kept: in use or not, bookable hours, approval by their owner."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE resource"
        " ADD COLUMN active boolean NOT NULL DEFAULT true,"
        " ADD COLUMN needs_approval boolean NOT NULL DEFAULT false,"
        " ADD COLUMN bookable_hours jsonb NOT NULL DEFAULT '[]',"
        " ADD COLUMN version integer NOT NULL DEFAULT 1"
    )
    op.execute(
        "ALTER TABLE activity_resource"
        " ADD COLUMN approved boolean NOT NULL DEFAULT true"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE activity_resource DROP COLUMN approved")
    op.execute(
        "ALTER TABLE resource DROP COLUMN active, DROP COLUMN needs_approval,"
        " DROP COLUMN bookable_hours, DROP COLUMN version"
    )
