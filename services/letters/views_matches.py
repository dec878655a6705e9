"""Why each letter of a page was found: by its facts, or on which page of which file.

Only for the letters of one page, after they were found. Of letters `rahasia` and above
nothing of a file is told here; reading them is recorded, a list is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contracts.letters import Secrecy
from contracts.letters.search import FoundLetter, Match, MatchedOn, SnippetPart
from services.letters.words import Words

_START, _STOP = "\x02", "\x03"  # no text of a page holds control characters
_OPTIONS = (
    f"StartSel={_START}, StopSel={_STOP}, MaxWords=30, MinWords=12, MaxFragments=1"
)


def explain(session: Session, found: Sequence[FoundLetter], words: Words) -> None:
    """Set `match` of each letter."""
    told = [one for one in found if one.secrecy.rank < Secrecy.RAHASIA.rank]
    values = {
        **words.values,
        "ids": [str(one.letter_id) for one in found],
        "told": [str(one.letter_id) for one in told],
        "options": _OPTIONS,
    }
    rows = session.execute(sa.text(_statement(words)), values).mappings()
    by_id = {row["letter_id"]: row for row in rows}
    for one in found:
        one.match = _match(by_id[one.letter_id])


def _statement(words: Words) -> str:
    return f"""
        SELECT x.letter_id, ts_filter(x.tsv, '{{a,b}}') @@ {words.query} AS by_facts,
            hit.file_id, hit.page,
            ts_headline('indonesian', hit.text, {words.any_of_them}, :options)
                AS snippet
        FROM letter_text x LEFT JOIN LATERAL (
            SELECT f.file_id, p.page, p.text FROM file f
            JOIN file_page_text p ON p.sha256 = f.sha256
            WHERE f.letter_id = x.letter_id AND f.report_id IS NULL
                AND x.letter_id = ANY(CAST(:told AS uuid[]))
                AND NOT ts_filter(x.tsv, '{{a,b}}') @@ {words.query}
                AND p.tsv @@ {words.any_of_them}
            ORDER BY ts_rank(p.tsv, {words.any_of_them}) DESC, f.place, p.page
            LIMIT 1) AS hit ON true
        WHERE x.letter_id = ANY(CAST(:ids AS uuid[]))
    """


def _match(row: Any) -> Match:
    if row["by_facts"]:
        return Match(on=MatchedOn.FACTS)
    return Match(
        on=MatchedOn.FILE,
        file_id=row["file_id"],
        page=row["page"],
        snippet=parts_of(row["snippet"] or ""),
    )


def parts_of(marked: str) -> list[SnippetPart]:
    """The pieces between the marks of `ts_headline`."""
    parts = []
    for number, piece in enumerate(marked.replace(_STOP, _START).split(_START)):
        text = " ".join(piece.split())
        if text:
            parts.append(SnippetPart(text=text, found=bool(number % 2)))
    return parts
