"""Finding: why a letter was found, the text of a page, letters that look the same."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

import msgspec

from contracts.fields import Line, Request, ShortLine
from contracts.letters.resources import LetterSummary


class MatchedOn(StrEnum):
    """`facts`: number, agenda number, subject, summary or sender; `file`: its text."""

    FACTS = "facts"
    FILE = "file"


class SnippetPart(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of text, and whether it is one of the words looked for."""

    text: str
    found: bool = False


class Match(msgspec.Struct, kw_only=True):
    """Where the words of a search stand. `file_id`, `page` and `snippet` only for
    matches in a file, never for letters `rahasia` and above."""

    on: MatchedOn
    file_id: UUID | None = None
    page: int | None = None
    snippet: list[SnippetPart] = []


class FoundLetter(LetterSummary, kw_only=True):
    """A line of a list of letters; `match` only when words were looked for."""

    match: Match | None = None


class TextState(StrEnum):
    """`no_ocr`: a scan, and this installation cannot read scans (yet)."""

    READY = "ready"
    PENDING = "pending"
    FAILED = "failed"
    NO_OCR = "no_ocr"


class TextSource(StrEnum):
    TEXT_LAYER = "text_layer"
    OCR = "ocr"


class PageText(msgspec.Struct, kw_only=True):
    """The text of a page; `source` is null unless `state` is `ready`."""

    file_id: UUID
    page: int
    text: str
    source: TextSource | None
    state: TextState


class SimilarQuery(Request):
    """What a registrar has typed so far; asked by the portal before saving."""

    number: ShortLine | None = None
    sender_name: Line | None = None
    subject: Line | None = None
    dated_on: date | None = None
