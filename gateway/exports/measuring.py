"""How wide text is, and where its lines end."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from gateway.exports.runs import Run, clean, clusters, runs, simple

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
    units = _plain_units(text) if simple(text) else units_of(text)
    return units * size / 1000


def _plain_units(text: str) -> float:
    return sum(
        _WIDTHS[ord(each) - 32] if " " <= each <= "~" else _OTHERS for each in text
    )


@lru_cache(maxsize=4096)
def units_of(text: str) -> float:
    """Of text Helvetica lacks something of, in thousandths of the size."""
    return sum(map(_run_units, runs(clean(text))))


def _run_units(run: Run) -> float:
    if run.face is None:
        return _plain_units(run.text)
    if run.boxed:
        return run.face.width(0) * len(clusters(run.text))
    return sum(glyph.advance for glyph in run.face.shaped(run.text, rtl=run.rtl))


def wrapped(text: str, width: float, size: float, most: int) -> list[str]:
    """`text` in lines no wider than `width`; after `most` it ends with an ellipsis."""
    lines: list[str] = []
    line, reached = "", 0.0
    space = width_of(" ", size)
    for word in _words(clean(text), width, size):
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
    line = ""
    for cluster in clusters(part):
        if line and width_of(line + cluster, size) > width:
            yield line
            line = ""
        line += cluster
    yield line
