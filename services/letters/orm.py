"""Tables of letters. The migration creates exactly these; a test compares them.

`letter_visibility` comes first in every list query: its key walks one office's
letters in time order, because letter ids ascend in time.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

from chassis.organisation_copy_sql import add_organisation_tables
from chassis.tables import add_chassis_tables

metadata = sa.MetaData()
add_chassis_tables(metadata)
add_organisation_tables(metadata)


def _uuid() -> UUID[Any]:
    return UUID(as_uuid=True)


def _at(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


agenda_counter = sa.Table(
    "agenda_counter",
    metadata,
    sa.Column("register_unit_id", _uuid(), primary_key=True),
    sa.Column("direction", sa.Text, primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
)

letter = sa.Table(
    "letter",
    metadata,
    sa.Column("letter_id", _uuid(), primary_key=True),
    sa.Column("direction", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("number", sa.Text),
    sa.Column("dated_on", sa.Date),
    _at("received_at", nullable=True),
    sa.Column("sender_name", sa.Text, nullable=False),
    sa.Column("sender_unit_id", _uuid()),
    sa.Column("sender_address", sa.Text),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("summary", sa.Text),
    sa.Column("classification_code", sa.Text),
    sa.Column("urgency", sa.Text, nullable=False),
    sa.Column("secrecy", sa.Text, nullable=False),
    sa.Column("secrecy_rank", sa.SmallInteger, nullable=False),
    sa.Column("register_unit_id", _uuid(), nullable=False),
    sa.Column("agenda_number", sa.Text),
    sa.Column("agenda_seq", sa.Integer),
    sa.Column("agenda_year", sa.Integer),
    sa.Column("addressees", ARRAY(_uuid()), nullable=False),
    sa.Column("copies", ARRAY(_uuid()), nullable=False),
    sa.Column("unit_ids", ARRAY(_uuid()), nullable=False),
    sa.Column("replies_to", _uuid(), sa.ForeignKey("letter.letter_id")),
    sa.Column("source_letter_id", _uuid(), sa.ForeignKey("letter.letter_id")),
    sa.Column("external_system", sa.Text),
    sa.Column("external_id", sa.Text),
    sa.Column("invitation", JSONB(none_as_null=True)),
    sa.Column("activity_id", _uuid()),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("acted", sa.Boolean, nullable=False),
    sa.Column("outcome", sa.Text),
    sa.Column("decision", JSONB(none_as_null=True)),
    _at("due_at", nullable=True),
    _at("closed_at", nullable=True),
    _at("ended_at", nullable=True),
    _at("read_at", nullable=True),
    _at("disposed_at", nullable=True),
    sa.Column("legacy", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("registrar_position_id", _uuid()),
    sa.Column("created_by", JSONB(none_as_null=True), nullable=False),
    _at("created_at"),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("trail_seq", sa.Integer, nullable=False),
    sa.Column("trail_hash", sa.Text, nullable=False),
    sa.UniqueConstraint(
        "register_unit_id",
        "direction",
        "legacy",
        "agenda_year",
        "agenda_seq",
        name="uq__letter__agenda_number",
    ),
    sa.CheckConstraint("agenda_seq > 0", name="ck__letter__agenda_seq"),
    sa.CheckConstraint(
        "direction = 'outgoing' OR (agenda_seq IS NOT NULL AND received_at IS NOT NULL)",
        name="ck__letter__registered",
    ),
    sa.Index(
        "ix__letter__replies_to",
        "replies_to",
        postgresql_where=sa.text("replies_to IS NOT NULL"),
    ),
    sa.Index(
        "uq__letter__source",
        "source_letter_id",
        "register_unit_id",
        unique=True,
        postgresql_where=sa.text("source_letter_id IS NOT NULL"),
    ),
    sa.Index("ix__letter__external", "external_system", "external_id"),
    sa.Index(
        "uq__letter__legacy",
        "external_system",
        "direction",
        "external_id",
        unique=True,
        postgresql_where=sa.text("legacy"),
    ),
    sa.Index(
        "ix__letter__ended",
        "register_unit_id",
        "ended_at",
        "letter_id",
        postgresql_where=sa.text("ended_at IS NOT NULL"),
    ),
)

letter_visibility = sa.Table(
    "letter_visibility",
    metadata,
    sa.Column("position_id", _uuid(), primary_key=True),
    sa.Column(
        "letter_id", _uuid(), sa.ForeignKey("letter.letter_id"), primary_key=True
    ),
    sa.Column("why", sa.Text, nullable=False),
    _at("since"),
    sa.Column("secrecy_rank", sa.SmallInteger, nullable=False, server_default="0"),
    sa.Index("ix__letter_visibility__letter_id", "letter_id"),
    sa.Index(
        "ix__letter_visibility__recipient",
        "position_id",
        "letter_id",
        postgresql_where=sa.text("why = 'recipient'"),
    ),
)

disposition = sa.Table(
    "disposition",
    metadata,
    sa.Column("disposition_id", _uuid(), primary_key=True),
    sa.Column("letter_id", _uuid(), sa.ForeignKey("letter.letter_id"), nullable=False),
    sa.Column("parent_task_id", _uuid(), nullable=False),
    sa.Column("given_by", _uuid(), nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("note", sa.Text),
    sa.Column("recipients", JSONB(none_as_null=True), nullable=False),
    sa.Column("prepared_by", JSONB(none_as_null=True)),
    sa.Column("preparer_id", _uuid()),
    sa.Column("issued_by", JSONB(none_as_null=True)),
    _at("created_at"),
    _at("issued_at", nullable=True),
    sa.Index("ix__disposition__given_by", "given_by", "disposition_id"),
    sa.Index("ix__disposition__letter_id", "letter_id"),
)

task = sa.Table(
    "task",
    metadata,
    sa.Column("task_id", _uuid(), primary_key=True),
    sa.Column("letter_id", _uuid(), sa.ForeignKey("letter.letter_id"), nullable=False),
    sa.Column("disposition_id", _uuid(), sa.ForeignKey("disposition.disposition_id")),
    sa.Column("parent_task_id", _uuid(), sa.ForeignKey("task.task_id")),
    sa.Column("position_id", _uuid(), nullable=False),
    sa.Column("given_by", _uuid()),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("instructions", ARRAY(sa.Text), nullable=False),
    sa.Column("note", sa.Text),
    sa.Column("state", sa.Text, nullable=False),
    _at("created_at"),
    _at("since"),
    _at("due_at", nullable=True),
    _at("read_at", nullable=True),
    _at("ended_at", nullable=True),
    _at("overdue_at", nullable=True),
    _at("due_soon_at", nullable=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("is_open", sa.Boolean, sa.Computed("ended_at IS NULL", persisted=True)),
    sa.CheckConstraint(
        "(ended_at IS NULL) = (state IN ('sent','read','in_progress','reported'))",
        name="ck__task__ended_at",
    ),
    sa.CheckConstraint("parent_task_id <> task_id", name="ck__task__parent"),
    sa.Index("ix__task__letter_id", "letter_id"),
    sa.Index(
        "ix__task__position_id",
        "position_id",
        sa.text("coalesce(due_at, 'infinity'::timestamptz)"),
        "task_id",
    ),
    sa.Index(
        "ix__task__given_by",
        "given_by",
        sa.text("coalesce(due_at, 'infinity'::timestamptz)"),
        "task_id",
    ),
    sa.Index(
        "ix__task__open",
        "position_id",
        sa.text("coalesce(due_at, 'infinity'::timestamptz)"),
        "task_id",
        postgresql_where=sa.text("ended_at IS NULL"),
    ),
    sa.Index(
        "ix__task__open_work",
        "letter_id",
        postgresql_include=["position_id", "due_at", "created_at", "read_at"],
        postgresql_where=sa.text("ended_at IS NULL AND role <> 'inform'"),
    ),
    sa.Index(
        "ix__task__falling_due",
        "due_at",
        postgresql_where=sa.text("ended_at IS NULL AND overdue_at IS NULL"),
    ),
)

report = sa.Table(
    "report",
    metadata,
    sa.Column("report_id", _uuid(), primary_key=True),
    sa.Column("task_id", _uuid(), sa.ForeignKey("task.task_id"), nullable=False),
    sa.Column("final", sa.Boolean, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("reported_by", JSONB(none_as_null=True), nullable=False),
    _at("reported_at"),
    sa.Index("ix__report__task_id", "task_id"),
)

file = sa.Table(
    "file",
    metadata,
    sa.Column("file_id", _uuid(), primary_key=True),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("filename", sa.Text, nullable=False),
    sa.Column("page_count", sa.Integer),
    sa.Column("uploaded_by", sa.Text, nullable=False),
    _at("uploaded_at"),
    sa.Column("letter_id", _uuid(), sa.ForeignKey("letter.letter_id")),
    sa.Column("report_id", _uuid(), sa.ForeignKey("report.report_id")),
    sa.Column("place", sa.SmallInteger, nullable=False, server_default="0"),
    sa.Index("ix__file__letter_id", "letter_id"),
    sa.Index("ix__file__sha256", "sha256"),
    sa.Index(
        "ix__file__unattached",
        "uploaded_at",
        postgresql_where=sa.text("letter_id IS NULL"),
    ),
)

trail = sa.Table(
    "trail",
    metadata,
    sa.Column("letter_id", _uuid(), sa.ForeignKey("letter.letter_id")),
    sa.Column("seq", sa.Integer),
    _at("at"),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("actor", JSONB(none_as_null=True)),
    sa.Column("task_id", _uuid()),
    sa.Column("detail", JSONB(none_as_null=True), nullable=False),
    sa.Column("prev_hash", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("letter_id", "seq", name="pk__trail"),
    sa.UniqueConstraint("letter_id", "prev_hash", name="uq__trail__prev_hash"),
)

reference_item = sa.Table(
    "reference_item",
    metadata,
    sa.Column("list", sa.Text, primary_key=True),
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("label_id", sa.Text, nullable=False),
    sa.Column("label_en", sa.Text, nullable=False),
    sa.Column("attributes", JSONB(none_as_null=True), nullable=False),
)
