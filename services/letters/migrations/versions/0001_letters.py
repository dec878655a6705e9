"""Letters, their tasks and dispositions, who sees them, files, trails and lists."""

from __future__ import annotations

from alembic import op

from chassis.organisation_copy_sql import (
    create_organisation_tables,
    drop_organisation_tables,
)
from chassis.tables import create_chassis_tables, drop_chassis_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE agenda_counter (
    register_unit_id UUID NOT NULL,
    direction TEXT NOT NULL,
    year INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (register_unit_id, direction, year)
);

CREATE TABLE letter (
    letter_id UUID NOT NULL,
    direction TEXT NOT NULL,
    kind TEXT NOT NULL,
    number TEXT,
    dated_on DATE,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    sender_name TEXT NOT NULL,
    sender_unit_id UUID,
    sender_address TEXT,
    subject TEXT NOT NULL,
    summary TEXT,
    classification_code TEXT,
    urgency TEXT NOT NULL,
    secrecy TEXT NOT NULL,
    secrecy_rank SMALLINT NOT NULL,
    register_unit_id UUID NOT NULL,
    agenda_number TEXT NOT NULL,
    agenda_seq INTEGER NOT NULL,
    agenda_year INTEGER NOT NULL,
    addressees UUID[] NOT NULL,
    copies UUID[] NOT NULL,
    unit_ids UUID[] NOT NULL,
    replies_to UUID,
    external_system TEXT,
    external_id TEXT,
    invitation JSONB,
    activity_id UUID,
    state TEXT NOT NULL,
    acted BOOLEAN NOT NULL,
    outcome TEXT,
    decision JSONB,
    due_at TIMESTAMP WITH TIME ZONE,
    closed_at TIMESTAMP WITH TIME ZONE,
    registrar_position_id UUID,
    created_by JSONB NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    version INTEGER NOT NULL,
    trail_seq INTEGER NOT NULL,
    trail_hash TEXT NOT NULL,
    tsv TSVECTOR GENERATED ALWAYS AS (to_tsvector('indonesian', translate(coalesce(number, '') || ' ' || agenda_number, '/.-', '   ') || ' ' || subject || ' ' || coalesce(summary, '') || ' ' || sender_name)) STORED,
    PRIMARY KEY (letter_id),
    CONSTRAINT uq__letter__agenda_number UNIQUE (register_unit_id, direction, agenda_year, agenda_seq),
    CONSTRAINT ck__letter__agenda_seq CHECK (agenda_seq > 0),
    FOREIGN KEY(replies_to) REFERENCES letter (letter_id)
);

CREATE INDEX ix__letter__external ON letter (external_system, external_id);

CREATE INDEX ix__letter__same ON letter (sender_name, number, dated_on);

CREATE INDEX ix__letter__tsv ON letter USING gin (tsv);

CREATE TABLE reference_item (
    list TEXT NOT NULL,
    code TEXT NOT NULL,
    place INTEGER NOT NULL,
    label_id TEXT NOT NULL,
    label_en TEXT NOT NULL,
    attributes JSONB NOT NULL,
    PRIMARY KEY (list, code)
);

CREATE TABLE disposition (
    disposition_id UUID NOT NULL,
    letter_id UUID NOT NULL,
    parent_task_id UUID NOT NULL,
    given_by UUID NOT NULL,
    state TEXT NOT NULL,
    note TEXT,
    recipients JSONB NOT NULL,
    prepared_by JSONB,
    preparer_id UUID,
    issued_by JSONB,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    issued_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (disposition_id),
    FOREIGN KEY(letter_id) REFERENCES letter (letter_id)
);

CREATE INDEX ix__disposition__given_by ON disposition (given_by, disposition_id);

CREATE INDEX ix__disposition__letter_id ON disposition (letter_id);

CREATE TABLE letter_visibility (
    position_id UUID NOT NULL,
    letter_id UUID NOT NULL,
    why TEXT NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (position_id, letter_id),
    FOREIGN KEY(letter_id) REFERENCES letter (letter_id)
);

CREATE INDEX ix__letter_visibility__letter_id ON letter_visibility (letter_id);

CREATE INDEX ix__letter_visibility__recipient
    ON letter_visibility (position_id, letter_id)
    WHERE why = 'recipient';

CREATE TABLE trail (
    letter_id UUID NOT NULL,
    seq INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    action TEXT NOT NULL,
    actor JSONB,
    task_id UUID,
    detail JSONB NOT NULL,
    prev_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    CONSTRAINT pk__trail PRIMARY KEY (letter_id, seq),
    CONSTRAINT uq__trail__prev_hash UNIQUE (letter_id, prev_hash),
    FOREIGN KEY(letter_id) REFERENCES letter (letter_id)
);

CREATE TABLE task (
    task_id UUID NOT NULL,
    letter_id UUID NOT NULL,
    disposition_id UUID,
    parent_task_id UUID,
    position_id UUID NOT NULL,
    given_by UUID,
    role TEXT NOT NULL,
    instructions TEXT[] NOT NULL,
    note TEXT,
    state TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE,
    read_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    overdue_at TIMESTAMP WITH TIME ZONE,
    due_soon_at TIMESTAMP WITH TIME ZONE,
    version INTEGER NOT NULL,
    is_open BOOLEAN GENERATED ALWAYS AS (ended_at IS NULL) STORED,
    PRIMARY KEY (task_id),
    CONSTRAINT ck__task__ended_at CHECK ((ended_at IS NULL) = (state IN ('sent','read','in_progress','reported'))),
    CONSTRAINT ck__task__parent CHECK (parent_task_id <> task_id),
    FOREIGN KEY(letter_id) REFERENCES letter (letter_id),
    FOREIGN KEY(disposition_id) REFERENCES disposition (disposition_id),
    FOREIGN KEY(parent_task_id) REFERENCES task (task_id)
);

CREATE INDEX ix__task__falling_due
    ON task (due_at)
    WHERE ended_at IS NULL AND overdue_at IS NULL;

CREATE INDEX ix__task__given_by
    ON task (given_by, coalesce(due_at, 'infinity'::timestamptz), task_id);

CREATE INDEX ix__task__letter_id ON task (letter_id);

CREATE INDEX ix__task__open
    ON task (position_id, coalesce(due_at, 'infinity'::timestamptz), task_id)
    WHERE ended_at IS NULL;

CREATE INDEX ix__task__position_id
    ON task (position_id, coalesce(due_at, 'infinity'::timestamptz), task_id);

CREATE TABLE report (
    report_id UUID NOT NULL,
    task_id UUID NOT NULL,
    final BOOLEAN NOT NULL,
    text TEXT NOT NULL,
    reported_by JSONB NOT NULL,
    reported_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (report_id),
    FOREIGN KEY(task_id) REFERENCES task (task_id)
);

CREATE INDEX ix__report__task_id ON report (task_id);

CREATE TABLE file (
    file_id UUID NOT NULL,
    sha256 TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    filename TEXT NOT NULL,
    page_count INTEGER,
    uploaded_by TEXT NOT NULL,
    uploaded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    letter_id UUID,
    report_id UUID,
    place SMALLINT DEFAULT '0' NOT NULL,
    PRIMARY KEY (file_id),
    FOREIGN KEY(letter_id) REFERENCES letter (letter_id),
    FOREIGN KEY(report_id) REFERENCES report (report_id)
);

CREATE INDEX ix__file__letter_id ON file (letter_id);

CREATE INDEX ix__file__sha256 ON file (sha256);

CREATE INDEX ix__file__unattached ON file (uploaded_at) WHERE letter_id IS NULL;
"""


def upgrade() -> None:
    create_chassis_tables(op.get_bind())
    create_organisation_tables(op.get_bind())
    op.execute(TABLES)


def downgrade() -> None:
    op.execute(
        "DROP TABLE file, report, task, trail, letter_visibility, disposition, reference_item, letter, agenda_counter"
    )
    drop_organisation_tables(op.get_bind())
    drop_chassis_tables(op.get_bind())
