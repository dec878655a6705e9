"""DOCX, XLSX and ODT: the words of their XML, cut into pieces the size of a page.

The files come from strangers: a member is read up to a bound whatever its header says,
and XML with a document type (where entities would be declared) is refused.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from xml.parsers import expat

from services.letters.text.model import MOST_PAGES, Unreadable

PIECE = 3_500  # characters
_LARGEST_MEMBER = 32 * 1024 * 1024
_LARGEST_FILE = 48 * 1024 * 1024
_MOST_TEXT = PIECE * MOST_PAGES
_CHUNK = 64 * 1024
_ERRORS = (
    *(zipfile.BadZipFile, OSError, ValueError, KeyError, NotImplementedError),
    *(RuntimeError, EOFError, expat.ExpatError),
)

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"

# Local names of elements: where text stands, what ends a line, what is a gap.
_GRAMMAR: dict[str, tuple[set[str], set[str], set[str]]] = {
    DOCX: ({"t"}, {"p", "br"}, {"tab"}),
    ODT: ({"p", "h"}, {"p", "h", "line-break"}, {"tab", "s"}),
}


def pieces_of(path: Path, media_type: str) -> Iterator[str]:
    """Raises: Unreadable."""
    try:
        with zipfile.ZipFile(path) as archive:
            source = _Source(archive)
            if media_type == XLSX:
                yield from _cut(_sheets(source))
            else:
                member = "word/document.xml" if media_type == DOCX else "content.xml"
                yield from _cut(_lines(source, member, *_GRAMMAR[media_type]))
    except _ERRORS as error:
        raise Unreadable("unreadable_file") from error


class _Source:
    """Members of the archive, with a bound on all that is unpacked together."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._left = _LARGEST_FILE

    @property
    def names(self) -> list[str]:
        return self._archive.namelist()

    def events(self, member: str) -> Iterator[tuple[str, Any]]:
        """(``start``, (name, attributes)), (``end``, name), (``text``, characters)."""
        found: list[tuple[str, Any]] = []
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse
        parser.StartElementHandler = lambda name, given: found.append(
            ("start", (_local(name), given))
        )
        parser.EndElementHandler = lambda name: found.append(("end", _local(name)))
        parser.CharacterDataHandler = lambda text: found.append(("text", text))
        read = 0
        with self._archive.open(member) as file:
            while chunk := file.read(_CHUNK):
                read += len(chunk)
                self._left -= len(chunk)
                if read > _LARGEST_MEMBER or self._left < 0:
                    raise Unreadable("too_large")
                parser.Parse(chunk)
                yield from found
                found.clear()
        parser.Parse(b"", True)
        yield from found


def _refuse(*_: Any) -> None:
    raise Unreadable("document_type")


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _lines(
    source: _Source, member: str, holders: set[str], ends: set[str], gaps: set[str]
) -> Iterator[str]:
    line: list[str] = []
    depth = 0
    for kind, value in source.events(member):
        if kind == "text":
            if depth:
                line.append(value)
        elif kind == "start":
            depth += value[0] in holders
            if value[0] in gaps:
                line.append(" ")
        else:
            depth -= value in holders
            if value in ends:
                yield "".join(line)
                line.clear()
    yield "".join(line)


def _sheets(source: _Source) -> Iterator[str]:
    """Rows of every sheet, cells apart by tabs; formulas are not, their results are."""
    shared = list(_shared(source)) if "xl/sharedStrings.xml" in source.names else []
    sheets = [
        one for one in source.names if re.fullmatch(r"xl/worksheets/[^/]+\.xml", one)
    ]
    for member in sorted(sheets, key=lambda one: (len(one), one)):
        yield from _rows(source, member, shared)


def _shared(source: _Source) -> Iterator[str]:
    parts: list[str] = []
    inside = False
    for kind, value in source.events("xl/sharedStrings.xml"):
        if kind == "text" and inside:
            parts.append(value)
        elif kind == "start":
            inside = value[0] == "t"
        elif kind == "end":
            inside = False
            if value == "si":
                yield "".join(parts)
                parts.clear()


def _rows(source: _Source, member: str, shared: list[str]) -> Iterator[str]:
    row: list[str] = []
    cell: list[str] = []
    by_number = inside = False
    for kind, value in source.events(member):
        if kind == "text":
            if inside:
                cell.append(value)
        elif kind == "start":
            name, given = value
            inside = name in ("v", "t")
            if name == "c":
                by_number = given.get("t") == "s"
        else:
            inside = False
            if value == "c":
                row.append(_cell("".join(cell), shared, by_number))
                cell.clear()
            elif value == "row":
                yield "\t".join(each for each in row if each)
                row.clear()


def _cell(text: str, shared: list[str], by_number: bool) -> str:
    if not by_number:
        return text
    number = int(text) if text.isascii() and text.isdigit() else -1
    return shared[number] if 0 <= number < len(shared) else ""


def _cut(lines: Iterable[str]) -> Iterator[str]:
    """Pieces of whole lines; a line that is longer than a piece is cut itself."""
    piece: list[str] = []
    size = total = 0
    for line in lines:
        for start in range(0, max(len(line), 1), PIECE):
            part = line[start : start + PIECE]
            if size + len(part) > PIECE and piece:
                yield "\n".join(piece)
                piece, size = [], 0
            piece.append(part)
            size += len(part) + 1
            total += len(part)
        if total > _MOST_TEXT:
            break
    if any(each.strip() for each in piece):
        yield "\n".join(piece)
