"""A page of a letter as a WebP image; runs in the worker process."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
from PIL import ExifTags, Image, ImageOps

from gateway.files.judging import IMAGE_ERRORS, Refused

_TALLEST = 6  # times the width: more is a scroll nobody sent
_QUALITY = 80


def paint(path: Path, media_type: str, page: int, width: int) -> bytes:
    """Page `page` (from 1) `width` pixels wide; raises `Refused`."""
    if media_type == "application/pdf":
        image = _pdf_page(path, page, width)
    elif media_type.startswith("image/") and page == 1:
        image = _scaled(path, width)
    else:
        raise Refused("not_found")
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=_QUALITY, method=2)
    return buffer.getvalue()


def _pdf_page(path: Path, number: int, width: int) -> Image.Image:
    try:
        document = pypdfium2.PdfDocument(path)
        if not 1 <= number <= len(document):
            raise Refused("not_found")
        page = document[number - 1]
        wide, high = page.get_size()
        scale = width / max(wide, high / _TALLEST, 1.0)
        image: Image.Image = page.render(scale=scale, may_draw_forms=False).to_pil()
        return image.convert("RGB")
    except pypdfium2.PdfiumError:
        raise Refused("unreadable_file") from None


def _scaled(path: Path, width: int) -> Image.Image:
    """Made small before anything is copied: a large scan is held in memory once."""
    try:
        with Image.open(path, formats=["PNG", "JPEG"]) as image:
            lying = image.getexif().get(ExifTags.Base.Orientation, 1) >= 5
            box = (width, width * _TALLEST)
            image.draft("RGB", box)
            plain = image if image.mode in ("RGB", "L") else image.convert("RGB")
            plain.thumbnail(box[::-1] if lying else box)
            return ImageOps.exif_transpose(plain).convert("RGB")
    except IMAGE_ERRORS:
        raise Refused("unreadable_file") from None
