"""The pages of a file, one after the other, as far as this turn goes."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import pypdfium2
from PIL import Image

from services.letters.text import layer, ocr, office
from services.letters.text.model import MOST_PAGES, PageRead, Unreadable, ready

TURN_SECONDS = 8.0  # of recognising scans; the rest of the pages has another turn
_FEWEST = 8  # letters and digits that make a text layer more than a stamp


class NextTurn(Exception):
    """There are more pages, but others wait, too."""


def pages_of(
    path: Path, media_type: str, *, done: Collection[int], can_ocr: bool
) -> Iterator[PageRead]:
    """Pages not `done` yet. Raises: Unreadable; NextTurn when there is more to do."""
    turn = _Turn(can_ocr)
    if media_type == "application/pdf":
        yield from _of_pdf(path, done, turn)
    elif media_type.startswith("image/"):
        yield turn.recognised(1, lambda: ocr.opened(path))
    else:
        for number, text in enumerate(office.pieces_of(path, media_type), 1):
            if number > MOST_PAGES:
                return
            yield ready(number, text)


def _of_pdf(path: Path, done: Collection[int], turn: _Turn) -> Iterator[PageRead]:
    with layer.opened(path) as document:
        for number in range(1, min(len(document), MOST_PAGES) + 1):
            if number in done:
                continue
            try:
                with layer.page_of(document, number) as page:
                    yield _pdf_page(number, page, turn)
            except Unreadable:
                yield PageRead(number, "failed", None, "")


def _pdf_page(number: int, page: pypdfium2.PdfPage, turn: _Turn) -> PageRead:
    text = layer.text_of(page)
    if sum(map(str.isalnum, text)) >= _FEWEST or not layer.has_picture(page):
        return ready(number, text)
    found = turn.recognised(number, lambda: layer.picture_of(page))
    return found if len(found.text) >= len(text.strip()) else ready(number, text)


class _Turn:
    """How long scans may be recognised before others have their turn."""

    def __init__(self, can_ocr: bool) -> None:
        self._can_ocr = can_ocr
        self._ends = time.monotonic() + TURN_SECONDS

    def recognised(self, number: int, picture: Callable[[], Image.Image]) -> PageRead:
        if not self._can_ocr:
            return PageRead(number, "no_ocr", None, "")
        if time.monotonic() > self._ends:
            raise NextTurn
        try:
            return ready(number, ocr.text_of(picture()), "ocr")
        except ocr.Failed:
            return PageRead(number, "failed", None, "")
