"""Tables of registers: how long letters of a classification are kept (JRA).

What a letter itself needs for it stands in `orm.letter`: `ended_at`, and `legacy` for
letters taken over from an older application, whose numbers are a series of their own.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID

from services.letters.orm import metadata

retention_rule = sa.Table(
    "retention_rule",
    metadata,
    sa.Column("classification_code", sa.Text, primary_key=True),
    sa.Column("active_years", sa.SmallInteger, nullable=False),
    sa.Column("inactive_years", sa.SmallInteger, nullable=False),
    sa.Column("fate", sa.Text, nullable=False),
    sa.CheckConstraint(
        "active_years >= 0 AND inactive_years >= 0", name="ck__retention_rule__years"
    ),
    sa.CheckConstraint(
        "fate IN ('destroy', 'review', 'permanent')", name="ck__retention_rule__fate"
    ),
)

external_claim = sa.Table(
    "external_claim",
    metadata,
    sa.Column("register_unit_id", UUID(as_uuid=True), primary_key=True),
    sa.Column("system", sa.Text, primary_key=True),
    sa.Column("external_id", sa.Text, primary_key=True),
    sa.Column(
        "letter_id",
        UUID(as_uuid=True),
        sa.ForeignKey("letter.letter_id", ondelete="CASCADE"),
        nullable=False,
    ),
    sa.UniqueConstraint("letter_id", name="uq__external_claim__letter_id"),
)
