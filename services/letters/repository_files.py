"""File rows: recorded when uploaded, attached once, collected when left alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contracts.errors import FieldError, Invalid
from services.letters.orm import file


class Files:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, **values: Any) -> None:
        self._session.execute(sa.insert(file).values(**values))

    def attach(
        self,
        file_ids: Sequence[UUID],
        *,
        uploaded_by: str,
        letter_id: UUID,
        report_id: UUID | None = None,
    ) -> None:
        """Take the caller's own, unattached files; conditional, so that two letters
        never get the same one. Raises: Invalid naming the ones that are not."""
        if not file_ids:
            return
        ids = [str(one) for one in file_ids]
        statement = sa.text(
            "UPDATE file SET letter_id = :letter_id, report_id = :report_id,"
            " place = array_position(CAST(:ids AS uuid[]), file_id)"
            " WHERE file_id = ANY(CAST(:ids AS uuid[])) AND letter_id IS NULL"
            " AND uploaded_by = :uploaded_by RETURNING file_id"
        )
        values = {
            "ids": ids,
            "letter_id": letter_id,
            "report_id": report_id,
            "uploaded_by": uploaded_by,
        }
        taken = set(self._session.scalars(statement, values))
        if len(taken) != len(file_ids):
            raise Invalid(errors=_not_taken(file_ids, taken))

    def collect(self, older_than: datetime, limit: int) -> list[str]:
        """Delete rows never attached; the hashes nobody refers to any more."""
        statement = sa.text(
            "WITH gone AS (DELETE FROM file WHERE file_id IN (SELECT file_id FROM file"
            " WHERE letter_id IS NULL AND uploaded_at < :older_than ORDER BY"
            " uploaded_at LIMIT :limit FOR UPDATE SKIP LOCKED)"
            " RETURNING file_id, sha256)"
            " SELECT DISTINCT sha256 FROM gone WHERE NOT EXISTS (SELECT FROM file f"
            " WHERE f.sha256 = gone.sha256 AND f.file_id NOT IN"
            " (SELECT file_id FROM gone))"
        )
        values = {"older_than": older_than, "limit": limit}
        return list(self._session.scalars(statement, values))


def _not_taken(file_ids: Sequence[UUID], taken: set[UUID]) -> list[FieldError]:
    """Unknown, foreign, attached already, or named twice."""
    seen: set[UUID] = set()
    errors: list[FieldError] = []
    for index, file_id in enumerate(file_ids):
        if file_id not in taken or file_id in seen:
            message = "Berkas tidak dikenal atau sudah dipakai"
            errors.append({"field": f"/file_ids/{index}", "message": message})
        seen.add(file_id)
    return errors
