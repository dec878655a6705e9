"""Outgoing letters: draft, review, sign, dispatch; their numbers."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = """
ALTER TABLE letter
    ALTER received_at DROP NOT NULL,
    ALTER agenda_number DROP NOT NULL,
    ALTER agenda_seq DROP NOT NULL,
    ALTER agenda_year DROP NOT NULL,
    ADD source_letter_id UUID REFERENCES letter (letter_id),
    ADD CONSTRAINT ck__letter__registered CHECK (direction = 'outgoing' OR (agenda_seq IS NOT NULL AND received_at IS NOT NULL));

CREATE INDEX ix__letter__replies_to ON letter (replies_to)
    WHERE replies_to IS NOT NULL;

CREATE UNIQUE INDEX uq__letter__source ON letter (source_letter_id, register_unit_id)
    WHERE source_letter_id IS NOT NULL;

CREATE TABLE outgoing (
    letter_id UUID NOT NULL,
    body_html TEXT,
    signer_position_id UUID NOT NULL,
    signing_form TEXT NOT NULL,
    drafter_position_id UUID,
    register_unit_id UUID NOT NULL,
    revision INTEGER NOT NULL,
    step TEXT,
    step_since TIMESTAMP WITH TIME ZONE,
    signing_token UUID,
    signing_until TIMESTAMP WITH TIME ZONE,
    method TEXT,
    signed_at TIMESTAMP WITH TIME ZONE,
    signed_by JSONB,
    verify_token TEXT,
    final_file_id UUID,
    scan_file_id UUID,
    dispatched_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (letter_id),
    CONSTRAINT uq__outgoing__verify_token UNIQUE (verify_token),
    CONSTRAINT ck__outgoing__revision CHECK (revision > 0),
    CONSTRAINT ck__outgoing__signed CHECK ((signed_at IS NULL) = (method IS NULL)),
    FOREIGN KEY(letter_id) REFERENCES letter (letter_id),
    FOREIGN KEY(final_file_id) REFERENCES file (file_id),
    FOREIGN KEY(scan_file_id) REFERENCES file (file_id)
);

CREATE INDEX ix__outgoing__sign ON outgoing (signer_position_id, step_since)
    WHERE step = 'sign';

CREATE INDEX ix__outgoing__drafter ON outgoing (drafter_position_id, step_since)
    WHERE step IN ('revise', 'dispatch');

CREATE INDEX ix__outgoing__dispatch ON outgoing (register_unit_id, step_since)
    WHERE step = 'dispatch';

CREATE TABLE outgoing_initial (
    letter_id UUID NOT NULL,
    position_id UUID NOT NULL,
    kind TEXT NOT NULL,
    place SMALLINT NOT NULL,
    state TEXT NOT NULL,
    revision INTEGER,
    at TIMESTAMP WITH TIME ZONE,
    by JSONB,
    note TEXT,
    CONSTRAINT pk__outgoing_initial PRIMARY KEY (letter_id, position_id),
    CONSTRAINT ck__outgoing_initial__revision CHECK ((state IN ('approved', 'revise')) = (revision IS NOT NULL)),
    FOREIGN KEY(letter_id) REFERENCES letter (letter_id)
);

CREATE INDEX ix__outgoing_initial__asked ON outgoing_initial (position_id, at)
    WHERE state = 'asked';

CREATE TABLE outgoing_decision (
    decision_id UUID NOT NULL,
    letter_id UUID NOT NULL,
    revision INTEGER NOT NULL,
    position_id UUID NOT NULL,
    decision TEXT NOT NULL,
    note TEXT,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    by JSONB NOT NULL,
    PRIMARY KEY (decision_id),
    FOREIGN KEY(letter_id) REFERENCES letter (letter_id)
);

CREATE UNIQUE INDEX uq__outgoing_decision__approved
    ON outgoing_decision (letter_id, revision, position_id)
    WHERE decision = 'approve';

CREATE TABLE outgoing_revision (
    letter_id UUID NOT NULL,
    revision INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    by JSONB NOT NULL,
    subject TEXT NOT NULL,
    body_html TEXT,
    body_sha256 TEXT,
    files TEXT[] NOT NULL,
    changed TEXT[] NOT NULL,
    CONSTRAINT pk__outgoing_revision PRIMARY KEY (letter_id, revision),
    FOREIGN KEY(letter_id) REFERENCES letter (letter_id)
);

CREATE TABLE outgoing_recipient (
    letter_id UUID NOT NULL,
    place SMALLINT NOT NULL,
    position_id UUID,
    name TEXT,
    address TEXT,
    copy BOOLEAN NOT NULL,
    became_letter_id UUID,
    CONSTRAINT pk__outgoing_recipient PRIMARY KEY (letter_id, place),
    CONSTRAINT ck__outgoing_recipient__who CHECK ((position_id IS NULL) <> (name IS NULL)),
    FOREIGN KEY(letter_id) REFERENCES letter (letter_id),
    FOREIGN KEY(became_letter_id) REFERENCES letter (letter_id)
);

CREATE TABLE number_counter (
    register_unit_id UUID NOT NULL,
    series TEXT NOT NULL,
    year INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (register_unit_id, series, year)
);

CREATE TABLE outgoing_number (
    number_id UUID NOT NULL,
    register_unit_id UUID NOT NULL,
    series TEXT NOT NULL,
    year INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    pattern TEXT NOT NULL,
    number TEXT,
    kind TEXT NOT NULL,
    dated_on DATE NOT NULL,
    reason TEXT,
    created_by JSONB NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    letter_id UUID,
    PRIMARY KEY (number_id),
    CONSTRAINT uq__outgoing_number__seq UNIQUE (register_unit_id, series, year, seq),
    CONSTRAINT uq__outgoing_number__number UNIQUE (register_unit_id, year, number),
    CONSTRAINT uq__outgoing_number__letter UNIQUE (letter_id),
    CONSTRAINT ck__outgoing_number__seq CHECK (seq > 0),
    CONSTRAINT ck__outgoing_number__reserved CHECK (letter_id IS NOT NULL OR reason IS NOT NULL),
    FOREIGN KEY(letter_id) REFERENCES letter (letter_id)
);

CREATE INDEX ix__outgoing_number__reserved
    ON outgoing_number (register_unit_id, number_id)
    WHERE reason IS NOT NULL;

CREATE TABLE number_template (
    template_id UUID NOT NULL,
    unit_id UUID,
    kind TEXT,
    signer_position_id UUID,
    pattern TEXT NOT NULL,
    series TEXT NOT NULL,
    PRIMARY KEY (template_id),
    CONSTRAINT uq__number_template UNIQUE NULLS NOT DISTINCT (unit_id, kind, signer_position_id)
);
"""


def upgrade() -> None:
    op.execute(TABLES)


def downgrade() -> None:
    """Refused by the database while there are drafts: nothing is thrown away."""
    op.execute(
        "DROP TABLE number_template, outgoing_number, number_counter, outgoing_recipient,"
        " outgoing_revision, outgoing_decision, outgoing_initial, outgoing;"
        "DROP INDEX uq__letter__source, ix__letter__replies_to;"
        "ALTER TABLE letter DROP CONSTRAINT ck__letter__registered,"
        " DROP COLUMN source_letter_id, ALTER received_at SET NOT NULL,"
        " ALTER agenda_number SET NOT NULL, ALTER agenda_seq SET NOT NULL,"
        " ALTER agenda_year SET NOT NULL"
    )
