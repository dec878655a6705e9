"""Lays a foot over the pages of a PDF; runs in the worker process."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pypdfium2
import pypdfium2.raw as pdfium

from contracts.errors import Invalid

_EVERY_PAGE_UP_TO = 50  # of longer ones only the first and the last

Size = tuple[float, float]
Setter = Callable[[list[Size]], bytes]


def laid_over(pdf: bytes, feet: Setter) -> bytes:
    """`feet` sets one page for each size. Raises: Invalid ``unreadable_file``."""
    try:
        with pypdfium2.PdfDocument(pdf) as document:
            if pdfium.FPDF_GetSignatureCount(document.raw) > 0:
                return pdf
            return _stamped(document, feet)
    except pypdfium2.PdfiumError:
        raise Invalid("unreadable_file") from None


def _stamped(document: pypdfium2.PdfDocument, feet: Setter) -> bytes:
    pages = [document[place] for place in _places(len(document))]
    sizes = sorted({page.get_size() for page in pages})
    with pypdfium2.PdfDocument(feet(sizes)) as over:
        forms = {
            size: over.page_as_xobject(place, document)
            for place, size in enumerate(sizes)
        }
        for page in pages:
            foot = forms[page.get_size()].as_pageobject()
            foot.set_matrix(_upright(page))
            page.insert_obj(foot)
            page.gen_content()
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def _places(count: int) -> Iterator[int]:
    yield from range(count) if count <= _EVERY_PAGE_UP_TO else (0, count - 1)


def _upright(page: pypdfium2.PdfPage) -> pypdfium2.PdfMatrix:
    """From the page as it is seen to the page as it is stored: turned and cropped."""
    width, height = page.get_size()
    left, bottom, _, _ = page.get_cropbox()
    turned = {
        0: (1, 0, 0, 1, 0, 0),
        90: (0, 1, -1, 0, height, 0),
        180: (-1, 0, 0, -1, width, height),
        270: (0, -1, 1, 0, 0, width),
    }[page.get_rotation()]
    a, b, c, d, e, f = turned
    return pypdfium2.PdfMatrix(a, b, c, d, e + left, f + bottom)
