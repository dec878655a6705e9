"""What waits for the keeper of a room or vehicle is found at once."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE INDEX ix__activity_resource__waiting ON activity_resource"
        " (resource_id, activity_id) WHERE (NOT approved)"
    )


def downgrade() -> None:
    op.execute("DROP INDEX ix__activity_resource__waiting")
