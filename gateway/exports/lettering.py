"""Text as the operators of a page, and the fonts a document used for it.

What Helvetica has is written as ever. The rest is set in glyphs of embedded subsets;
where a reader could not tell the text from the glyphs, it is told (``ActualText``).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from functools import lru_cache

from gateway.exports.faces import BOX, Face, Glyph
from gateway.exports.runs import Run, clean, clusters, runs


class Used:
    """What a document used of one font: a code for each glyph and what it stands for."""

    def __init__(self, face: Face, name: str) -> None:
        self.face, self.name = face, name
        self.codes: dict[tuple[int, str], int] = {}

    def code(self, glyph: Glyph) -> int:
        return self.codes.setdefault((glyph.number, glyph.text), len(self.codes) + 1)


class Lettering:
    """Of one document."""

    def __init__(self) -> None:
        self._used: dict[Face, Used] = {}
        self._set = lru_cache(maxsize=2048)(self._operators_of)

    def text_at(
        self, x: float, y: float, size: float, text: str, *, bold: bool = False
    ) -> str:
        plain = f"/{'F2' if bold else 'F1'} {size:g} Tf"
        parts = [f"BT {x:.1f} {y:.1f} Td"]
        for run in runs(clean(text), bold=bold):
            if run.face is None:
                parts.append(f"{plain} {literal(run.text)} Tj")
            else:
                parts.append(self._set(run, run.face, size))
        return " ".join([*parts, "ET"])

    def _operators_of(self, run: Run, face: Face, size: float) -> str:
        used = self._used.setdefault(face, Used(face, f"E{len(self._used) + 1}"))
        glyphs = _glyphs(run, face)
        drawn = f"/{used.name} {size:g} Tf {_operators(glyphs, used, size)}"
        if all(glyph.text for glyph in glyphs):
            return drawn
        return f"/Span << /ActualText {utf16(run.text)} >> BDC {drawn} EMC"

    @property
    def fonts(self) -> list[Used]:
        return [*self._used.values()]


def _glyphs(run: Run, face: Face) -> tuple[Glyph, ...]:
    if not run.boxed:
        return face.shaped(run.text, rtl=run.rtl)
    width = face.width(BOX)
    return tuple(Glyph(BOX, width, 0, 0, each) for each in clusters(run.text))


def _operators(glyphs: tuple[Glyph, ...], used: Used, size: float) -> str:
    """One array of glyphs for each height above the line."""
    parts, row, height = [], "", 0.0
    for glyph in glyphs:
        if glyph.up != height:
            parts.append(f"[{row}] TJ {glyph.up * size / 1000:.2f} Ts")
            row, height = "", glyph.up
        back = used.face.width(glyph.number) - glyph.advance + glyph.right
        row += f"{_moved(-glyph.right)}<{used.code(glyph):04X}>{_moved(back)}"
    parts.append(f"[{row}] TJ" + (" 0 Ts" if height else ""))
    return " ".join(parts)


def _moved(units: float) -> str:
    return f"{units:.0f}" if abs(units) >= 1 else ""


def literal(text: str) -> str:
    """A PDF string; the caller encodes it as cp1252."""
    shown = text.encode("cp1252", "replace").decode("cp1252")
    for special in ("\\", "(", ")"):
        shown = shown.replace(special, f"\\{special}")
    return f"({shown})"


def utf16(text: str) -> str:
    """A PDF string of any text, for all but what a page draws."""
    return f"<FEFF{_hex(text)}>"


def _hex(text: str) -> str:
    return text.encode("utf-16-be").hex().upper()


# ---- embedding -------------------------------------------------------------------


def font_objects(used: Used, first: int) -> Iterator[bytes]:
    """Six objects, numbered from `first`; the first is the font a page names."""
    face = used.face
    glyphs = [BOX, *(number for number, _ in used.codes)]  # in the order of codes
    name = f"/RAKATA+{face.name}"
    widths = " ".join(f"{face.width(glyph):.0f}" for glyph in glyphs)
    above, below = face.height
    yield (
        f"<< /Type /Font /Subtype /Type0 /BaseFont {name} /Encoding /Identity-H"
        f" /DescendantFonts [{first + 1} 0 R] /ToUnicode {first + 3} 0 R >>"
    ).encode()
    yield (
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont {name} /CIDSystemInfo"
        " << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
        f" /FontDescriptor {first + 2} 0 R /W [0 [{widths}]]"
        f" /CIDToGIDMap {first + 5} 0 R >>"
    ).encode()
    yield (
        f"<< /Type /FontDescriptor /FontName {name} /Flags 4 /ItalicAngle 0"
        f" /FontBBox [-1000 {below:.0f} 2000 {above:.0f}] /Ascent {above:.0f}"
        f" /Descent {below:.0f} /CapHeight 729 /StemV 80 /FontFile2 {first + 4} 0 R >>"
    ).encode()
    yield stream(_to_unicode(used).encode())
    file = face.subset(glyphs)
    yield stream(file, f" /Length1 {len(file)}")
    yield stream(b"".join(glyph.to_bytes(2, "big") for glyph in glyphs))


OBJECTS_OF_A_FONT = 6


def stream(content: bytes, more: str = "") -> bytes:
    packed = zlib.compress(content)
    head = f"<< /Length {len(packed)} /Filter /FlateDecode{more} >>\nstream\n"
    return head.encode() + packed + b"\nendstream"


def _to_unicode(used: Used) -> str:
    known = [(code, text) for (_, text), code in used.codes.items() if text]
    blocks = []
    for start in range(0, len(known), 100):  # as many as a block may hold
        part = known[start : start + 100]
        lines = [f"<{code:04X}> <{_hex(text)}>" for code, text in part]
        blocks += [f"{len(part)} beginbfchar", *lines, "endbfchar"]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CMapName /Rakat def /CMapType 2 def",
            "1 begincodespacerange <0000> <FFFF> endcodespacerange",
            *blocks,
            "endcmap CMapName currentdict /CMap defineresource pop end end",
        ]
    )
