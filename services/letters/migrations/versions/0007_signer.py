"""What stands under a signature, as the paper has it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outgoing", sa.Column("printed", JSONB(none_as_null=True)))
    op.create_check_constraint(
        "ck__outgoing__printed", "outgoing", "printed IS NULL OR signed_at IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_constraint("ck__outgoing__printed", "outgoing")
    op.drop_column("outgoing", "printed")
