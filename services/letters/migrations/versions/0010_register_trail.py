"""Registers keep a sealed trail: reservations, patterns of numbers, retention rules.

What stands already is sealed as it is found, today and by nobody: from here on a row
without a line is one that somebody put in by hand.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from services.letters.domain import register_trail as trail
from services.letters.repository_registers import add_line

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE register_trail (
    chain_id UUID NOT NULL,
    seq INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    action TEXT NOT NULL,
    actor JSONB,
    detail JSONB NOT NULL,
    prev_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    CONSTRAINT pk__register_trail PRIMARY KEY (chain_id, seq),
    CONSTRAINT uq__register_trail__prev_hash UNIQUE (chain_id, prev_hash)
);

CREATE INDEX ix__register_trail__at ON register_trail USING brin (at);

CREATE TABLE register_trail_head (
    chain_id UUID NOT NULL,
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL,
    CONSTRAINT pk__register_trail_head PRIMARY KEY (chain_id)
);

ALTER TABLE trail_digest_head ADD COLUMN register BOOLEAN NOT NULL DEFAULT false;

CREATE FUNCTION keep_register_trail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a sealed line of a register is never changed'
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER register_trail_is_kept BEFORE UPDATE OR DELETE ON register_trail
    FOR EACH ROW EXECUTE FUNCTION keep_register_trail();
"""


def upgrade() -> None:
    op.execute(TABLES)
    seal_what_stands(op.get_bind(), datetime.now(UTC))


def seal_what_stands(connection: sa.Connection, now: datetime) -> None:
    reserved = (
        "SELECT * FROM outgoing_number WHERE reason IS NOT NULL ORDER BY number_id"
    )
    for row in _rows(connection, reserved):
        detail = trail.reservation(row)
        _add(connection, row["register_unit_id"], trail.RESERVED, detail, now)
    templates = _rows(connection, "SELECT * FROM number_template ORDER BY unit_id")
    for unit_id, of_unit in groupby(templates, lambda row: row["unit_id"]):
        detail = trail.change([], map(trail.template, of_unit))
        _add(connection, unit_id or trail.REGENCY, trail.TEMPLATES, detail, now)
    rules = _rows(connection, "SELECT * FROM retention_rule")
    if rules:
        detail = trail.change([], map(trail.rule, rules))
        _add(connection, trail.REGENCY, trail.RETENTION, detail, now)


def _rows(connection: sa.Connection, query: str) -> list[sa.RowMapping]:
    return list(connection.execute(sa.text(query)).mappings())


def _add(
    connection: sa.Connection,
    chain_id: UUID,
    action: str,
    detail: dict[str, Any],
    now: datetime,
) -> None:
    add_line(connection, chain_id, at=now, action=action, actor=None, detail=detail)


def downgrade() -> None:
    op.execute("DROP TABLE register_trail, register_trail_head")
    op.execute("DROP FUNCTION keep_register_trail()")
    op.execute("ALTER TABLE trail_digest_head DROP COLUMN register")
