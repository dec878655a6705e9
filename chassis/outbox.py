"""Events leave through this table: written with the change, published by the relay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from contracts import codec
from contracts.envelope import Envelope

CHANNEL = "outbox"

#: An event names facts and ids, never documents; a larger one is a mistake, and
#: would be refused by the broker for ever (RabbitMQ 4 takes 16 MiB).
MAX_BYTES = 1_000_000

_INSERT = sa.text(
    "INSERT INTO outbox (id, type, subject, body, occurred_at)"
    " VALUES (:id, :type, :subject, CAST(:body AS json), :occurred_at)"
)
_NOTIFY = sa.text(f"SELECT pg_notify('{CHANNEL}', '')")


class OutboxStatus(NamedTuple):
    """For `rakat outbox status`, readiness and metrics."""

    pending: int
    oldest_seconds: float


def add(session: Session, envelopes: Sequence[Envelope]) -> None:
    """Write `envelopes` in order in the session's transaction and wake the relay."""
    if not envelopes:
        return
    session.execute(_INSERT, [_row(envelope) for envelope in envelopes])
    session.execute(_NOTIFY)


def status(connection: sa.Connection) -> OutboxStatus:
    """How many events wait, and for how long the oldest has."""
    query = sa.text(
        "SELECT count(*), coalesce(extract(epoch FROM"
        " clock_timestamp() - min(occurred_at)), 0) FROM outbox"
    )
    pending, oldest = connection.execute(query).one()
    return OutboxStatus(pending, max(float(oldest), 0.0))


def _row(envelope: Envelope) -> dict[str, object]:
    body = msgspec.json.encode(codec.dump(envelope))
    if len(body) > MAX_BYTES:
        raise ValueError(f"event {envelope.type} of {len(body)} bytes is too large")
    return {
        "id": envelope.id,
        "type": envelope.type,
        "subject": envelope.subject,
        "body": body.decode(),
        "occurred_at": envelope.time,
    }
