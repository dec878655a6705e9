"""A drawer of blobs for tests of texts, and letters that carry them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from contracts.letters import Letter, RecordFile
from services.letters.text import office
from services.letters.unit_of_work import opener
from services.letters.use_cases import storing
from services.letters.use_cases.extracting import Extractor
from tests.integration.letters.desk import Desk

PDF = "application/pdf"
DOCX = office.DOCX
_SHELL = """#!/bin/sh
if [ "$1" = --list-langs ]; then echo 'List of available languages (2):'; echo ind
else cat > /dev/null; {act}; fi
"""


class Drawer:
    """Keeps blobs by hash and gives them out, as the blob store does."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.blobs: dict[str, bytes] = {}
        self.fetched = 0

    def fetch(self, sha256: str, path: Path) -> bool:
        self.fetched += 1
        if sha256 not in self.blobs:
            return False
        path.write_bytes(self.blobs[sha256])
        return True

    def extractor(self) -> Extractor:
        open_uow = opener(self.desk.database, lambda: self.desk.now)
        return Extractor(open_uow, self.fetch)

    def put(self, content: bytes, media_type: str = PDF, **facts: Any) -> UUID:
        """Record a file of the registrar's; it is not attached yet."""
        sha256 = hashlib.sha256(content).hexdigest()
        self.blobs[sha256] = content
        who = facts.pop("who", "tu.setda")
        body = RecordFile(
            sha256=sha256,
            size_bytes=len(content),
            media_type=media_type,
            filename="surat.pdf",
            **{"page_count": 1, **facts},
        )
        return self.desk.do(who, storing.record_file, body).file_id

    def letter(self, *contents: bytes, **changes: Any) -> Letter:
        """A letter with these PDFs, a page each unless `page_count` says more."""
        pages = changes.pop("page_count", 1)
        kind = changes.pop("media_type", PDF)
        ids = [self.put(one, kind, page_count=pages) for one in contents]
        return self.desk.register(file_ids=[str(one) for one in ids], **changes)

    def state_of(self, content: bytes) -> tuple[str, str | None, int]:
        """State, reason and attempts of a file's job."""
        query = sa.text(
            "SELECT state, reason, attempts FROM file_text WHERE sha256 = :sha256"
        )
        sha256 = hashlib.sha256(content).hexdigest()
        with self.desk.database.session() as session:
            row = session.execute(query, {"sha256": sha256}).one()
            return row.state, row.reason, row.attempts

    def let_time_pass(self) -> None:
        """Every lease and pause is over."""
        with self.desk.database.session() as session:
            session.execute(sa.text("UPDATE file_text SET next_at = now()"))
            session.commit()


@contextmanager
def tesseract(
    folder: Path, patch: pytest.MonkeyPatch, act: str | None
) -> Iterator[None]:
    """A machine with a Tesseract that does `act`, or (None) without any.

    Tesseract is not ours: what it prints is its own business, how it is called and
    what becomes of its failures is tested with it; the real one has its own test.
    """
    folder.mkdir(exist_ok=True)
    if act is not None:
        script = folder / "tesseract"
        script.write_text(_SHELL.replace("{act}", act))
        script.chmod(0o755)
        for name in ("cat", "sleep"):
            (folder / name).symlink_to(f"/bin/{name}")
    with patch.context() as here:
        here.setenv("PATH", str(folder))
        yield
