"""What the leading relay does besides: forget old inbox rows and answers, count."""

from __future__ import annotations

import time
from typing import Any

from chassis import idempotency, inbox, metrics

PURGE_SECONDS = 3600.0
COUNT_SECONDS = 5.0
#: Deleted per statement, so that no purge holds the tables for long.
CHUNK = 5000

_PURGE = (
    "DELETE FROM {table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {table}"
    " WHERE {column} < now() - %s LIMIT {chunk}))"
)
_COUNT = (
    "SELECT count(*), coalesce(extract(epoch FROM clock_timestamp()"
    " - min(occurred_at)), 0) FROM outbox"
)


class Housekeeping:
    """Runs on the relay's own connection, so once per database."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        self._next_purge = time.monotonic()
        self._next_count = time.monotonic()

    def when_due(self) -> None:
        now = time.monotonic()
        if now >= self._next_count:
            self._next_count = now + COUNT_SECONDS
            self._count()
        if now >= self._next_purge:
            self._next_purge = now + PURGE_SECONDS
            self._purge("inbox", "received_at", inbox.KEEP)
            self._purge("idempotency", "kept_at", idempotency.KEEP)

    def _count(self) -> None:
        self._cursor.execute(_COUNT)
        pending, oldest = self._cursor.fetchone()
        metrics.outbox_pending.set(pending)
        metrics.outbox_oldest.set(max(float(oldest), 0.0))

    def _purge(self, table: str, column: str, keep: Any) -> None:
        statement = _PURGE.format(table=table, column=column, chunk=CHUNK)
        while True:
            self._cursor.execute(statement, (keep,))
            if self._cursor.rowcount < CHUNK:
                return
