"""Tables of reminders, of the paper and its way, and what the overview rests on."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, UUID

from services.letters.orm import metadata

reminder = sa.Table(
    "reminder",
    metadata,
    sa.Column(
        "task_id", UUID(as_uuid=True), sa.ForeignKey("task.task_id"), primary_key=True
    ),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("note", sa.Text),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
)
"""One a day and task; the key refuses the second."""

paper = sa.Table(
    "paper",
    metadata,
    sa.Column(
        "letter_id",
        UUID(as_uuid=True),
        sa.ForeignKey("letter.letter_id"),
        primary_key=True,
    ),
    sa.Column("position_id", UUID(as_uuid=True), nullable=False),
    sa.Column("since", sa.DateTime(timezone=True), nullable=False),
)
"""Who holds the paper, once it was handed over; before that the registering office
does, so that registering costs no row here."""

handover = sa.Table(
    "handover",
    metadata,
    sa.Column("handover_id", UUID(as_uuid=True), primary_key=True),
    sa.Column(
        "letter_id",
        UUID(as_uuid=True),
        sa.ForeignKey("letter.letter_id"),
        nullable=False,
    ),
    sa.Column("from_position_id", UUID(as_uuid=True), nullable=False),
    sa.Column("to_position_id", UUID(as_uuid=True), nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("note", sa.Text),
    sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("sent_by", JSONB(none_as_null=True), nullable=False),
    sa.Column("received_at", sa.DateTime(timezone=True)),
    sa.Column("received_by", JSONB(none_as_null=True)),
    sa.Column("receipt_note", sa.Text),
    sa.CheckConstraint(
        "state IN ('sent', 'received', 'refused')", name="ck__handover__state"
    ),
    sa.CheckConstraint(
        "(state = 'sent') = (received_at IS NULL)", name="ck__handover__received_at"
    ),
    sa.CheckConstraint(
        "from_position_id <> to_position_id", name="ck__handover__to_position_id"
    ),
    sa.Index("ix__handover__letter_id", "letter_id"),
    sa.Index(
        "uq__handover__on_the_way",
        "letter_id",
        unique=True,
        postgresql_where=sa.text("state = 'sent'"),
    ),
)
