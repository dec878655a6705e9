"""What is read of a page, and how much at most."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

MOST_PAGES = 500
MOST_OF_PAGE = 16_000  # characters
_KEPT = "\n\t"


class Unreadable(Exception):
    """The file is not what it was judged to be; `reason` is a short code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class PageRead:
    """`state`: ready, failed, no_ocr; `source` (text_layer, ocr) only when ready."""

    page: int
    state: str
    source: str | None
    text: str


def ready(page: int, text: str, source: str = "text_layer") -> PageRead:
    return PageRead(page, "ready", source, tidy(text))


def tidy(text: str) -> str:
    """Bounded, composed, without control characters and endless blank lines."""
    composed = unicodedata.normalize("NFC", text[:MOST_OF_PAGE])
    plain = "".join(
        each
        for each in composed.replace("\r\n", "\n").replace("\r", "\n")
        if each in _KEPT or unicodedata.category(each) not in ("Cc", "Cs", "Co", "Cn")
    )
    lines = [line.rstrip() for line in plain.split("\n")]
    kept = [
        line
        for number, line in enumerate(lines)
        if line or (number and lines[number - 1])
    ]
    return "\n".join(kept).strip()[:MOST_OF_PAGE]
