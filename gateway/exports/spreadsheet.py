"""CSV that opens with a double click where it is used (ADR 0092).

UTF-8 with a byte order mark and semicolons: what a spreadsheet set to Indonesian
takes for columns. No cell can start a formula, whoever wrote the letter.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

FULL_TYPE = "text/csv; charset=utf-8"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def lines(rows: Iterable[Iterable[object]], *, first: bool = False) -> bytes:
    """Rows of CSV; `first`: with what a file begins with."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig" if first else "utf-8")


def harmless(cell: object) -> str:
    """The text of a cell on one line, never the beginning of a formula."""
    if cell is None:
        return ""
    if isinstance(cell, int):
        return str(cell)
    text = str(cell)
    flat = " ".join(text.split())
    risky = text.startswith(_FORMULA) or flat.startswith(_FORMULA)
    return f"'{flat}" if risky else flat
