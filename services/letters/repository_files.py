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

# A trigger takes words in when a file comes; when one goes, they are found no more.
_FORGET_WORDS = sa.text("SELECT keep_words_of_files(:letter_id)")


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

    def of_letter(self, letter_id: UUID) -> list[UUID]:
        """The letter's own files, in reading order; not those of reports."""
        query = sa.select(file.c.file_id).where(
            file.c.letter_id == letter_id, file.c.report_id.is_(None)
        )
        return list(self._session.scalars(query.order_by(file.c.place, file.c.file_id)))

    def hashes(self, letter_id: UUID) -> list[str]:
        """SHA-256 of the letter's own files, in reading order."""
        query = sa.select(file.c.sha256).where(
            file.c.letter_id == letter_id, file.c.report_id.is_(None)
        )
        return list(self._session.scalars(query.order_by(file.c.place, file.c.file_id)))

    def first_of(self, letter_id: UUID) -> sa.RowMapping | None:
        """The letter's first own file."""
        query = sa.select(file).where(
            file.c.letter_id == letter_id, file.c.report_id.is_(None)
        )
        ordered = query.order_by(file.c.place, file.c.file_id).limit(1)
        return self._session.execute(ordered).mappings().first()

    def share(
        self,
        file_ids: Sequence[UUID],
        *,
        letter_id: UUID,
        uploaded_by: str,
        ids: Sequence[UUID],
    ) -> None:
        """The same blobs on another letter, in this order."""
        statement = sa.text(
            "INSERT INTO file (file_id, sha256, size_bytes, media_type, filename,"
            " page_count, uploaded_by, uploaded_at, letter_id, place)"
            " SELECT n.new_id, f.sha256, f.size_bytes, f.media_type, f.filename,"
            " f.page_count, :uploaded_by, f.uploaded_at, :letter_id, n.place"
            " FROM unnest(CAST(:old AS uuid[]), CAST(:new AS uuid[])) WITH ORDINALITY"
            " AS n(old_id, new_id, place) JOIN file f ON f.file_id = n.old_id"
        )
        values = {
            "old": [str(one) for one in file_ids],
            "new": [str(one) for one in ids],
            "letter_id": letter_id,
            "uploaded_by": uploaded_by,
        }
        if file_ids:
            self._session.execute(statement, values)

    def has_reports_files(self, letter_id: UUID) -> bool:
        query = sa.select(file.c.file_id).where(
            file.c.letter_id == letter_id, file.c.report_id.is_not(None)
        )
        return self._session.execute(query.limit(1)).first() is not None

    def detach(self, letter_id: UUID, file_ids: Sequence[UUID]) -> None:
        """Take files off the letter; the collector removes them like any left alone."""
        if file_ids:
            self._session.execute(
                sa.update(file)
                .where(file.c.letter_id == letter_id, file.c.file_id.in_(file_ids))
                .values(letter_id=None, place=0)
            )
            self._session.execute(_FORGET_WORDS, {"letter_id": letter_id})

    def order(self, file_ids: Sequence[UUID]) -> None:
        """Reading order as listed."""
        ids = [str(one) for one in file_ids]
        self._session.execute(
            sa.text(
                "UPDATE file SET place = array_position(CAST(:ids AS uuid[]), file_id)"
                " WHERE file_id = ANY(CAST(:ids AS uuid[]))"
            ),
            {"ids": ids},
        )

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
