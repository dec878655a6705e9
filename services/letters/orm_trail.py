"""Tables of the daily digests: one signed row a day, and the heads it is made of; and
the trails of registers, which stand in them beside those of letters.

No foreign key to `letter`: a head outlives a letter that somebody removed, which is
what it is for.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, UUID

from services.letters.orm import metadata, trail

trail_digest = sa.Table(
    "trail_digest",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("letters", sa.Integer, nullable=False),
    sa.Column("root", sa.Text, nullable=False),
    sa.Column("previous", sa.Text, nullable=False),
    sa.Column("signature", sa.Text, nullable=False),
    sa.Column("key_id", sa.Text, nullable=False),
    sa.Column("public_key", sa.Text, nullable=False),
    sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    sa.UniqueConstraint("previous", name="uq__trail_digest__previous"),
)

trail_digest_head = sa.Table(
    "trail_digest_head",
    metadata,
    sa.Column("day", sa.Date, sa.ForeignKey("trail_digest.day"), primary_key=True),
    sa.Column("letter_id", UUID(as_uuid=True), primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    # `letter_id` is the id of a register's chain
    sa.Column("register", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Index("ix__trail_digest_head__letter_id", "letter_id", "day"),
)

register_trail = sa.Table(
    "register_trail",
    metadata,
    sa.Column("chain_id", UUID(as_uuid=True), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("actor", JSONB(none_as_null=True)),
    sa.Column("detail", JSONB(none_as_null=True), nullable=False),
    sa.Column("prev_hash", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.UniqueConstraint("chain_id", "prev_hash", name="uq__register_trail__prev_hash"),
    sa.Index("ix__register_trail__at", "at", postgresql_using="brin"),
)

register_trail_head = sa.Table(
    "register_trail_head",
    metadata,
    sa.Column("chain_id", UUID(as_uuid=True), primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)

# Lines are written in the order of time, so a few ranges hold the lines of a day.
sa.Index("ix__trail__at", trail.c.at, postgresql_using="brin")
