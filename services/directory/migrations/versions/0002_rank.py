"""What stands under the name of an official who signs: rank, academic titles."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        ALTER TABLE person
            ADD COLUMN grade text,
            ADD COLUMN degrees_before text,
            ADD COLUMN degrees_after text,
            ADD CONSTRAINT grade_known CHECK (grade ~ '^(I|II|III|IV)/[a-e]$')
    """)


def downgrade() -> None:
    op.execute("""
        ALTER TABLE person
            DROP COLUMN grade, DROP COLUMN degrees_before, DROP COLUMN degrees_after
    """)
