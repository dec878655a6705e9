"""A PDF written from front to back: every page leaves as soon as it is full.

Only the places of the objects are kept until the end, and which signs were used that the
Helvetica of every reader lacks: they are set in subsets of fonts that come with the file.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from gateway.exports.lettering import (
    OBJECTS_OF_A_FONT,
    Lettering,
    font_objects,
    stream,
    utf16,
)

LANDSCAPE_A4 = (842, 595)
_CATALOG, _PAGES, _REGULAR, _BOLD, _INFO, _RESOURCES = range(1, 7)


class Pdf:
    """``begin()``, any number of ``page(…)``, ``end()``; each gives the next bytes."""

    def __init__(self, title: str, made_at: datetime) -> None:
        self._title, self._made_at = title, made_at
        self._places: dict[int, int] = {}
        self._pages: list[int] = []
        self._length = 0
        self._last = _RESOURCES
        self._lettering = Lettering()
        self.text_at = self._lettering.text_at

    def begin(self) -> bytes:
        moment = self._made_at.strftime("D:%Y%m%d%H%M%S%z")
        info = f"<< /Title {utf16(self._title)} /Producer (Rakat)"
        return (
            self._count(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
            + self._object(_REGULAR, _font("Helvetica"))
            + self._object(_BOLD, _font("Helvetica-Bold"))
            + self._object(
                _INFO,
                f"{info} /CreationDate ({moment[:-2]}'{moment[-2:]}) >>".encode(),
            )
        )

    def page(self, marks: Iterable[str]) -> bytes:
        """A page of drawing operators, one a string."""
        drawn = stream("\n".join(marks).encode("cp1252"))
        content, page = self._last + 1, self._last + 2
        self._last = page
        self._pages.append(page)
        width, height = LANDSCAPE_A4
        return self._object(content, drawn) + self._object(
            page,
            f"<< /Type /Page /Parent {_PAGES} 0 R /MediaBox [0 0 {width} {height}]"
            f" /Contents {content} 0 R /Resources {_RESOURCES} 0 R >>".encode(),
        )

    def end(self) -> bytes:
        kids = " ".join(f"{page} 0 R" for page in self._pages)
        tree = f"<< /Type /Pages /Count {len(self._pages)} /Kids [{kids}] >>"
        catalog = (
            f"<< /Type /Catalog /Pages {_PAGES} 0 R /Lang (id-ID)"
            " /ViewerPreferences << /DisplayDocTitle true >> >>"
        )
        closing = self._fonts() + self._object(_PAGES, tree.encode())
        closing += self._object(_CATALOG, catalog.encode())
        return closing + self._index()

    def _fonts(self) -> bytes:
        """What the pages name, now that it is known which signs they have."""
        made, named = b"", ""
        for used in self._lettering.fonts:
            first = self._last + 1
            self._last += OBJECTS_OF_A_FONT
            named += f" /{used.name} {first} 0 R"
            for number, body in enumerate(font_objects(used, first), first):
                made += self._object(number, body)
        ours = f"/F1 {_REGULAR} 0 R /F2 {_BOLD} 0 R{named}"
        return made + self._object(_RESOURCES, f"<< /Font << {ours} >> >>".encode())

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


def rule(x1: float, y1: float, x2: float, y2: float, width: float = 0.4) -> str:
    return f"{width:g} w {x1:.1f} {y1:.1f} m {x2:.1f} {y2:.1f} l S"
