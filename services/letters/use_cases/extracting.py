"""Read the text of files in the background, and show the text of a page.

Registering never waits for it: a trigger leaves a job with the file's row. A turn is
two short transactions with the reading between them, so it holds no connection and no
lock while it works, and one that dies is taken up again after its lease.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog

from chassis.unit_of_work import repeatable
from contracts.errors import NotFound
from contracts.letters.search import PageText, TextSource, TextState
from services.letters import metrics
from services.letters.caller import Caller
from services.letters.repository_texts import Job, Texts
from services.letters.text import errand, ocr
from services.letters.text.errand import Outcome
from services.letters.unit_of_work import LettersUnitOfWork
from services.letters.use_cases.finding import see
from services.letters.use_cases.reading import get_letter_file, note_view

log = structlog.get_logger(__name__)

MOST_ATTEMPTS = 3
PAUSE_SECONDS = 20.0  # after a turn that brought nothing; grows with the attempts
_ASK_AGAIN = 60.0
SHOWN_PAGES = 12

Fetch = Callable[[str, Path], bool]
"""Writes a blob to a path; False when there is none. Raises: OSError and its like."""
Opener = Callable[[], LettersUnitOfWork]


class Extractor:
    """Reads one file after the other; `fetch` brings their bytes."""

    def __init__(self, open_uow: Opener, fetch: Fetch) -> None:
        self._open_uow = open_uow
        self._fetch = fetch
        self._asked_at = -_ASK_AGAIN
        self._can_ocr = False

    def work(self, seconds: float) -> int:
        """Turns until there is nothing to do or `seconds` are over; their number."""
        end, turns = time.monotonic() + seconds, 0
        while time.monotonic() < end and self.turn():
            turns += 1
        return turns

    def turn(self) -> bool:
        """Claim a file, read it or a part of it; False when none waits."""
        with self._open_uow() as uow:
            texts = Texts(uow.session)
            job = texts.claim(can_ocr=self.can_ocr)
            done = texts.done_pages(job.sha256) if job else set()
            metrics.texts_waiting.set(texts.waiting(can_ocr=self.can_ocr))
            uow.commit()
        if job is None:
            return False
        outcome = self._read(job, done)
        repeatable(partial(self._settle, job, outcome))
        return True

    def _settle(self, job: Job, outcome: Outcome) -> None:
        with self._open_uow() as uow:
            _settle(Texts(uow.session), job, outcome)
            uow.commit()

    @property
    def can_ocr(self) -> bool:
        """Asked anew every minute: Tesseract may be installed any time."""
        if time.monotonic() - self._asked_at >= _ASK_AGAIN:
            self._asked_at, self._can_ocr = time.monotonic(), ocr.is_installed()
        return self._can_ocr

    def _read(self, job: Job, done: set[int]) -> Outcome:
        if job.attempts > MOST_ATTEMPTS:  # those before died with the whole process
            return Outcome("unreadable", "gave_up")
        with tempfile.NamedTemporaryFile(prefix="rakat-text-") as file:
            try:
                if not self._fetch(job.sha256, Path(file.name)):
                    return Outcome("unreadable", "missing")
            except Exception as error:  # border: whatever the blob store raises
                log.warning("blob not read", error=type(error).__name__)
                return Outcome("postponed")
            return errand.read(
                Path(file.name), job.media_type, done=done, can_ocr=self.can_ocr
            )


def _settle(texts: Texts, job: Job, outcome: Outcome) -> None:
    texts.keep(job.sha256, outcome.pages)
    state, reason = _state_after(texts, job, outcome)
    pause = PAUSE_SECONDS * job.attempts if reason and state == "pending" else 0
    counts = not outcome.pages and outcome.end == "lost"
    texts.end(job.sha256, state, reason=reason, pause=pause, counts=counts)
    if outcome.pages:
        texts.index_letters(job.sha256)
    for page in outcome.pages:
        metrics.pages_read.labels(page.source or page.state).inc()
    metrics.texts_read.labels(state if state != "pending" else outcome.end).inc()


def _state_after(texts: Texts, job: Job, outcome: Outcome) -> tuple[str, str | None]:
    if outcome.end == "done":
        return ("no_ocr" if texts.lacks_ocr(job.sha256) else "ready"), None
    if outcome.end == "more":
        return "pending", None
    if outcome.end == "unreadable":
        return "failed", outcome.reason
    if outcome.end == "lost" and not outcome.pages and job.attempts >= MOST_ATTEMPTS:
        return "failed", "too_heavy"
    return "pending", outcome.end


# ---- what was read ---------------------------------------------------------------


def get_page_text(
    uow: LettersUnitOfWork, caller: Caller, letter_id: UUID, file_id: UUID, page: int
) -> PageText:
    """The text of a page, for who may see the file; its read is recorded as the
    file's. Raises: NotFound."""
    get_letter_file(uow, caller, letter_id, file_id)
    found = Texts(uow.session).page(letter_id, file_id, page)
    if found is None:
        raise NotFound
    return _page_text(found)


def list_page_texts(
    uow: LettersUnitOfWork, caller: Caller, letter_id: UUID
) -> list[PageText]:
    """The first pages of each of a letter's own files; the read is recorded."""
    secrecy = see(uow, caller, letter_id)
    note_view(uow, caller, letter_id, secrecy, "text")
    rows = Texts(uow.session).first_pages(letter_id, SHOWN_PAGES)
    return [_page_text(row) for row in rows]


def _page_text(row: Any) -> PageText:
    return PageText(
        file_id=row["file_id"],
        page=row["page"],
        text=row["text"],
        source=TextSource(row["source"]) if row["source"] else None,
        state=TextState(row["state"]),
    )
