"""The jobs that read files, and what they read; by the content's hash.

A job is claimed by moving its next turn behind the lease, in a transaction of its own:
whoever dies over it, the next turn comes. Times are the database's, so that copies of
the service with different clocks agree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.letters import orm_search
from services.letters.text.model import PageRead

LEASE_SECONDS = 90
_CLAIM = sa.text(
    """
    UPDATE file_text SET attempts = attempts + 1,
        next_at = now() + make_interval(secs => :lease)
    WHERE sha256 = (
        SELECT sha256 FROM file_text WHERE next_at <= now()
            AND state IN ('pending', 'no_ocr') AND (state = 'pending' OR :can_ocr)
        ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING sha256, media_type, attempts
    """
)
_DONE = sa.text(
    "SELECT page FROM file_page_text WHERE sha256 = :sha256 AND state <> 'no_ocr'"
)
_END = sa.text(
    """
    UPDATE file_text SET state = :state, reason = :reason, pages = (
            SELECT max(page) FROM file_page_text WHERE sha256 = :sha256),
        attempts = CASE WHEN :counts THEN attempts ELSE 0 END,
        next_at = now() + make_interval(secs => :pause)
    WHERE sha256 = :sha256
    """
)
_LOCK = sa.text("SELECT FROM file_text WHERE sha256 = :sha256 FOR UPDATE")
_LETTERS = sa.text(
    "SELECT DISTINCT letter_id FROM file WHERE sha256 = :sha256"
    " AND letter_id IS NOT NULL AND report_id IS NULL ORDER BY letter_id"
)
_INDEX = sa.text("SELECT keep_words_of_files(:letter_id)")
_HAS_NO_OCR = sa.text(
    "SELECT EXISTS (SELECT FROM file_page_text"
    " WHERE sha256 = :sha256 AND state = 'no_ocr')"
)
# A page that was not read although the file was: it lies behind what is read at most.
_PAGES = """
    SELECT f.file_id, n.page, coalesce(p.text, '') AS text, p.source,
        coalesce(p.state, CASE WHEN t.state = 'ready' THEN 'failed' ELSE t.state END,
            'pending') AS state
    FROM file f LEFT JOIN file_text t ON t.sha256 = f.sha256
    CROSS JOIN LATERAL generate_series({pages}) AS n(page)
    LEFT JOIN file_page_text p ON p.sha256 = f.sha256 AND p.page = n.page
    WHERE f.letter_id = :letter_id AND {files}
        AND n.page <= coalesce(f.page_count, t.pages, 1)
    ORDER BY f.place, f.file_id, n.page
"""
_PAGE = sa.text(_PAGES.format(pages=":page, :page", files="f.file_id = :file_id"))
_FIRST_PAGES = sa.text(_PAGES.format(pages="1, :most", files="f.report_id IS NULL"))
_WAITING = sa.text(
    "SELECT count(*) FROM file_text WHERE state IN ('pending', 'no_ocr')"
    " AND (state = 'pending' OR :can_ocr)"
)


@dataclass(frozen=True)
class Job:
    sha256: str
    media_type: str
    attempts: int


class Texts:
    def __init__(self, session: Session) -> None:
        self._session = session

    def claim(self, *, can_ocr: bool) -> Job | None:
        """The next file to read, ours until the lease ends."""
        values = {"can_ocr": can_ocr, "lease": LEASE_SECONDS}
        row = self._session.execute(_CLAIM, values).mappings().first()
        return Job(**row) if row else None

    def done_pages(self, sha256: str) -> set[int]:
        return set(self._session.scalars(_DONE, {"sha256": sha256}))

    def keep(self, sha256: str, pages: Iterable[PageRead]) -> None:
        """Store pages; one that had to wait for OCR is overwritten."""
        self._session.execute(_LOCK, {"sha256": sha256})
        rows = [{"sha256": sha256, **asdict(page)} for page in pages]
        if rows:
            table = orm_search.file_page_text
            statement = insert(table)
            new = {
                name: statement.excluded[name] for name in ("state", "source", "text")
            }
            self._session.execute(
                statement.on_conflict_do_update(
                    index_elements=["sha256", "page"], set_=new
                ),
                rows,
            )

    def end(
        self,
        sha256: str,
        state: str,
        *,
        reason: str | None = None,
        pause: float = 0,
        counts: bool = False,
    ) -> None:
        """How this turn ended; `counts`: as an attempt that brought nothing."""
        values = {"state": state, "reason": reason, "pause": pause, "counts": counts}
        self._session.execute(_END, {**values, "sha256": sha256})

    def lacks_ocr(self, sha256: str) -> bool:
        return bool(self._session.scalar(_HAS_NO_OCR, {"sha256": sha256}))

    def index_letters(self, sha256: str) -> None:
        """Let every letter with this file be found by its words."""
        for letter_id in self._session.scalars(_LETTERS, {"sha256": sha256}).all():
            self._session.execute(_INDEX, {"letter_id": letter_id})

    def waiting(self, *, can_ocr: bool) -> int:
        return self._session.scalar(_WAITING, {"can_ocr": can_ocr}) or 0

    def page(self, letter_id: UUID, file_id: UUID, page: int) -> Any:
        """A page, read or not; None when the file has no such page."""
        values = {"letter_id": letter_id, "file_id": file_id, "page": page}
        return self._session.execute(_PAGE, values).mappings().first()

    def first_pages(self, letter_id: UUID, most: int) -> list[Any]:
        """The first pages of each of a letter's own files."""
        values = {"letter_id": letter_id, "most": most}
        return list(self._session.execute(_FIRST_PAGES, values).mappings())
