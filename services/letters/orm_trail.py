"""Tables of the daily digests: one signed row a day, and the heads it is made of.

No foreign key to `letter`: a head outlives a letter that somebody removed, which is
what it is for.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID

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
    sa.Index("ix__trail_digest_head__letter_id", "letter_id", "day"),
)

# Lines are written in the order of time, so a few ranges hold the lines of a day.
sa.Index("ix__trail__at", trail.c.at, postgresql_using="brin")
