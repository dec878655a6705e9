"""An application's reference belongs to one letter of a register.

Only what applications send is claimed: who registers by hand is warned of a copy. Of
older copies the first has the claim; the others stay as they are.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None

FIRST_OF_EACH = (
    "INSERT INTO external_claim (register_unit_id, system, external_id, letter_id)"
    " SELECT DISTINCT ON (register_unit_id, external_system, external_id)"
    " register_unit_id, external_system, external_id, letter_id FROM letter"
    " WHERE external_system IS NOT NULL AND external_id IS NOT NULL"
    " AND jsonb_typeof(created_by -> 'client') = 'object'"
    " AND direction = 'incoming' AND state <> 'void' AND NOT legacy"
    " ORDER BY register_unit_id, external_system, external_id, created_at, letter_id"
)


def upgrade() -> None:
    op.create_table(
        "external_claim",
        sa.Column("register_unit_id", UUID(as_uuid=True), primary_key=True),
        sa.Column("system", sa.Text, primary_key=True),
        sa.Column("external_id", sa.Text, primary_key=True),
        sa.Column(
            "letter_id",
            UUID(as_uuid=True),
            sa.ForeignKey("letter.letter_id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.UniqueConstraint("letter_id", name="uq__external_claim__letter_id"),
    )
    op.execute(FIRST_OF_EACH)


def downgrade() -> None:
    op.drop_table("external_claim")
