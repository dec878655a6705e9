"""A PDF written from front to back: every page leaves as soon as it is full.

Only the places of the objects are kept until the end. Text is set in the Helvetica
every reader has; what its encoding lacks is written without accents or as ``?``.
"""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime

LANDSCAPE_A4 = (842, 595)
_CATALOG, _PAGES, _REGULAR, _BOLD, _INFO = range(1, 6)


class Pdf:
    """``begin()``, any number of ``page(…)``, ``end()``; each gives the next bytes."""

    def __init__(self, title: str, made_at: datetime) -> None:
        self._title, self._made_at = title, made_at
        self._places: dict[int, int] = {}
        self._pages: list[int] = []
        self._length = 0
        self._last = _INFO

    def begin(self) -> bytes:
        moment = self._made_at.strftime("D:%Y%m%d%H%M%S%z")
        info = f"<< /Title {literal(self._title)} /Producer (Rakat)"
        return (
            self._count(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
            + self._object(_REGULAR, _font("Helvetica"))
            + self._object(_BOLD, _font("Helvetica-Bold"))
            + self._object(
                _INFO,
                f"{info} /CreationDate ({moment[:-2]}'{moment[-2:]}) >>".encode(
                    "cp1252"
                ),
            )
        )

    def page(self, marks: Iterable[str]) -> bytes:
        """A page of drawing operators, one a string."""
        drawn = zlib.compress("\n".join(marks).encode("cp1252", "replace"))
        content, page = self._last + 1, self._last + 2
        self._last = page
        self._pages.append(page)
        head = f"<< /Length {len(drawn)} /Filter /FlateDecode >>\nstream\n".encode()
        width, height = LANDSCAPE_A4
        return self._object(content, head + drawn + b"\nendstream") + self._object(
            page,
            f"<< /Type /Page /Parent {_PAGES} 0 R /MediaBox [0 0 {width} {height}]"
            f" /Contents {content} 0 R /Resources << /Font << /F1 {_REGULAR} 0 R"
            f" /F2 {_BOLD} 0 R >> >> >>".encode(),
        )

    def end(self) -> bytes:
        kids = " ".join(f"{page} 0 R" for page in self._pages)
        tree = f"<< /Type /Pages /Count {len(self._pages)} /Kids [{kids}] >>"
        catalog = (
            f"<< /Type /Catalog /Pages {_PAGES} 0 R /Lang (id-ID)"
            " /ViewerPreferences << /DisplayDocTitle true >> >>"
        )
        closing = self._object(_PAGES, tree.encode())
        closing += self._object(_CATALOG, catalog.encode())
        return closing + self._index()

    def _index(self) -> bytes:
        count = self._last + 1
        rows = "".join(f"{self._places[n]:010} 00000 n \n" for n in range(1, count))
        return (
            f"xref\n0 {count}\n0000000000 65535 f \n{rows}"
            f"trailer\n<< /Size {count} /Root {_CATALOG} 0 R /Info {_INFO} 0 R >>\n"
            f"startxref\n{self._length}\n%%EOF\n"
        ).encode()

    def _object(self, number: int, body: bytes) -> bytes:
        self._places[number] = self._length
        return self._count(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")

    def _count(self, piece: bytes) -> bytes:
        self._length += len(piece)
        return piece


def _font(name: str) -> bytes:
    return (
        f"<< /Type /Font /Subtype /Type1 /BaseFont /{name}"
        " /Encoding /WinAnsiEncoding >>"
    ).encode()


# ---- drawing ---------------------------------------------------------------------


def text_at(x: float, y: float, size: float, text: str, *, bold: bool = False) -> str:
    font = "F2" if bold else "F1"
    return f"BT /{font} {size:g} Tf {x:.1f} {y:.1f} Td {literal(text)} Tj ET"


def rule(x1: float, y1: float, x2: float, y2: float, width: float = 0.4) -> str:
    return f"{width:g} w {x1:.1f} {y1:.1f} m {x2:.1f} {y2:.1f} l S"


def literal(text: str) -> str:
    """A PDF string; the caller encodes it as cp1252."""
    shown = encodable(text)
    for special in ("\\", "(", ")"):
        shown = shown.replace(special, f"\\{special}")
    return f"({shown})"


def encodable(text: str) -> str:
    """`text` with only what the font has."""
    return "".join(map(_shown, text))


def _shown(character: str) -> str:
    if character < " ":
        return " "
    if character <= "~":
        return character
    try:
        character.encode("cp1252")
    except UnicodeEncodeError:
        plain = unicodedata.normalize("NFKD", character)
        return plain.encode("ascii", "ignore").decode() or "?"
    return character


# ---- measuring -------------------------------------------------------------------

# Helvetica's advance widths from space to tilde, in thousandths (Adobe's metrics).
_WIDTHS = [
    *(278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278),
    *(556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556),
    *(1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778),
    *(667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556),
    *(333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556),
    *(556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584),
]
_OTHERS = 722  # wide enough for accented capitals


def width_of(text: str, size: float) -> float:
    units = sum(
        _WIDTHS[ord(each) - 32] if " " <= each <= "~" else _OTHERS for each in text
    )
    return units * size / 1000


def wrapped(text: str, width: float, size: float, most: int) -> list[str]:
    """`text` in lines no wider than `width`; after `most` it ends with an ellipsis."""
    lines: list[str] = []
    line, reached = "", 0.0
    space = width_of(" ", size)
    for word in _words(encodable(text), width, size):
        gap = "" if not line or line.endswith("/") else " "
        wide = width_of(word, size)
        if line and reached + space * len(gap) + wide > width:
            lines.append(line)
            line, reached = word, wide
        else:
            line, reached = f"{line}{gap}{word}", reached + space * len(gap) + wide
    lines += [line] if line else []
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1][:-1]}…"]
    return lines


def _words(text: str, width: float, size: float) -> Iterator[str]:
    """Words, those too wide broken: numbers after a slash, others where it must be."""
    for word in text.split():
        if width_of(word, size) <= width:
            yield word
            continue
        for part in word.replace("/", "/ ").split():
            yield from _broken(part, width, size)


def _broken(part: str, width: float, size: float) -> Iterator[str]:
    start = 0
    for end in range(1, len(part) + 1):
        if end - start > 1 and width_of(part[start:end], size) > width:
            yield part[start : end - 1]
            start = end - 1
    yield part[start:]
