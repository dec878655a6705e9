"""Registers: legacy letters, when a letter ended, retention; no letter is deleted."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE letter ADD COLUMN ended_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE letter ADD COLUMN legacy BOOLEAN NOT NULL DEFAULT false;

UPDATE letter SET ended_at = coalesce(closed_at, (
    SELECT max(at) FROM trail
    WHERE trail.letter_id = letter.letter_id AND action = 'letter_completed'))
WHERE state IN ('completed', 'closed', 'dispatched');

ALTER TABLE letter DROP CONSTRAINT uq__letter__agenda_number;
ALTER TABLE letter ADD CONSTRAINT uq__letter__agenda_number
    UNIQUE (register_unit_id, direction, legacy, agenda_year, agenda_seq);
CREATE UNIQUE INDEX uq__letter__legacy
    ON letter (external_system, direction, external_id) WHERE legacy;
CREATE INDEX ix__letter__ended ON letter (register_unit_id, ended_at, letter_id)
    WHERE ended_at IS NOT NULL;

CREATE TABLE retention_rule (
    classification_code TEXT NOT NULL,
    active_years SMALLINT NOT NULL,
    inactive_years SMALLINT NOT NULL,
    fate TEXT NOT NULL,
    PRIMARY KEY (classification_code),
    CONSTRAINT ck__retention_rule__years
        CHECK (active_years >= 0 AND inactive_years >= 0),
    CONSTRAINT ck__retention_rule__fate
        CHECK (fate IN ('destroy', 'review', 'permanent'))
);

CREATE FUNCTION letters_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a registered letter is never deleted; void it'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER letters_are_kept BEFORE DELETE ON letter
    FOR EACH ROW EXECUTE FUNCTION letters_are_kept();
"""

DOWN = """
DROP TRIGGER letters_are_kept ON letter;
DROP FUNCTION letters_are_kept();
DROP TABLE retention_rule;
DROP INDEX ix__letter__ended;
DROP INDEX uq__letter__legacy;
ALTER TABLE letter DROP CONSTRAINT uq__letter__agenda_number;
ALTER TABLE letter ADD CONSTRAINT uq__letter__agenda_number
    UNIQUE (register_unit_id, direction, agenda_year, agenda_seq);
ALTER TABLE letter DROP COLUMN legacy;
ALTER TABLE letter DROP COLUMN ended_at;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
