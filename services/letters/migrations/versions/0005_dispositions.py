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

# What the overview counts by; of letters that are there it is told by their trail.
MILESTONES = """
ALTER TABLE letter
    ADD COLUMN read_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN disposed_at TIMESTAMP WITH TIME ZONE;

UPDATE letter SET read_at = told.read_at, disposed_at = told.disposed_at
FROM (
    SELECT r.letter_id, min(r.at) FILTER (WHERE r.action = 'disposed') AS disposed_at,
        min(r.at) FILTER (WHERE r.action = 'read' AND t.role <> 'inform') AS read_at
    FROM trail r LEFT JOIN task t ON t.task_id = r.task_id
    WHERE r.action IN ('read', 'disposed') GROUP BY r.letter_id) AS told
WHERE told.letter_id = letter.letter_id;

CREATE INDEX ix__task__open_work ON task (letter_id)
    INCLUDE (position_id, due_at, created_at, read_at)
    WHERE ended_at IS NULL AND role <> 'inform';
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(MILESTONES)


def downgrade() -> None:
    op.execute("DROP INDEX ix__task__open_work")
    op.execute("ALTER TABLE letter DROP COLUMN read_at, DROP COLUMN disposed_at")
    op.execute("DROP TABLE handover, paper, reminder")
