"""Text cut into runs of one font, from left to right as paper shows it.

Cells are read from the left; a passage of Arabic inside is set from the right, numbers
in it from the left: the rules of Unicode (UAX 9) as far as one line of a cell needs them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from gateway.exports.faces import Face, chain

_JOINERS = "\u200c\u200d"
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_MIRROR = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")
_BRACKETS = {"(": ")", "[": "]", "{": "}", "«": "»"}
_PASSAGE = re.compile("R(?:[RND]*[RD])?")
_SEPARATORS = ".,:/"


@dataclass(frozen=True)
class Run:
    """`face` None: Helvetica. `boxed`: no font has it."""

    text: str
    face: Face | None = None
    rtl: bool = False
    boxed: bool = False


def clean(text: str) -> str:
    """On one line, without what cannot be seen or turns the direction of text."""
    composed = unicodedata.normalize("NFC", _SELECTORS.sub("", text))
    return composed if composed.isprintable() else "".join(map(_shown, composed))


def _shown(character: str) -> str:
    if character in _JOINERS:
        return character
    kind = unicodedata.category(character)
    return {"Cc": " ", "Zl": " ", "Zp": " ", "Cf": "", "Cs": "\ufffd"}.get(
        kind, character
    )


def simple(text: str) -> bool:
    """Helvetica has all of it."""
    if text.isascii():
        return True
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=4096)
def runs(text: str, *, bold: bool = False) -> tuple[Run, ...]:
    """`text` is clean."""
    if simple(text):
        return (Run(text),)
    pieces = (
        run for part, rtl in _visual(text) for run in _of_one_way(part, bold, rtl=rtl)
    )
    joined: list[Run] = []
    for run in pieces:
        if joined and run.face is None and joined[-1].face is None:
            joined[-1] = Run(joined[-1].text + run.text)
        else:
            joined.append(run)
    return tuple(joined)


def clusters(text: str) -> list[str]:
    """Letters, each with the marks on it."""
    found: list[str] = []
    for character in text:
        joined = character in _JOINERS or unicodedata.category(character)[0] == "M"
        if joined and found:
            found[-1] += character
        else:
            found.append(character)
    return found


def _of_one_way(text: str, bold: bool, *, rtl: bool) -> Iterator[Run]:
    parts = [
        Run("".join(group), face, rtl and face is not None, boxed)
        for (face, boxed), group in groupby(clusters(text), lambda it: _font(it, bold))
    ]
    yield from reversed(parts) if rtl else parts


def _font(cluster: str, bold: bool) -> tuple[Face | None, bool]:
    faces = chain(bold=bold)
    if simple(cluster) or not faces:
        return None, False
    found = next((face for face in faces if face.covers(cluster)), None)
    return (found, False) if found else (faces[0], True)


# ---- order -----------------------------------------------------------------------


def _visual(text: str) -> Iterator[tuple[str, bool]]:
    """Pieces from left to right, and whether each is read from the right."""
    found = clusters(text)
    ways = "".join(map(_way, found))
    reached = 0
    for passage in _PASSAGE.finditer(ways):
        start, end = passage.start(), _closed(found, *passage.span())
        yield "".join(found[reached:start]), False
        yield from _turned(found[start:end], ways[start:end])
        reached = end
    yield "".join(found[reached:]), False


def _closed(found: list[str], start: int, end: int) -> int:
    """Where a passage ends: a bracket opened in it is closed in it."""
    opened = [each for each in found[start:end] if each in _BRACKETS]
    for closing in [each for each in found[start:end] if each in _BRACKETS.values()]:
        if opened and _BRACKETS[opened[-1]] == closing:
            opened.pop()
    while opened and end < len(found) and found[end] == _BRACKETS[opened.pop()]:
        end += 1
    return end


def _way(cluster: str) -> str:
    """R(ight), L(eft), D(igit) or N(either)."""
    kind = unicodedata.bidirectional(cluster[0])
    return {"R": "R", "AL": "R", "L": "L", "EN": "D", "AN": "D"}.get(kind, "N")


def _turned(found: list[str], ways: str) -> list[tuple[str, bool]]:
    """A passage read from the right: its parts in reverse, its numbers as they are."""
    kinds = list(ways)
    for place in range(1, len(kinds) - 1):
        between = kinds[place - 1] == kinds[place + 1] == "D"
        if between and found[place] in _SEPARATORS:
            kinds[place] = "D"
    parts: list[tuple[str, bool]] = []
    for kind, group in groupby(zip(kinds, found, strict=True), lambda it: it[0]):
        letters = [letter for _, letter in group]
        if kind == "N":
            letters = [each.translate(_MIRROR) for each in reversed(letters)]
        parts.append(("".join(letters), kind == "R"))
    return parts[::-1]
