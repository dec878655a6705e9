"""Indexes of notify's collections, ensured at every start.

The unique ones are rules: one notification per event, person and topic; one place
per number in a person's stream (a notification's own place is the `_id`).
"""

from __future__ import annotations

from datetime import timedelta

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.database import Database

from services.notify.documents import Document

IDEMPOTENCY_KEPT = timedelta(hours=24)

INDEXES: dict[str, tuple[IndexModel, ...]] = {
    "notifications": (
        IndexModel(
            [
                ("event_id", ASCENDING),
                ("person_id", ASCENDING),
                ("topic", ASCENDING),
            ],
            name="uq__notifications__event_person_topic",
            unique=True,
        ),
        IndexModel(
            [("person_id", ASCENDING), ("_id", DESCENDING)],
            name="ix__notifications__person",
        ),
        IndexModel(
            [
                ("person_id", ASCENDING),
                ("read_at", ASCENDING),
                ("_id", DESCENDING),
            ],
            name="ix__notifications__person_read",
        ),
        IndexModel(
            [("letter_id", ASCENDING)],
            name="ix__notifications__letter",
            sparse=True,
        ),
        # Only what has no place in a stream yet carries the field.
        IndexModel(
            [("pending", ASCENDING), ("_id", ASCENDING)],
            name="ix__notifications__pending",
            sparse=True,
        ),
    ),
    "stream": (
        IndexModel(
            [("person_id", ASCENDING), ("seq", ASCENDING)],
            name="uq__stream__person_seq",
            unique=True,
        ),
    ),
    "idempotency": (
        IndexModel(
            [("begun_at", ASCENDING)],
            name="ttl__idempotency",
            expireAfterSeconds=int(IDEMPOTENCY_KEPT.total_seconds()),
        ),
    ),
}


def ensure_indexes(database: Database[Document]) -> None:
    """Create what is missing; existing ones are left alone."""
    for collection, models in INDEXES.items():
        database[collection].create_indexes(list(models))
