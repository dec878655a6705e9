"""PDFs: the text layer of a page, or its picture when it has none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from services.letters.text.model import MOST_OF_PAGE, Unreadable

OCR_WIDTH = 1700  # pixels of a page given to the reader of scans: about 200 dpi
_TALLEST = 3  # times the width


@contextmanager
def opened(path: Path) -> Iterator[pypdfium2.PdfDocument]:
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        raise Unreadable("unreadable_file") from None
    try:
        yield document
    finally:
        document.close()


@contextmanager
def page_of(
    document: pypdfium2.PdfDocument, number: int
) -> Iterator[pypdfium2.PdfPage]:
    """Page `number` from 1. Raises: Unreadable."""
    try:
        page = document[number - 1]
    except pypdfium2.PdfiumError:
        raise Unreadable("unreadable_page") from None
    try:
        yield page
    except pypdfium2.PdfiumError:
        raise Unreadable("unreadable_page") from None
    finally:
        page.close()


def text_of(page: pypdfium2.PdfPage) -> str:
    layer = page.get_textpage()
    try:
        count = min(layer.count_chars(), MOST_OF_PAGE)
        return str(layer.get_text_range(0, count)) if count > 0 else ""
    finally:
        layer.close()


def has_picture(page: pypdfium2.PdfPage) -> bool:
    """A page without text and picture is blank: there is nothing to recognise."""
    pictures = page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_IMAGE,), max_depth=3)
    return any(True for _ in pictures)


def picture_of(page: pypdfium2.PdfPage) -> Image.Image:
    wide, high = page.get_size()
    scale = OCR_WIDTH / max(wide, high / _TALLEST, 1.0)
    picture: Image.Image = page.render(
        scale=scale, grayscale=True, may_draw_forms=False
    ).to_pil()
    return picture
