"""Fonts for what Helvetica lacks: which has a sign, how its letters join, a subset of it.

Set-up fetches them (`chassis.fonts`). A font is read once a process; HarfBuzz joins
Arabic letters, places marks, and cuts out what a document used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

import uharfbuzz as hb

from chassis import fonts

_CHAINS = {
    False: ("DejaVuSansCondensed.ttf", "NotoSansJavanese_400Regular.ttf"),
    True: ("DejaVuSansCondensed-Bold.ttf", "NotoSansJavanese_700Bold.ttf"),
}
_JOINERS = "\u200c\u200d"
BOX = 0  # the glyph of what no font has


@dataclass(frozen=True)
class Glyph:
    """All but `number` in thousandths of the size; `text` is what it stands for."""

    number: int
    advance: float
    right: float
    up: float
    text: str


class Face:
    """One font file."""

    def __init__(self, path: Path) -> None:
        self.name = path.stem.replace("_", "-")
        self._face = hb.Face(hb.Blob.from_file_path(str(path)))
        self._font = hb.Font(self._face)
        self._has = frozenset(self._face.unicodes)
        self.shaped = lru_cache(maxsize=4096)(self._shaped)
        self.width = lru_cache(maxsize=None)(self._width)

    def covers(self, cluster: str) -> bool:
        return all(ord(each) in self._has or each in _JOINERS for each in cluster)

    @cached_property
    def height(self) -> tuple[float, float]:
        """How far above and below the line its letters reach."""
        extents = self._font.get_font_extents("ltr")
        return self._thousandths(extents.ascender), self._thousandths(extents.descender)

    def _width(self, glyph: int) -> float:
        """What its table says; a reader goes on by that much."""
        return self._thousandths(self._font.get_glyph_h_advance(glyph))

    def _shaped(self, text: str, *, rtl: bool) -> tuple[Glyph, ...]:
        """Glyphs from left to right, whatever the way `text` is read."""
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        buffer.direction = "rtl" if rtl else "ltr"
        buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_CHARACTERS
        hb.shape(self._font, buffer)
        starts = sorted({info.cluster for info in buffer.glyph_infos})
        ends = dict(zip(starts, [*starts[1:], len(text)], strict=True))
        found: list[Glyph] = []
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            # the first glyph of a cluster stands for all its letters
            stands = text[info.cluster : ends.pop(info.cluster, 0)]
            glyph = Glyph(
                number=info.codepoint,
                advance=self._thousandths(place.x_advance),
                right=self._thousandths(place.x_offset),
                up=self._thousandths(place.y_offset),
                text=stands,
            )
            found += self._in_reading_order(glyph) if rtl else [glyph]
        return tuple(found)

    def _in_reading_order(self, glyph: Glyph) -> Iterator[Glyph]:
        """A ligature read from the right: readers turn glyphs round, not the letters
        of one, so that all but its last letter get a glyph that draws nothing."""
        yield replace(glyph, text=glyph.text[-1:])
        blank = self._font.get_nominal_glyph(ord(" "))
        for letter in reversed(glyph.text[:-1]):
            yield Glyph(blank, 0, 0, 0, letter)

    def subset(self, glyphs: Iterable[int]) -> bytes:
        """A font file of `glyphs` alone, under their numbers."""
        wanted = hb.SubsetInput()
        wanted.sets(hb.SubsetInputSets.GLYPH_INDEX).set(set(glyphs))
        tables = wanted.sets(hb.SubsetInputSets.DROP_TABLE_TAG)
        for tag in ("GSUB", "GPOS", "GDEF", "MATH", "name", "gasp"):
            tables.add(int.from_bytes(tag.encode(), "big"))
        flags = hb.SubsetFlags
        wanted.flags = flags.RETAIN_GIDS | flags.NO_HINTING | flags.NOTDEF_OUTLINE
        made: bytes = hb.subset(self._face, wanted).blob.data
        return made

    def _thousandths(self, units: float) -> float:
        return units * 1000 / float(self._face.upem)


@lru_cache
def chain(*, bold: bool = False) -> tuple[Face, ...]:
    """The fonts in the order they are asked; the first draws the box of what all lack."""
    paths = (fonts.FOLDER / name for name in _CHAINS[bold])
    return tuple(Face(path) for path in paths if path.exists())
