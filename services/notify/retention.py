"""How long notifications are kept; the letters themselves are kept elsewhere.

Ids ascend in time, so what is too old is everything below one id. Watermarks stay:
numbers are never given twice, and a client with an old place goes on at the first
one still there.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from pymongo.database import Database

from services.notify.documents import Document
from services.notify.ids import first_id_of
from services.notify.indexes import IDEMPOTENCY_KEPT

KEPT = timedelta(days=400)


def forget_answers(database: Database[Document], now: datetime) -> None:
    """What the store's own sweep (a TTL index) has left, or does not know."""
    too_old = {"begun_at": {"$lt": now - IDEMPOTENCY_KEPT}}
    database["idempotency"].delete_many(too_old)


def forget_old(database: Database[Document], now: datetime) -> int:
    """Places first: a stream must not point at what is gone."""
    too_old = {"_id": {"$lt": first_id_of(now - KEPT)}}
    database["stream"].delete_many(too_old)
    return database["notifications"].delete_many(too_old).deleted_count
