"""What the text of a letter is made of, and its HTML in both directions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from itertools import groupby
from typing import NamedTuple

DEEPEST = 3  # level of a point; nobody prints more


class Run(NamedTuple):
    """Characters of equal weight; a line break is ``\\n``."""

    text: str
    bold: bool = False
    italic: bool = False


Line = list[Run]


class Item(NamedTuple):
    level: int
    ordered: bool
    line: Line


@dataclass
class Paragraph:
    line: Line


@dataclass
class Points:
    """Items in order; `level` says how deep each stands."""

    items: list[Item]


@dataclass
class Table:
    rows: list[list[Line]]
    has_head: bool = False


Block = Paragraph | Points | Table


# ---- to HTML ---------------------------------------------------------------------


def html_of(block: Block) -> str:
    if isinstance(block, Paragraph):
        return f"<p>{_inline(block.line)}</p>"
    if isinstance(block, Table):
        return f"<table><tbody>{''.join(_rows(block))}</tbody></table>"
    return "".join(_points(block.items, 0))


def _inline(line: Line) -> str:
    return "".join(_run(run) for run in line)


def _run(run: Run) -> str:
    text = escape(run.text, quote=False).replace("\n", "<br>")
    text = f"<em>{text}</em>" if run.italic else text
    return f"<strong>{text}</strong>" if run.bold else text


def _rows(table: Table) -> Iterator[str]:
    width = max((len(row) for row in table.rows), default=0)
    for index, row in enumerate(table.rows):
        tag = "th" if table.has_head and index == 0 else "td"
        cells = [*row, *[[]] * (width - len(row))]
        inner = "".join(f"<{tag}>{_inline(cell)}</{tag}>" for cell in cells)
        yield f"<tr>{inner}</tr>"


def _points(items: list[Item], level: int) -> Iterator[str]:
    """Neighbours of one level and sort are one list; deeper ones stand inside."""
    for ordered, group in groupby(_families(items, level), key=lambda f: f[0].ordered):
        tag = "ol" if ordered else "ul"
        yield f"<{tag}>"
        for head, below in group:
            yield f"<li>{_inline(head.line)}{''.join(_points(below, level + 1))}</li>"
        yield f"</{tag}>"


def _families(items: list[Item], level: int) -> Iterator[tuple[Item, list[Item]]]:
    head: Item | None = None
    below: list[Item] = []
    for item in items:
        if head is not None and item.level > level:
            below.append(item)
            continue
        if head is not None:
            yield head, below
        head, below = item, []
    if head is not None:
        yield head, below


# ---- from HTML -------------------------------------------------------------------

_BOLD, _ITALIC = ("b", "strong"), ("i", "em")
_SPACES = re.compile(r"[ \t\r\n\f\xa0]+")  # editors write no-break spaces at will
_DOUBLE = re.compile(r" {2,}")
_AROUND_BREAK = re.compile(r" *\n *")
_DROPPED = ("script", "style", "template", "title")
_PARAGRAPHS = ("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre")


def read_html(html: str) -> list[Block]:
    """Blocks of any HTML; what a letter cannot have is left out, its text stays."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_line()
    return reader.blocks


@dataclass
class _Open:
    """Where the reader stands."""

    line: Line = field(default_factory=list)
    bold: int = 0
    italic: int = 0
    dropped: int = 0
    lists: list[bool] = field(default_factory=list)  # ordered?
    in_item: bool = False
    in_cell: bool = False


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._at = _Open()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = self._at
        at.bold += tag in _BOLD
        at.italic += tag in _ITALIC
        at.dropped += tag in _DROPPED
        if tag == "br":
            at.line.append(Run("\n"))
        elif tag in _PARAGRAPHS:
            self._next_paragraph()
        elif tag in ("ul", "ol"):
            self.end_line()
            at.lists.append(tag == "ol")
        elif tag == "li":
            self.end_line()
            at.in_item = True
        elif tag in ("table", "tr", "td", "th"):
            self._start_of_table(tag)

    def handle_endtag(self, tag: str) -> None:
        at = self._at
        at.bold = max(0, at.bold - (tag in _BOLD))
        at.italic = max(0, at.italic - (tag in _ITALIC))
        at.dropped = max(0, at.dropped - (tag in _DROPPED))
        if tag in _PARAGRAPHS and not (at.in_item or at.in_cell):
            self.end_line()
        elif tag in ("li", "ul", "ol", "td", "th", "tr", "table"):
            self.end_line()
            if tag in ("ul", "ol") and at.lists:
                at.lists.pop()

    def handle_data(self, data: str) -> None:
        if not self._at.dropped:
            at = self._at
            at.line.append(Run(_spaced(data), at.bold > 0, at.italic > 0))

    def _next_paragraph(self) -> None:
        """Inside a point or a cell a second paragraph is a new line."""
        if not (self._at.in_item or self._at.in_cell):
            self.end_line()
        elif _tidy(self._at.line):
            self._at.line.append(Run("\n"))

    def _start_of_table(self, tag: str) -> None:
        self.end_line()
        if tag == "table":
            self.blocks.append(Table([]))
        table = self.blocks[-1] if self.blocks else None
        if not isinstance(table, Table):
            return
        if tag == "tr":
            table.rows.append([])
        elif tag in ("td", "th") and table.rows:
            self._at.in_cell = True
            table.has_head = table.has_head or (tag == "th" and len(table.rows) == 1)

    def end_line(self) -> None:
        """What was read so far becomes a paragraph, a point or a cell."""
        at, line = self._at, _tidy(self._at.line)
        at.line = []
        table = self.blocks[-1] if self.blocks else None
        if at.in_cell and isinstance(table, Table) and table.rows:
            at.in_cell = False
            table.rows[-1].append(line)
        elif line and at.lists:
            level = min(len(at.lists) - 1, DEEPEST)
            self._add_item(Item(level, at.lists[-1], line))
        elif line:
            self.blocks.append(Paragraph(line))
        at.in_item = at.in_item and not line

    def _add_item(self, item: Item) -> None:
        last = self.blocks[-1] if self.blocks else None
        if isinstance(last, Points) and (
            item.level or last.items[0].ordered == item.ordered
        ):
            last.items.append(item)
        else:
            self.blocks.append(Points([item._replace(level=0)]))


def _spaced(data: str) -> str:
    """White space of the source is one space, kept at both ends."""
    return _SPACES.sub(" ", data)


def _tidy(line: Line) -> Line:
    """Neighbours of one weight joined, spaces around marks and breaks put outside."""
    weighted: Line = []
    for run in joined(line):
        inner = run.text.strip()
        if not inner:
            weighted.append(Run(run.text))
            continue
        before, _, after = run.text.partition(inner)
        weighted += [Run(before), run._replace(text=inner), Run(after)]
    closed = [run._replace(text=_closed_up(run.text)) for run in joined(weighted)]
    return _trimmed(closed)


def joined(line: Line) -> Line:
    """Neighbours of one weight as one run."""
    filled = (run for run in line if run.text)
    return [
        Run("".join(run.text for run in group), *weight)
        for weight, group in groupby(filled, key=lambda run: run[1:])
    ]


def _closed_up(text: str) -> str:
    return _AROUND_BREAK.sub("\n", _DOUBLE.sub(" ", text))


def _trimmed(line: Line) -> Line:
    while line and not line[0].text.strip():
        line = line[1:]
    while line and not line[-1].text.strip():
        line = line[:-1]
    if not line:
        return []
    line[0] = line[0]._replace(text=line[0].text.lstrip())
    line[-1] = line[-1]._replace(text=line[-1].text.rstrip())
    return line
