"""Each person's stream: numbers without a hole, given by one writer at a time.

A notification is stored first, marked `pending`; the writer then

1. inserts its place in the stream, at watermark + 1 …, in order,
2. moves the watermarks, each only from where it was seen,
3. tells who listens (a hint, may be lost), and
4. takes the mark away.

Whatever dies in between, the mark is still there and the next writer goes on: a
place is given once (`_id` is the notification) and to one only (unique person and
number), a number is inserted only after all before it, and readers stop at the
watermark. So two writers can slow each other down, never break the order.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from pymongo import ASCENDING, UpdateOne
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from services.notify.documents import Document, Entry, to_entry

log = logging.getLogger(__name__)

BATCH = 500

Store = Database[Document]
Tell = Callable[[Sequence[Entry]], None]


class Collision(Exception):
    """Somebody else wrote in between; look again before going on."""


class StreamWriter:
    """Gives pending notifications their places; `append` once per round."""

    def __init__(self, store: Store, tell: Tell) -> None:
        self._notifications = store["notifications"]
        self._stream = store["stream"]
        self._watermarks = store["watermarks"]
        self._tell = tell
        self._careful = True  # places of a predecessor may lie beyond watermarks

    def distrust(self) -> None:
        """After a take-over or any fault: look for places already given."""
        self._careful = True

    def append(self, token: int) -> int:
        """Place one batch; returns how many, 0 when nothing is pending."""
        pending = self._pending()
        if not pending:
            return 0
        try:
            entries = self._place(pending, token)
        except (Collision, BulkWriteError) as error:
            self.distrust()
            log.warning("stream writer collided", extra={"error": type(error).__name__})
            return len(pending)
        self._careful = False
        self._tell(entries)
        self._settle(pending)
        return len(pending)

    def _pending(self) -> list[Document]:
        found = self._notifications.find({"pending": True})
        return list(found.sort("_id", ASCENDING).limit(BATCH))

    def _place(self, pending: Sequence[Document], token: int) -> list[Entry]:
        watermarks = read_watermarks(self._watermarks, _people(pending))
        placed = self._already_placed(pending, watermarks) if self._careful else {}
        places = _plan(pending, watermarks, placed)
        fresh = [place for place in places if place["_id"] not in placed]
        if fresh:
            self._stream.insert_many(fresh, ordered=True)
        self._move(watermarks, [*places, *placed.values()], token)
        numbers = {place["_id"]: place["seq"] for place in [*placed.values(), *places]}
        entries = [to_entry(document, numbers[document["_id"]]) for document in pending]
        return sorted(entries, key=lambda entry: entry.seq)

    def _already_placed(
        self, pending: Sequence[Document], watermarks: dict[UUID, int]
    ) -> dict[UUID, Document]:
        """Places of `pending`, and any beyond the watermark of their readers."""
        ids = [document["_id"] for document in pending]
        found = {
            place["_id"]: place for place in self._stream.find({"_id": {"$in": ids}})
        }
        for person_id, seq in watermarks.items():
            beyond = {"person_id": person_id, "seq": {"$gt": seq}}
            found |= {place["_id"]: place for place in self._stream.find(beyond)}
        return found

    def _move(
        self, watermarks: dict[UUID, int], places: Iterable[Document], token: int
    ) -> None:
        tops = dict(watermarks)
        for place in places:
            person_id = place["person_id"]
            tops[person_id] = max(tops[person_id], place["seq"])
        moves = [
            _move_one(person_id, watermarks[person_id], top, token)
            for person_id, top in tops.items()
            if top > watermarks[person_id]
        ]
        if not moves:
            return
        done = self._watermarks.bulk_write(moves, ordered=False)
        if done.matched_count + done.upserted_count < len(moves):
            raise Collision

    def _settle(self, pending: Sequence[Document]) -> None:
        ids = [document["_id"] for document in pending]
        self._notifications.update_many(
            {"_id": {"$in": ids}}, {"$unset": {"pending": ""}}
        )


def read_watermarks(watermarks: Any, people: Iterable[UUID]) -> dict[UUID, int]:
    """How far each of `people` may read; 0 for who never got anything."""
    found = dict.fromkeys(people, 0)
    for mark in watermarks.find({"_id": {"$in": list(found)}}):
        found[mark["_id"]] = mark["seq"]
    return found


def _people(pending: Iterable[Document]) -> set[UUID]:
    return {document["person_id"] for document in pending}


def _plan(
    pending: Iterable[Document],
    watermarks: dict[UUID, int],
    placed: dict[UUID, Document],
) -> list[Document]:
    """The next numbers for those without a place, oldest first."""
    tops: dict[UUID, int] = defaultdict(int, watermarks)
    for place in placed.values():
        tops[place["person_id"]] = max(tops[place["person_id"]], place["seq"])
    places = []
    for document in pending:
        if document["_id"] not in placed:
            person_id = document["person_id"]
            tops[person_id] += 1
            places.append(
                {"_id": document["_id"], "person_id": person_id, "seq": tops[person_id]}
            )
    return places


def _move_one(person_id: UUID, seen: int, top: int, token: int) -> UpdateOne:
    """Only from where it was seen, and never by an older token."""
    if seen == 0:
        return UpdateOne(
            {"_id": person_id, "seq": 0},
            {"$set": {"seq": top, "token": token}},
            upsert=True,
        )
    return UpdateOne(
        {"_id": person_id, "seq": seen, "token": {"$lte": token}},
        {"$set": {"seq": top, "token": token}},
    )
