"""Grades of contract staff (*PPPK*), golongan I to XVII of Perpres 98/2020."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        ALTER TABLE person
            DROP CONSTRAINT grade_known,
            ADD CONSTRAINT grade_known CHECK (grade ~ ('^((I|II|III|IV)/[a-e]'
                || '|I|II|III|IV|V|VI|VII|VIII|IX|X|XI|XII|XIII|XIV|XV|XVI|XVII)$'))
    """)


def downgrade() -> None:
    op.execute("""
        UPDATE person SET grade = NULL WHERE grade !~ '/';
        ALTER TABLE person
            DROP CONSTRAINT grade_known,
            ADD CONSTRAINT grade_known CHECK (grade ~ '^(I|II|III|IV)/[a-e]$')
    """)
