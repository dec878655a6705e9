"""A `CopyStore` in memory, as strict as the real ones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from chassis.organisation_copy import CopyRow


class FakeCopyStore:
    def __init__(self) -> None:
        self._rows: dict[tuple[str, UUID], CopyRow] = {}
        self._revision = 0
        self._synced_to = 0

    def apply(self, rows: Iterable[CopyRow], synced_to: int | None = None) -> None:
        for row in rows:
            kept = self._rows.get((row.kind, row.row_id))
            if kept is None or kept.version < row.version:
                self._rows[row.kind, row.row_id] = row
        self._revision += 1
        self._synced_to = max(self._synced_to, synced_to or 0)

    def replace(self, rows: Iterable[CopyRow], synced_to: int) -> None:
        self._rows.clear()
        self.apply(rows)
        self._synced_to = synced_to

    def revision(self) -> int:
        return self._revision if self._synced_to else 0

    def synced_to(self) -> int:
        return self._synced_to

    def rows(self) -> list[tuple[str, dict[str, Any]]]:
        kept = sorted(self._rows.values(), key=lambda row: (row.kind, row.row_id))
        return [(row.kind, row.body) for row in kept if row.body is not None]

    def close(self) -> None:
        pass
