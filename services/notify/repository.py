"""Notifications as the use cases and views see them, over MongoDB.

A person's id stands in every query: nobody reaches another's notification.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database
from pymongo.errors import BulkWriteError, DuplicateKeyError

from contracts.notify import Notification
from services.notify.documents import (
    Document,
    Entry,
    from_edge,
    to_edge,
    to_entry,
    to_notification,
)
from services.notify.domain.redacting import Edge
from services.notify.stream import read_watermarks

_DUPLICATE_KEY = 11000


class Notifications:
    """All access to `notifications`, `stream` and `watermarks` but the writer's."""

    def __init__(self, database: Database[Document]) -> None:
        self._notifications = database["notifications"]
        self._stream = database["stream"]
        self._watermarks = database["watermarks"]
        self._edges = database["edges"]

    # ---- commands ----------------------------------------------------------------

    def add_missing(self, documents: Sequence[Document]) -> int:
        """Insert those not there yet; returns how many were new.

        Returns only when every one of `documents` is stored.
        """
        if not documents:
            return 0
        try:
            self._notifications.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            return _only_duplicates(error)
        return len(documents)

    def mark_read(self, person_id: UUID, notification_id: UUID, at: datetime) -> None:
        """Once: the first reading counts."""
        self._notifications.update_one(
            {"_id": notification_id, "person_id": person_id, "read_at": None},
            {"$set": {"read_at": at}},
        )

    def mark_all_read(self, person_id: UUID, at: datetime) -> int:
        """Every unread one that was stored by then."""
        changed = self._notifications.update_many(
            {"person_id": person_id, "read_at": None, "stored_at": {"$lte": at}},
            {"$set": {"read_at": at}},
        )
        return changed.modified_count

    # ---- letters that became more secret -------------------------------------------

    def keep_edge(self, edge: Edge) -> bool:
        """Keep the latest by its `sequence`; False when a later one is known."""
        values = from_edge(edge)
        wanted = {"_id": edge.letter_id, "sequence": {"$lte": edge.sequence}}
        try:
            self._edges.update_one(wanted, {"$set": values}, upsert=True)
        except DuplicateKeyError:
            return False
        return True

    def edge_of(self, letter_id: UUID) -> Edge | None:
        found = self._edges.find_one({"_id": letter_id})
        return to_edge(found) if found else None

    def forget_letter(self, letter_id: UUID, *, but_for: Collection[UUID]) -> None:
        """Take from everybody else what he was told of the letter itself."""
        self._notifications.delete_many(
            {
                "letter_id": letter_id,
                "activity_id": None,
                "person_id": {"$nin": list(but_for)},
            }
        )

    def reword(self, letter_id: UUID, *, body: str, of_activity: str) -> None:
        for born, text in ((None, body), ({"$ne": None}, of_activity)):
            self._notifications.update_many(
                {"letter_id": letter_id, "activity_id": born}, {"$set": {"body": text}}
            )

    # ---- queries -----------------------------------------------------------------

    def get(self, person_id: UUID, notification_id: UUID) -> Notification | None:
        wanted = {"_id": notification_id, "person_id": person_id}
        found = self._notifications.find_one(wanted)
        return to_notification(found) if found else None

    def newest(
        self, person_id: UUID, *, unread: bool | None, before: UUID | None, limit: int
    ) -> list[Notification]:
        """Newest first, older than `before`."""
        wanted: dict[str, Any] = {"person_id": person_id}
        if unread is not None:
            wanted["read_at"] = None if unread else {"$ne": None}
        if before is not None:
            wanted["_id"] = {"$lt": before}
        found = self._notifications.find(wanted).sort("_id", DESCENDING).limit(limit)
        return [to_notification(document) for document in found]

    def count_unread(self, person_id: UUID) -> int:
        wanted = {"person_id": person_id, "read_at": None}
        return self._notifications.count_documents(wanted)

    def watermarks(self, people: Iterable[UUID]) -> dict[UUID, int]:
        return read_watermarks(self._watermarks, people)

    def stream_after(
        self, person_id: UUID, after: int, limit: int
    ) -> tuple[list[Entry], int]:
        """Entries after a place, never beyond the watermark read first."""
        watermark = self.watermarks([person_id])[person_id]
        if after >= watermark:
            return [], watermark
        span = {"person_id": person_id, "seq": {"$gt": after, "$lte": watermark}}
        places = list(self._stream.find(span).sort("seq", ASCENDING).limit(limit))
        ids = [place["_id"] for place in places]
        found = {each["_id"]: each for each in self._by_ids(ids)}
        entries = [
            to_entry(found[place["_id"]], place["seq"])
            for place in places
            if place["_id"] in found  # retention may have taken it
        ]
        return entries, watermark

    def _by_ids(self, ids: Sequence[UUID]) -> Iterable[Document]:
        return self._notifications.find({"_id": {"$in": ids}}) if ids else ()


def _only_duplicates(error: BulkWriteError) -> int:
    """A duplicate is done already; anything else is a failure."""
    details = error.details or {}
    failed = details.get("writeErrors", [])
    if details.get("writeConcernErrors") or any(
        each["code"] != _DUPLICATE_KEY for each in failed
    ):
        raise error
    return int(details.get("nInserted", 0))
