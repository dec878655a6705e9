"""Redirect, re-open, remind, hand over the paper; the overview."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE reminder (
    task_id UUID NOT NULL,
    day DATE NOT NULL,
    note TEXT,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (task_id, day),
    FOREIGN KEY(task_id) REFERENCES task (task_id)
);

CREATE TABLE paper (
    letter_id UUID NOT NULL,
    position_id UUID NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (letter_id),
    FOREIGN KEY(letter_id) REFERENCES letter (letter_id)
);

CREATE TABLE handover (
    handover_id UUID NOT NULL,
    letter_id UUID NOT NULL,
    from_position_id UUID NOT NULL,
    to_position_id UUID NOT NULL,
    state TEXT NOT NULL,
    note TEXT,
    sent_at TIMESTAMP WITH TIME ZONE NOT NULL,
    sent_by JSONB NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE,
    received_by JSONB,
    receipt_note TEXT,
    PRIMARY KEY (handover_id),
    CONSTRAINT ck__handover__state CHECK (state IN ('sent', 'received', 'refused')),
    CONSTRAINT ck__handover__received_at CHECK ((state = 'sent') = (received_at IS NULL)),
    CONSTRAINT ck__handover__to_position_id CHECK (from_position_id <> to_position_id),
    FOREIGN KEY(letter_id) REFERENCES letter (letter_id)
);

CREATE INDEX ix__handover__letter_id ON handover (letter_id);

CREATE UNIQUE INDEX uq__handover__on_the_way
    ON handover (letter_id) WHERE state = 'sent';
"""


def upgrade() -> None:
    op.execute(TABLES)


def downgrade() -> None:
    op.execute("DROP TABLE handover, paper, reminder")
