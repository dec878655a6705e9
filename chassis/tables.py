"""The chassis's tables in each service's own database.

`add_chassis_tables(metadata)` adds them to a service's MetaData, so that its
Alembic migration creates them with the rest (`create_chassis_tables(bind)` does
it in one line).
"""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSON, UUID


class ChassisTables(NamedTuple):
    outbox: sa.Table
    inbox: sa.Table
    idempotency: sa.Table


def add_chassis_tables(metadata: sa.MetaData) -> ChassisTables:
    """Declare outbox, inbox and idempotency in `metadata` (once)."""
    return ChassisTables(_outbox(metadata), _inbox(metadata), _idempotency(metadata))


def create_chassis_tables(bind: sa.Connection) -> None:
    """For a migration: ``create_chassis_tables(op.get_bind())``."""
    metadata = sa.MetaData()
    add_chassis_tables(metadata)
    metadata.create_all(bind)
    # A queue in a table: clean up after a number of rows, not after a share of them.
    bind.execute(
        sa.text(
            "ALTER TABLE outbox SET (autovacuum_vacuum_scale_factor = 0,"
            " autovacuum_vacuum_threshold = 2000)"
        )
    )


def drop_chassis_tables(bind: sa.Connection) -> None:
    """The way back of `create_chassis_tables`."""
    metadata = sa.MetaData()
    add_chassis_tables(metadata)
    metadata.drop_all(bind)


def _outbox(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "outbox",
        metadata,
        sa.Column("seq", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("id", UUID(as_uuid=True), nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        # json, not jsonb: the text is sent as it was written, never parsed again
        sa.Column("body", JSON, nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        extend_existing=True,
    )


def _inbox(metadata: sa.MetaData) -> sa.Table:
    received_at = sa.Column(
        "received_at",
        sa.DateTime(timezone=True),
        nullable=False,
        server_default=sa.func.now(),
        index=True,
    )
    return sa.Table(
        "inbox",
        metadata,
        sa.Column("consumer", sa.Text, primary_key=True),
        sa.Column("message_id", UUID(as_uuid=True), primary_key=True),
        received_at,
        extend_existing=True,
    )


def _idempotency(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "idempotency",
        metadata,
        sa.Column("actor", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("answer", JSON, nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False, index=True),
        extend_existing=True,
    )


_standalone = add_chassis_tables(sa.MetaData())
#: The same tables for statements of the chassis itself (names only, no MetaData).
OUTBOX, INBOX, IDEMPOTENCY = _standalone
