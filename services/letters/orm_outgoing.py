"""Tables of outgoing letters: draft, initials, recipients, numbers and their templates.

What is asked of whom is stored (`outgoing.step`, `outgoing_initial.state`), so that
"what waits for me" walks an index; the domain decides it, in the act's transaction.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

from services.letters.orm import metadata


def _uuid() -> UUID[Any]:
    return UUID(as_uuid=True)


def _at(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _of_letter(**more: Any) -> sa.Column[Any]:
    return sa.Column("letter_id", _uuid(), sa.ForeignKey("letter.letter_id"), **more)


outgoing = sa.Table(
    "outgoing",
    metadata,
    _of_letter(primary_key=True),
    sa.Column("body_html", sa.Text),
    sa.Column("signer_position_id", _uuid(), nullable=False),
    sa.Column("signing_form", sa.Text, nullable=False),
    sa.Column("drafter_position_id", _uuid()),
    sa.Column("register_unit_id", _uuid(), nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("step", sa.Text),
    _at("step_since", nullable=True),
    sa.Column("signing_token", _uuid()),
    _at("signing_until", nullable=True),
    sa.Column("method", sa.Text),
    _at("signed_at", nullable=True),
    sa.Column("signed_by", JSONB(none_as_null=True)),
    sa.Column("verify_token", sa.Text),
    sa.Column("final_file_id", _uuid(), sa.ForeignKey("file.file_id")),
    sa.Column("scan_file_id", _uuid(), sa.ForeignKey("file.file_id")),
    _at("dispatched_at", nullable=True),
    # what stands under the signature; no view, event or trail takes it from here
    sa.Column("printed", JSONB(none_as_null=True)),
    sa.UniqueConstraint("verify_token", name="uq__outgoing__verify_token"),
    sa.CheckConstraint("revision > 0", name="ck__outgoing__revision"),
    sa.CheckConstraint(
        "(signed_at IS NULL) = (method IS NULL)", name="ck__outgoing__signed"
    ),
    sa.CheckConstraint(
        "printed IS NULL OR signed_at IS NOT NULL", name="ck__outgoing__printed"
    ),
    sa.Index(
        "ix__outgoing__sign",
        "signer_position_id",
        "step_since",
        postgresql_where=sa.text("step = 'sign'"),
    ),
    sa.Index(
        "ix__outgoing__drafter",
        "drafter_position_id",
        "step_since",
        postgresql_where=sa.text("step IN ('revise', 'dispatch')"),
    ),
    sa.Index(
        "ix__outgoing__dispatch",
        "register_unit_id",
        "step_since",
        postgresql_where=sa.text("step = 'dispatch'"),
    ),
)

outgoing_initial = sa.Table(
    "outgoing_initial",
    metadata,
    _of_letter(),
    sa.Column("position_id", _uuid()),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("place", sa.SmallInteger, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("revision", sa.Integer),
    _at("at", nullable=True),
    sa.Column("by", JSONB(none_as_null=True)),
    sa.Column("note", sa.Text),
    sa.PrimaryKeyConstraint("letter_id", "position_id", name="pk__outgoing_initial"),
    sa.CheckConstraint(
        "(state IN ('approved', 'revise')) = (revision IS NOT NULL)",
        name="ck__outgoing_initial__revision",
    ),
    sa.Index(
        "ix__outgoing_initial__asked",
        "position_id",
        "at",
        postgresql_where=sa.text("state = 'asked'"),
    ),
)

outgoing_decision = sa.Table(
    "outgoing_decision",
    metadata,
    sa.Column("decision_id", _uuid(), primary_key=True),
    _of_letter(nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("position_id", _uuid(), nullable=False),
    sa.Column("decision", sa.Text, nullable=False),
    sa.Column("note", sa.Text),
    _at("at"),
    sa.Column("by", JSONB(none_as_null=True), nullable=False),
    # An initial is given to a revision once.
    sa.Index(
        "uq__outgoing_decision__approved",
        "letter_id",
        "revision",
        "position_id",
        unique=True,
        postgresql_where=sa.text("decision = 'approve'"),
    ),
)

outgoing_revision = sa.Table(
    "outgoing_revision",
    metadata,
    _of_letter(),
    sa.Column("revision", sa.Integer),
    _at("at"),
    sa.Column("by", JSONB(none_as_null=True), nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("body_html", sa.Text),
    sa.Column("body_sha256", sa.Text),
    sa.Column("files", ARRAY(sa.Text), nullable=False),
    sa.Column("changed", ARRAY(sa.Text), nullable=False),
    sa.PrimaryKeyConstraint("letter_id", "revision", name="pk__outgoing_revision"),
)

outgoing_recipient = sa.Table(
    "outgoing_recipient",
    metadata,
    _of_letter(),
    sa.Column("place", sa.SmallInteger),
    sa.Column("position_id", _uuid()),
    sa.Column("name", sa.Text),
    sa.Column("address", sa.Text),
    sa.Column("copy", sa.Boolean, nullable=False),
    sa.Column("became_letter_id", _uuid(), sa.ForeignKey("letter.letter_id")),
    sa.PrimaryKeyConstraint("letter_id", "place", name="pk__outgoing_recipient"),
    sa.CheckConstraint(
        "(position_id IS NULL) <> (name IS NULL)", name="ck__outgoing_recipient__who"
    ),
)

number_counter = sa.Table(
    "number_counter",
    metadata,
    sa.Column("register_unit_id", _uuid(), primary_key=True),
    sa.Column("series", sa.Text, primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
)

outgoing_number = sa.Table(
    "outgoing_number",
    metadata,
    sa.Column("number_id", _uuid(), primary_key=True),
    sa.Column("register_unit_id", _uuid(), nullable=False),
    sa.Column("series", sa.Text, nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("pattern", sa.Text, nullable=False),
    sa.Column("number", sa.Text),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("dated_on", sa.Date, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("created_by", JSONB(none_as_null=True), nullable=False),
    _at("created_at"),
    _of_letter(),
    sa.UniqueConstraint(
        "register_unit_id", "series", "year", "seq", name="uq__outgoing_number__seq"
    ),
    sa.UniqueConstraint(
        "register_unit_id", "year", "number", name="uq__outgoing_number__number"
    ),
    sa.UniqueConstraint("letter_id", name="uq__outgoing_number__letter"),
    sa.CheckConstraint("seq > 0", name="ck__outgoing_number__seq"),
    sa.CheckConstraint(
        "letter_id IS NOT NULL OR reason IS NOT NULL",
        name="ck__outgoing_number__reserved",
    ),
    sa.Index(
        "ix__outgoing_number__reserved",
        "register_unit_id",
        "number_id",
        postgresql_where=sa.text("reason IS NOT NULL"),
    ),
)

number_template = sa.Table(
    "number_template",
    metadata,
    sa.Column("template_id", _uuid(), primary_key=True),
    sa.Column("unit_id", _uuid()),
    sa.Column("kind", sa.Text),
    sa.Column("signer_position_id", _uuid()),
    sa.Column("pattern", sa.Text, nullable=False),
    sa.Column("series", sa.Text, nullable=False),
    sa.UniqueConstraint(
        "unit_id",
        "kind",
        "signer_position_id",
        name="uq__number_template",
        postgresql_nulls_not_distinct=True,
    ),
)
