"""A service's read copy of the organisation, and its index in memory.

The rows lie in the service's own store (`CopyStore`: PostgreSQL in
`organisation_copy_sql`, MongoDB in `organisation_copy_mongo`), are filled by the RPC
``directory.snapshot`` and kept by the event ``directory.changed.v1``. Each row has a
version handed out in commit order; a row is replaced only by a newer one, so events
may arrive in any order, twice, or before the snapshot they follow.

The store counts its changes (`revision`); every process compares that number twice a
second and rebuilds its index when it moved. A call asks the index and nothing else.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Protocol
from uuid import UUID

import msgspec

from chassis.organisation import Organisation
from contracts import codec
from contracts.directory import (
    Assignment,
    Delegation,
    DirectoryChanged,
    Person,
    Position,
    RowKind,
    Snapshot,
    Unit,
)
from contracts.errors import Unavailable

#: kind -> (struct, its key, the field of snapshots and events that lists it)
ROWS: dict[RowKind, tuple[type[msgspec.Struct], str, str]] = {
    RowKind.UNIT: (Unit, "unit_id", "units"),
    RowKind.POSITION: (Position, "position_id", "positions"),
    RowKind.PERSON: (Person, "person_id", "people"),
    RowKind.ASSIGNMENT: (Assignment, "assignment_id", "assignments"),
    RowKind.DELEGATION: (Delegation, "delegation_id", "delegations"),
}


class CopyRow(NamedTuple):
    """One row as stored; `body` is None for a tombstone."""

    kind: str
    row_id: UUID
    version: int
    body: dict[str, Any] | None


class RowReader(Protocol):
    """Rows and a number that moves whenever one of them changes."""

    def revision(self) -> int:
        """How often the rows changed; 0 = nobody filled them yet."""

    def rows(self) -> list[tuple[str, dict[str, Any]]]:
        """``(kind, body)`` of every row that is not a tombstone."""

    def close(self) -> None:
        """Let go of the store's connections."""


class CopyStore(RowReader, Protocol):
    """Where a service keeps its copy."""

    def apply(self, rows: Iterable[CopyRow], synced_to: int | None = None) -> None:
        """Keep the rows that are newer; count a change; note how far a snapshot went."""

    def replace(self, rows: Iterable[CopyRow], synced_to: int) -> None:
        """Forget everything and keep these (the directory went back in time)."""

    def synced_to(self) -> int:
        """The directory's revision up to which a snapshot made the copy complete."""


def rows_of(changes: Snapshot | DirectoryChanged) -> list[CopyRow]:
    """The rows of a snapshot or event, in one fixed order (no deadlocks)."""
    rows = [
        CopyRow(kind.value, getattr(row, key), row.version, codec.dump(row))
        for kind, (_, key, field) in ROWS.items()
        for row in getattr(changes, field)
    ]
    gone = [
        CopyRow(row.kind.value, row.row_id, row.version, None)
        for row in changes.removed
    ]
    return sorted([*rows, *gone], key=lambda row: (row.kind, row.row_id))


def organisation_of(rows: Iterable[tuple[str, Mapping[str, Any]]]) -> Organisation:
    """Build the index from stored rows."""
    found: dict[str, list[Any]] = {field: [] for _, _, field in ROWS.values()}
    for kind, body in rows:
        struct, _, field = ROWS[RowKind(kind)]
        found[field].append(msgspec.convert(body, struct))
    return Organisation(**found)


class OrganisationIndex:
    """The index of one process over stored rows; safe to call from anywhere."""

    def __init__(self, reader: RowReader) -> None:
        self._reader = reader
        self._seen = 0
        self._organisation: Organisation | None = None
        self._building = threading.Lock()

    def __call__(self) -> Organisation:
        """The organisation as this process knows it (at most 2 s old).

        Raises: Unavailable before the rows were ever filled.
        """
        if self._organisation is None:
            self.refresh()
        if self._organisation is None:
            raise Unavailable(retry_after=2, missing="organisation")
        return self._organisation

    @property
    def filled(self) -> bool:
        return self._organisation is not None

    def close(self) -> None:
        self._reader.close()

    def refresh(self) -> None:
        """Rebuild the index when the rows changed since."""
        with self._building:
            revision = self._reader.revision()
            if revision not in (0, self._seen):
                # read after the number: rows may be newer than it, never older
                self._organisation = organisation_of(self._reader.rows())
                self._seen = revision


class OrganisationCopy(OrganisationIndex):
    """The index over a copy that follows the directory's events and snapshots."""

    def __init__(self, store: CopyStore) -> None:
        super().__init__(store)
        self.store = store
        self._complete_again_at = 0.0

    def due(self, monotonic: float) -> bool:
        """Whether it is time to ask the directory for a snapshot (again)."""
        return monotonic >= self._complete_again_at

    def ask_again_at(self, monotonic: float) -> None:
        self._complete_again_at = monotonic

    def apply(self, data: Mapping[str, Any]) -> None:
        """Take in the data of one ``directory.changed.v1``."""
        self.store.apply(rows_of(codec.load(DirectoryChanged, data)))
        self.refresh()

    def fill(self, snapshot: Mapping[str, Any]) -> bool:
        """Take in ``directory.snapshot(since=synced_to)``.

        False when the directory is older than the copy (it was restored from a
        backup): ask again from 0 and `refill`.
        """
        found = codec.load(Snapshot, snapshot)
        known, rows = self.store.synced_to(), rows_of(found)
        if found.revision < known:
            return False
        if rows or found.revision > known:  # else every index would be built again
            self.store.apply(rows, synced_to=found.revision)
            self.refresh()
        return True

    def refill(self, snapshot: Mapping[str, Any]) -> None:
        """Replace the whole copy by a full snapshot."""
        found = codec.load(Snapshot, snapshot)
        self.store.replace(rows_of(found), synced_to=found.revision)
        self.refresh()
