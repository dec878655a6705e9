"""Scans: Tesseract with its Indonesian data, when this machine has it.

``apt install tesseract-ocr tesseract-ocr-ind`` is all it takes; pages that waited for
it are then read.
"""

from __future__ import annotations

import io
import os
import subprocess

from PIL import Image, ImageOps

LANGUAGE = "ind"
PAGE_SECONDS = 12.0
_LARGEST = 2600  # pixels of the longer side; more only takes longer
Image.MAX_IMAGE_PIXELS = 100_000_000


class Failed(Exception):
    """Tesseract gave up or took too long over one page."""


def is_installed() -> bool:
    """Whether Tesseract is there and knows Indonesian; takes a few milliseconds."""
    try:
        found = subprocess.run(
            ["tesseract", "--list-langs"], capture_output=True, timeout=5, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return LANGUAGE in found.stdout.decode(errors="replace").split()


def text_of(picture: Image.Image) -> str:
    """Raises: Failed."""
    buffer = io.BytesIO()
    picture.thumbnail((_LARGEST, _LARGEST))
    picture.convert("L").save(buffer, "PNG", compress_level=1)
    command = ["tesseract", "stdin", "stdout", "-l", LANGUAGE, "--psm", "3"]
    try:
        done = subprocess.run(
            command,
            input=buffer.getvalue(),
            capture_output=True,
            timeout=PAGE_SECONDS,
            check=True,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise Failed from error
    return done.stdout.decode("utf-8", "replace")


def opened(path: str | os.PathLike[str]) -> Image.Image:
    """A scan that is an image, upright. Raises: Failed."""
    try:
        with Image.open(path, formats=["PNG", "JPEG"]) as image:
            image.draft("L", (_LARGEST, _LARGEST))
            return ImageOps.exif_transpose(image).convert("L")
    except (Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise Failed from error
