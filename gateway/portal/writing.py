"""The text of a letter as people type it, and as the API wants it.

One small language both ways, so that a hand without scripts loses nothing (ADR 0104)::

    A blank line ends a paragraph.      - a point
    **bold**, *italic*                    - a point below it
    | Nama | Jabatan |                  1. a numbered point
    | --- | --- |                       \\* is an asterisk

`to_html` writes nothing but paragraphs, lists, bold, italic and tables, whatever it
is given; `to_text` reads any HTML and keeps just that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from gateway.portal.writing_parts import (
    DEEPEST,
    Block,
    Item,
    Line,
    Paragraph,
    Points,
    Run,
    Table,
    html_of,
    joined,
    read_html,
)

_MARKER = re.compile(r"^( *)(-|\d{1,3}\.) +(.*)$")
_RULE = re.compile(r"^\|(\s*:?-{3,}:?\s*\|)+\s*$")
_CELL = re.compile(r"(?<!\\)\|")
_TOKEN = re.compile(r"(\\[\\*|.\-n]|\*{1,3})")
_SPECIAL = re.compile(r"[\\*]")
_STARTS_LIKE = re.compile(r"^( *)(-(?= )|\d{1,3}\.(?= )|\|)")
BOLD, ITALIC = "**", "*"


def to_html(text: str) -> str:
    """Text of the form to the body of the API."""
    return "".join(html_of(block) for block in _blocks(text))


def to_text(html: str) -> str:
    """Body of the API, or of the editor, to the text of the form."""
    return "\n\n".join(_text_of(block) for block in read_html(html))


# ---- from text -------------------------------------------------------------------


def _blocks(text: str) -> Iterator[Block]:
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    for has_text, group in groupby(lines, key=bool):
        if has_text:
            yield from _within(list(group))


def _within(lines: list[str]) -> Iterator[Block]:
    """Blocks of lines without a blank one between them."""
    kinds: list[str] = []
    for line in lines:
        kinds.append(_kind(line, kinds[-1] if kinds else "p"))
    for kind, group in groupby(
        zip(kinds, lines, strict=True), key=lambda each: each[0]
    ):
        rows = [line for _, line in group]
        yield {"p": _paragraph, "l": _points, "t": _table}[kind](rows)


def _kind(line: str, before: str) -> str:
    if line.startswith("|"):
        return "t"
    if _MARKER.match(line) or (before == "l" and line.startswith("  ")):
        return "l"
    return "p"


def _paragraph(lines: list[str]) -> Block:
    return Paragraph(_line("\n".join(line.strip() for line in lines)))


def _points(lines: list[str]) -> Block:
    found: list[tuple[int, bool, str]] = []
    for line in lines:
        marker = _MARKER.match(line)
        if marker:
            below = found[-1][0] + 1 if found else 0
            level = min(len(marker[1]) // 2, below, DEEPEST)
            found.append((level, marker[2] != "-", marker[3]))
        else:
            level, ordered, text = found[-1]
            found[-1] = level, ordered, f"{text}\n{line.strip()}"
    return Points([Item(level, ordered, _line(text)) for level, ordered, text in found])


def _table(lines: list[str]) -> Block:
    has_head = len(lines) > 1 and bool(_RULE.match(lines[1]))
    rows = [line for line in lines if not _RULE.match(line)]
    return Table([_cells(row) for row in rows], has_head)


def _cells(row: str) -> list[Line]:
    inner = row.strip()[1:]
    parts = _CELL.split(inner.removesuffix("|") if not inner.endswith("\\|") else inner)
    return [_line(part.strip()) for part in parts]


def _line(text: str) -> Line:
    """Runs of equal weight; a mark without its partner is what it looks like."""
    tokens = [token for token in _TOKEN.split(text) if token]
    paired = {mark: _paired(tokens, mark) for mark in (BOLD, ITALIC)}
    line: Line = []
    bold = italic = False
    for index, token in enumerate(tokens):
        if not token.startswith("*"):
            line.append(Run(_literal(token), bold, italic))
            continue
        rest = len(token)
        if index in paired[BOLD]:
            bold, rest = not bold, rest - 2
        if index in paired[ITALIC]:
            italic, rest = not italic, rest - 1
        line.append(Run("*" * rest, bold, italic))
    return joined(line)


def _paired(tokens: list[str], mark: str) -> set[int]:
    """Indices of tokens that open or close `mark`, two by two."""
    fitting = ("**", "***") if mark == BOLD else ("*", "***")
    found: list[int] = []
    for index, token in enumerate(tokens):
        if token not in fitting:
            continue
        after = tokens[index + 1][:1] if index + 1 < len(tokens) else ""
        # "*)" is a footnote of a form, not the beginning of italics.
        if len(found) % 2 or (after and not after.isspace() and after != ")"):
            found.append(index)
    return set(found[: len(found) // 2 * 2])


def _literal(part: str) -> str:
    if part == "\\n":
        return "\n"
    return part[1:] if len(part) == 2 and _TOKEN.fullmatch(part) else part


# ---- to text ---------------------------------------------------------------------


def _text_of(block: Block) -> str:
    if isinstance(block, Paragraph):
        lines = _marked(block.line).split("\n")
        return "\n".join(_STARTS_LIKE.sub(_quoted, line) for line in lines)
    if isinstance(block, Table):
        return _table_text(block)
    return "\n".join(_point_texts(block.items))


def _point_texts(items: list[Item]) -> Iterator[str]:
    """Each level counts for itself and begins anew below another point."""
    counts: list[int] = []
    for item in items:
        counts = [*counts[: item.level + 1], *[0] * (item.level + 1 - len(counts))]
        counts[item.level] += 1
        marker = f"{counts[item.level]}." if item.ordered else "-"
        indent = "  " * item.level
        text = _marked(item.line).replace("\n", f"\n{indent}  ")
        yield f"{indent}{marker} {text}"


def _table_text(table: Table) -> str:
    rows = [[_cell_text(cell) for cell in row] for row in table.rows]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    if table.has_head and rows:
        lines.insert(1, "|" + " --- |" * len(rows[0]))
    return "\n".join(lines)


def _cell_text(cell: Line) -> str:
    return _marked(cell).replace("|", "\\|").replace("\n", "\\n")


def _marked(line: Line) -> str:
    """Only what changes between two runs is marked."""
    parts: list[str] = []
    bold = italic = False
    for run in [*line, Run("", False, False)]:
        parts.append(BOLD * (run.bold != bold) + ITALIC * (run.italic != italic))
        parts.append(_SPECIAL.sub(r"\\\g<0>", run.text))
        bold, italic = run.bold, run.italic
    return "".join(parts)


def _quoted(found: re.Match[str]) -> str:
    """A paragraph that begins like a point or a row is still a paragraph."""
    start = found[2]
    quoted = f"{start[:-1]}\\." if start.endswith(".") else f"\\{start}"
    return found[1] + quoted
