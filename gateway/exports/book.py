"""A register on paper: rows become pages, each page leaves when it is full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from gateway.exports.columns import Column, moment
from gateway.exports.measuring import width_of, wrapped
from gateway.exports.pdf import LANDSCAPE_A4, Pdf, rule

_WIDTH, _HEIGHT = LANDSCAPE_A4
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, _WIDTH - 28, _HEIGHT - 34, 34
_SIZE, _LEADING, _PAD = 7.2, 8.6, 3.0
_MOST_LINES = 14  # of one cell; a line of the book never fills a page


class Book:
    """``begin()``, ``add(rows)`` as they come, ``end()``; all give bytes of the file."""

    def __init__(
        self, title: str, subtitle: str, columns: Sequence[Column], now: datetime
    ) -> None:
        self._title, self._subtitle, self._now = title, subtitle, now
        self._columns = columns
        self._pdf = Pdf(f"{title}: {subtitle}", now)
        shares = sum(column.share for column in columns)
        self._widths = [(_RIGHT - _LEFT) * c.share / shares for c in columns]
        self._marks: list[str] = []
        self._y = 0.0
        self._number = 0

    def begin(self) -> bytes:
        self._open_page()
        return self._pdf.begin()

    def add(self, rows: Iterable[Iterable[object]]) -> bytes:
        return b"".join(self._full_pages(rows))

    def end(self) -> bytes:
        return self._close_page() + self._pdf.end()

    def _full_pages(self, rows: Iterable[Iterable[object]]) -> Iterator[bytes]:
        for row in rows:
            cells = [
                wrapped(str(cell), width - 2 * _PAD, _SIZE, _MOST_LINES)
                for cell, width in zip(row, self._widths, strict=True)
            ]
            height = max(1, *map(len, cells)) * _LEADING + _PAD
            if self._y - height < _BOTTOM:
                yield self._close_page()
                self._open_page()
            self._row(cells, height)

    def _row(
        self, cells: list[list[str]], height: float, *, bold: bool = False
    ) -> None:
        for x, lines in zip(self._edges(), cells, strict=False):
            for place, line in enumerate(lines):
                y = self._y - _LEADING * (place + 1) + 0.8
                self._marks.append(
                    self._pdf.text_at(x + _PAD, y, _SIZE, line, bold=bold)
                )
        self._y -= height
        self._marks.append(rule(_LEFT, self._y, _RIGHT, self._y))

    def _edges(self) -> list[float]:
        edges = [float(_LEFT)]
        for width in self._widths:
            edges.append(edges[-1] + width)
        return edges

    def _open_page(self) -> None:
        self._number += 1
        self._y = float(_TOP)
        if self._number == 1:
            self._heading()
        self._table_top = self._y
        self._marks.append(rule(_LEFT, self._y, _RIGHT, self._y, 0.8))
        heads = [
            # bold is a tenth wider than what is measured
            wrapped(column.title, (width - 2 * _PAD) * 0.9, _SIZE, 3)
            for column, width in zip(self._columns, self._widths, strict=True)
        ]
        self._row(heads, max(map(len, heads)) * _LEADING + _PAD, bold=True)

    def _heading(self) -> None:
        self._marks.append(
            self._pdf.text_at(_LEFT, self._y - 12, 14, self._title, bold=True)
        )
        self._marks.append(self._pdf.text_at(_LEFT, self._y - 27, 9, self._subtitle))
        self._y -= 38

    def _close_page(self) -> bytes:
        for x in self._edges():
            self._marks.append(rule(x, self._table_top, x, self._y))
        printed = f"Dicetak {moment(self._now)}"
        number = f"Halaman {self._number}"
        self._marks.append(self._pdf.text_at(_LEFT, 20, 7, printed))
        self._marks.append(
            self._pdf.text_at(_RIGHT - width_of(number, 7), 20, 7, number)
        )
        marks, self._marks = self._marks, []
        return self._pdf.page(marks)
