"""Full text: the words of each letter, the jobs that read files, the pages' text.

Triggers of migration 0004 keep `letter_text` and put a job into `file_text` for every
file that is attached, whoever attaches it. Both are by the content's hash, so that the
same scan is read once.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSVECTOR, UUID

from services.letters.orm import file, letter, letter_visibility, metadata, task

PAGE_VECTOR = "to_tsvector('indonesian', translate(text, '/.-', '   '))"

_of_letter: UUID[Any] = UUID(as_uuid=True)

letter_text = sa.Table(
    "letter_text",
    metadata,
    sa.Column(
        "letter_id",
        _of_letter,
        sa.ForeignKey("letter.letter_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column("tsv", TSVECTOR, nullable=False),
    sa.Index("ix__letter_text__tsv", "tsv", postgresql_using="gin"),
)

letter_unit = sa.Table(
    "letter_unit",
    metadata,
    sa.Column("unit_id", UUID(as_uuid=True), primary_key=True),
    sa.Column(
        "letter_id",
        UUID(as_uuid=True),
        sa.ForeignKey("letter.letter_id"),
        primary_key=True,
    ),
    sa.Index("ix__letter_unit__letter_id", "letter_id"),
)

file_text = sa.Table(
    "file_text",
    metadata,
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="pending"),
    sa.Column("reason", sa.Text),
    sa.Column("pages", sa.Integer),
    sa.Column("attempts", sa.SmallInteger, nullable=False, server_default="0"),
    sa.Column(
        "next_at",
        sa.DateTime(timezone=True),
        nullable=False,
        server_default=sa.text("now()"),
    ),
    sa.CheckConstraint(
        "state IN ('pending','ready','no_ocr','failed')", name="ck__file_text__state"
    ),
    sa.Index(
        "ix__file_text__next",
        "next_at",
        postgresql_where=sa.text("state IN ('pending','no_ocr')"),
    ),
)

file_page_text = sa.Table(
    "file_page_text",
    metadata,
    sa.Column(
        "sha256",
        sa.Text,
        sa.ForeignKey("file_text.sha256", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column("page", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("source", sa.Text),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("tsv", TSVECTOR, sa.Computed(PAGE_VECTOR, persisted=True)),
    sa.CheckConstraint(
        "state IN ('ready','no_ocr','failed')", name="ck__file_page_text__state"
    ),
    sa.CheckConstraint(
        "(source IS NOT NULL) = (state = 'ready')", name="ck__file_page_text__source"
    ),
)

sa.Index("ix__letter__state", letter.c.state, letter.c.letter_id)
sa.Index("ix__letter__kind", letter.c.kind, letter.c.letter_id)
sa.Index("ix__letter__urgency", letter.c.urgency, letter.c.letter_id)
sa.Index(
    "ix__letter__outgoing",
    letter.c.letter_id,
    postgresql_where=sa.text("direction = 'outgoing'"),
)
sa.Index(
    "ix__task__reported",
    task.c.given_by,
    sa.text("coalesce(due_at, 'infinity'::timestamptz)"),
    task.c.task_id,
    postgresql_where=sa.text("state = 'reported'"),
)
sa.Index(
    "ix__file__report_id",
    file.c.report_id,
    postgresql_where=sa.text("report_id IS NOT NULL"),
)
sa.Index("ix__letter__registrar", letter.c.registrar_position_id, letter.c.letter_id)
sa.Index(
    "ix__letter_visibility__secret",
    letter_visibility.c.position_id,
    letter_visibility.c.secrecy_rank,
    letter_visibility.c.letter_id,
    postgresql_where=sa.text("secrecy_rank > 0"),
)
sa.Index(
    "ix__letter__due_first",
    sa.text("coalesce(due_at, 'infinity'::timestamptz)"),
    letter.c.letter_id,
)
sa.Index(
    "ix__letter__due_last",
    sa.text("coalesce(due_at, '-infinity'::timestamptz)"),
    letter.c.letter_id,
)
sa.Index(
    "ix__letter__same",
    sa.text("letter_key(sender_name)"),
    sa.text("letter_key(number)"),
    _table=letter,
)
