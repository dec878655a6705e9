"""A register (buku agenda) as PDF, set in chunks so that its length costs no memory.

Each chunk is set on its own, with its first page's number; the chunks' pages are then
joined. Rows may be a generator that reads the database as it goes, but the reading
transaction stays open as long: give a list when it must not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from services.letters import apart
from services.letters.documents import press, words
from services.letters.documents.model import RegisterDocument, RegisterRow

CHUNK = 500
MOST_ROWS = 50_000

_WORKER = "services.letters.documents.worker"
_INCOMING = (
    ("No.", 3),
    ("Tanggal terima", 6),
    ("Nomor agenda", 7),
    ("Pengirim", 13),
    ("Tanggal surat", 6),
    ("Nomor surat", 11),
    ("Isi ringkas", 20),
    ("Diteruskan kepada", 14),
    ("Keterangan", 8),
)
_OUTGOING = (
    ("No.", 3),
    ("Nomor agenda", 7),
    ("Nomor surat", 13),
    ("Tanggal surat", 6),
    ("Tanggal kirim", 6),
    ("Dikirim kepada", 18),
    ("Isi ringkas", 24),
    ("Keterangan", 10),
)
_MASK = "(tertutup)"


def render(header: RegisterDocument, rows: Iterable[RegisterRow]) -> bytes:
    """The whole register. Raises: Unavailable, TooLarge."""
    pages, first_page = [], 1
    for chunk in _chunks(rows):
        job = {
            "template": "register.typ",
            "document": facts_of(header, chunk, first_page),
            "count": True,
        }
        answer, made = apart.run(_WORKER, job, seconds=press.SECONDS)
        first_page += answer["pages"]
        pages.append(made)
    return pages[0] if len(pages) == 1 else press.joined(pages)


def facts_of(
    header: RegisterDocument, rows: list[RegisterRow], first_page: int
) -> dict[str, Any]:
    incoming = header.direction == "incoming"
    columns = _INCOMING if incoming else _OUTGOING
    cells = _incoming if incoming else _outgoing
    kind = "masuk" if incoming else "keluar"
    return {
        "title": f"Buku agenda surat {kind} tahun {header.year}",
        "over": press.line(header.over or ""),
        "unit": press.line(header.unit_name),
        "filters": press.line(header.filters),
        "printed": f"dicetak {words.moment(header.printed_at)}",
        "first_page": first_page,
        "heads": [name for name, _ in columns],
        "widths": [width for _, width in columns],
        "rows": [[press.line(cell) for cell in cells(row)] for row in rows],
    }


def _incoming(row: RegisterRow) -> tuple[str, ...]:
    return (
        str(row.seq),
        words.short_date(row.day),
        row.agenda_number,
        _open(row, row.party),
        _open(row, words.short_date(row.dated_on)),
        _open(row, row.number),
        _open(row, row.subject),
        _open(row, row.forwarded_to),
        row.remark or "",
    )


def _outgoing(row: RegisterRow) -> tuple[str, ...]:
    return (
        str(row.seq),
        row.agenda_number,
        _open(row, row.number),
        words.short_date(row.dated_on),
        _open(row, words.short_date(row.day)),
        _open(row, row.party),
        _open(row, row.subject),
        row.remark or "",
    )


def _open(row: RegisterRow, text: str | None) -> str:
    return _MASK if row.masked else text or ""


def _chunks(rows: Iterable[RegisterRow]) -> Iterator[list[RegisterRow]]:
    """At least one, perhaps empty: an empty register is a document too."""
    left = islice(rows, MOST_ROWS)
    chunk = list(islice(left, CHUNK))
    yield chunk
    while chunk := list(islice(left, CHUNK)):
        yield chunk
