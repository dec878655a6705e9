"""What a person types, as a query of PostgreSQL's full text.

The grammar is `websearch_to_tsquery`'s, which accepts any text: words, "a phrase",
``or``, ``-not``. Numbers are looked for in their parts, as migration 0004 stores them,
and the last word also by its beginning: it may not be typed to the end yet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

PREFIX_FROM = 3  # shorter beginnings match half of the dictionary

_SEPARATORS = re.compile(r"[/.]|(?<=\S)-|-(?=\s|$)")
_OPERATORS = re.compile(r'"|(?:^|\s)(?:-|or(?:\s|$))', re.IGNORECASE)
_ALL = "websearch_to_tsquery('indonesian', :words)"
_LAST = "websearch_to_tsquery('indonesian', :last)"
_WITH_BEGINNING = (
    f"(CASE WHEN numnode({_LAST}) = 0 THEN {_ALL} ELSE"
    f" {_ALL} && ({_LAST} || to_tsquery('simple', :beginning)) END)"
)


@dataclass(frozen=True)
class Words:
    """`query` is SQL of type tsquery, made of constants and `values`."""

    query: str
    values: dict[str, str]

    @property
    def any_of_them(self) -> str:
        """Any of the words is enough: to find the page that made a letter match."""
        return f"CAST(replace(CAST({self.query} AS text), '&', '|') AS tsquery)"


def looked_for(text: str | None) -> Words | None:
    """None when there is nothing to look for."""
    words = _SEPARATORS.sub(" ", text or "").strip()
    if not words:
        return None
    head, _, last = words.rpartition(" ")
    if _may_begin(last) and not _OPERATORS.search(words):
        values = {"words": head, "last": last, "beginning": f"{last}:*"}
        return Words(_WITH_BEGINNING, values)
    return Words(_ALL, {"words": words})


def _may_begin(word: str) -> bool:
    """Not a number: half of all letters have a part that begins with 202."""
    return word.isalnum() and not word.isdigit() and len(word) >= PREFIX_FROM
