"""The read copy of the organisation in a service's MongoDB database (notify)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pymongo import UpdateOne
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from chassis.organisation_copy import CopyRow

_DUPLICATE_KEY = 11000
_STATE = "state"


class MongoCopyStore:
    """`CopyStore` on two collections; rows first, then the count of changes.

    There is no transaction over several documents. A reader that sees half of a
    change rebuilds again when the count moves, and a writer that dies between is
    repeated by the event's redelivery or by the next snapshot.
    """

    def __init__(self, db: Database[dict[str, Any]]) -> None:
        self._rows: Collection[dict[str, Any]] = db["organisation_row"]
        self._state: Collection[dict[str, Any]] = db["organisation_state"]

    def apply(self, rows: Iterable[CopyRow], synced_to: int | None = None) -> None:
        self._upsert_newer(list(rows))
        self._count_change(synced_to)

    def replace(self, rows: Iterable[CopyRow], synced_to: int) -> None:
        self._rows.delete_many({})
        self._upsert_newer(list(rows))
        self._state.update_one(
            {"_id": _STATE},
            {"$inc": {"revision": 1}, "$set": {"synced_to": synced_to}},
            upsert=True,
        )

    def revision(self) -> int:
        state = self._read()
        return int(state.get("revision", 0)) if state.get("synced_to") else 0

    def synced_to(self) -> int:
        return int(self._read().get("synced_to", 0))

    def rows(self) -> list[tuple[str, dict[str, Any]]]:
        found = self._rows.find({"body": {"$ne": None}})
        return [(row["kind"], row["body"]) for row in found]

    def close(self) -> None:
        self._rows.database.client.close()

    def _read(self) -> dict[str, Any]:
        return self._state.find_one({"_id": _STATE}) or {}

    def _count_change(self, synced_to: int | None) -> None:
        change: dict[str, Any] = {"$inc": {"revision": 1}}
        if synced_to is not None:
            change["$max"] = {"synced_to": synced_to}
        self._state.update_one({"_id": _STATE}, change, upsert=True)

    def _upsert_newer(self, rows: list[CopyRow]) -> None:
        """A row as new or newer makes the upsert collide with itself: left alone."""
        if not rows:
            return
        try:
            self._rows.bulk_write([_newer(row) for row in rows], ordered=False)
        except BulkWriteError as error:
            failed = (error.details or {}).get("writeErrors", [])
            if any(row["code"] != _DUPLICATE_KEY for row in failed):
                raise


def _newer(row: CopyRow) -> UpdateOne:
    return UpdateOne(
        {"_id": f"{row.kind}/{row.row_id}", "version": {"$lt": row.version}},
        {"$set": {"kind": row.kind, "version": row.version, "body": row.body}},
        upsert=True,
    )
