"""What operators see of notify, under the names all channels will share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from prometheus_client import Counter, Gauge, Histogram
from pymongo.database import Database

from services.notify.documents import Document, Entry

STUCK_AFTER = timedelta(seconds=30)
_MOST_COUNTED = 1_000

SENT = Counter("notification_send", "Notifications handed over", ["channel", "outcome"])
SECONDS = Histogram(
    "notification_send_duration_seconds",
    "From what happened to its notification in the stream",
    ["channel"],
    buckets=(0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600),
)
STUCK = Gauge("notification_stuck", "Stored, but not in their stream in time")
LEADING = Gauge("stream_leading", "1 in the process that writes the streams")

_SENT_INBOX = SENT.labels("inbox", "delivered")
_SECONDS_INBOX = SECONDS.labels("inbox")


def count_sent(entries: Sequence[Entry], now: datetime) -> None:
    _SENT_INBOX.inc(len(entries))
    for entry in entries:
        lag = now - entry.notification.created_at
        _SECONDS_INBOX.observe(max(lag.total_seconds(), 0))


def count_stuck(database: Database[Document], now: datetime) -> None:
    """The same in every copy; aggregate with `max`."""
    waiting = {"pending": True, "stored_at": {"$lt": now - STUCK_AFTER}}
    found = database["notifications"].count_documents(waiting, limit=_MOST_COUNTED)
    STUCK.set(found)
