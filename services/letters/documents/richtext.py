"""The text of a letter: paragraphs, lists, bold, italic, tables; nothing else.

`clean` guards the way in, `blocks` the way out: a tree of data for the typesetter, in
which text is text whatever it looks like.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import nh3

from contracts.errors import invalid

MOST_CHARACTERS = 200_000
DEEPEST = 12
MOST_COLUMNS = 12
MOST_CELLS = 6_000

_BLOCKS = frozenset(
    {"p", "ul", "ol", "li", "table", "thead", "tbody", "tr", "td", "th"}
)
_MARKS = {"b": "b", "strong": "b", "i": "i", "em": "i"}
_TAGS = set(_BLOCKS | _MARKS.keys() | {"br"})
_WITH_CONTENT = {"script", "style", "title", "template", "noscript"}
_MOST_ROUNDS = 4
_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "wbr", "col", "source"})
# Control characters, and those that turn the direction of text round: a letter must
# read on paper as it reads in the database.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_SPACES = re.compile(r"[ \t\r\n\f]+")

Block = dict[str, Any]


def clean(html: str) -> str:
    """`html` with only what a letter may have; links and pictures leave their text.

    Raises: Invalid ``/body_html`` for what is too long, too deep or too wide.
    """
    _require(len(html) <= MOST_CHARACTERS, "Isi surat terlalu panjang")
    _require(_depth(html) <= DEEPEST, "Susunan isi surat terlalu bertingkat")
    cleaned = _settled(_UNSEEN.sub("", html))
    _require(len(cleaned) <= 2 * MOST_CHARACTERS, "Isi surat terlalu panjang")
    for rows in _tables(blocks(cleaned)):
        widest = max(map(len, rows), default=0)
        _require(widest <= MOST_COLUMNS, f"Tabel paling banyak {MOST_COLUMNS} kolom")
        _require(widest * len(rows) <= MOST_CELLS, "Tabel terlalu panjang")
    return cleaned.strip()


def _settled(html: str) -> str:
    """A tag that is taken away may leave others nested as no browser would read them,
    so it is cleaned until it stays."""
    for _ in range(_MOST_ROUNDS):
        cleaned: str = nh3.clean(
            html,
            tags=_TAGS,
            attributes={},
            clean_content_tags=_WITH_CONTENT,
            strip_comments=True,
        )
        if cleaned == html:
            break
        html = cleaned
    return html


def plain(text: str) -> str:
    """One line of text without what cannot be seen; for every other field."""
    return _SPACES.sub(" ", _UNSEEN.sub("", text)).strip()


def blocks(cleaned: str) -> list[Block]:
    """What `clean` gave, as data.

    Blocks: ``{"p": runs}``, ``{"list": [blocks…], "ordered": bool}``,
    ``{"table": [[{"runs", "head"}…]…], "widths": [int…]}``; a run is ``[text, "" | "b" | "i" | "bi"]``,
    with ``"\\n"`` as its text for a line break.
    """
    reader = _Reader()
    reader.feed(cleaned)
    reader.close()
    return reader.finish()


def _require(held: bool, message: str) -> None:
    if not held:
        raise invalid("/body_html", message)


def _tables(found: list[Block]) -> list[list[Any]]:
    tables: list[list[Any]] = []
    for block in found:
        if "table" in block:
            tables.append(block["table"])
        for item in block.get("list", ()):
            tables += _tables(item)
    return tables


class _Depth(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.now = self.most = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in _VOID and tag not in ("p", "li", "td", "th", "tr"):
            self.now += 1
            self.most = max(self.most, self.now)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID and tag not in ("p", "li", "td", "th", "tr"):
            self.now = max(0, self.now - 1)


def _depth(html: str) -> int:
    """How deep tags nest that do not close each other by themselves."""
    reader = _Depth()
    reader.feed(html)
    return reader.most


class _Reader(HTMLParser):
    """Reads clean HTML; a stack of the blocks that are open."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._top: list[Block] = []
        self._into: list[list[Block]] = [self._top]  # where blocks go
        self._runs: list[list[str]] = []
        self._marks: list[str] = []
        self._made: list[Block] = []
        self._tables: list[list[list[Any]]] = []
        self._lists: list[Block] = []

    def finish(self) -> list[Block]:
        self._end_paragraph()
        for block in self._made:
            block["widths"] = _widths(block["table"])
        return self._top

    def handle_data(self, data: str) -> None:
        text = _SPACES.sub(" ", data)
        style = "".join(mark for mark in "bi" if mark in self._marks)
        if text.strip() or self._runs:
            self._runs.append([text, style])

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag in _MARKS:
            self._marks.append(_MARKS[tag])
        elif tag == "br":
            self._runs.append(["\n", ""])
        elif tag in _BLOCKS:
            self._end_paragraph()
            self._open(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _MARKS:
            if _MARKS[tag] in self._marks:
                self._marks.remove(_MARKS[tag])
        elif tag in ("td", "th"):
            self._end_cell(tag)
        elif tag in _BLOCKS:
            self._end_paragraph()
            self._close(tag)

    def _open(self, tag: str) -> None:
        if tag in ("ul", "ol"):
            block: Block = {"list": [], "ordered": tag == "ol"}
            self._into[-1].append(block)
            self._lists.append(block)
        elif tag == "li":
            self._item()
        elif tag == "table":
            self._tables.append([])
            self._made.append({"table": self._tables[-1]})
            self._into[-1].append(self._made[-1])
        elif tag == "tr" and self._tables:
            self._tables[-1].append([])
        elif tag in ("td", "th"):
            self._into.append([])

    def _close(self, tag: str) -> None:
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif tag == "li" and len(self._into) > 1:
            self._into.pop()
        elif tag == "table" and self._tables:
            self._tables.pop()

    def _item(self) -> None:
        content: list[Block] = []
        if self._lists:
            self._lists[-1]["list"].append(content)
        else:  # an item without a list is a paragraph
            content = self._into[-1]
        self._into.append(content)

    def _end_cell(self, tag: str) -> None:
        """A cell is one text: its paragraphs become lines."""
        self._end_paragraph()
        runs: list[list[str]] = []
        for block in self._into.pop() if len(self._into) > 1 else []:
            runs += ([["\n", ""]] if runs else []) + _text_of(block)
        if self._tables and self._tables[-1]:
            self._tables[-1][-1].append({"runs": runs, "head": tag == "th"})

    def _end_paragraph(self) -> None:
        runs, self._runs = _trimmed(self._runs), []
        if runs:
            self._into[-1].append({"p": runs})


def _trimmed(runs: list[list[str]]) -> list[list[str]]:
    """Without spaces and line breaks at the ends."""
    while runs and not runs[-1][0].strip():
        runs.pop()
    if runs:
        runs[0][0], runs[-1][0] = runs[0][0].lstrip(), runs[-1][0].rstrip()
    return runs


def _text_of(block: Block) -> list[list[str]]:
    """A block inside a cell; what cannot be nested there becomes lines."""
    if "p" in block:
        return list(block["p"])
    runs: list[list[str]] = []
    for item in block.get("list", ()):
        for inner in item:
            runs += ([["\n", ""]] if runs else []) + [["• ", ""], *_text_of(inner)]
    for row in block.get("table", ()):
        for cell in row:
            runs += ([["\n", ""]] if runs else []) + cell["runs"]
    return runs


def _widths(rows: list[list[Any]]) -> list[int]:
    """Shares of the paper's width, by the longest text of each column."""
    widths = [4] * max(1, max(map(len, rows), default=0))
    for row in rows:
        for place, cell in enumerate(row):
            length = sum(len(run[0]) for run in cell["runs"])
            widths[place] = max(widths[place], min(length, 40))
    return widths
