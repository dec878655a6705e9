"""Each message acts once per consumer: the inbox row commits with the effect."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.tables import INBOX

#: Longer than any message can wait in a retry queue or be parked unnoticed.
KEEP = timedelta(days=14)


def first_time(session: Session, consumer: str, message_id: UUID) -> bool:
    """Claim `message_id` for `consumer` in this transaction.

    A concurrent claim waits here until the other transaction ends.
    """
    claim = (
        insert(INBOX)
        .values(consumer=consumer, message_id=message_id)
        .on_conflict_do_nothing()
        .returning(INBOX.c.message_id)
    )
    return session.execute(claim).first() is not None
