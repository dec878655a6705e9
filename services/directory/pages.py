"""Pages of lists: what matches a search, and where the next page begins."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from contracts.paging import Page, decode_cursor, encode_cursor

T = TypeVar("T")


def mentions(wanted: str | None, *texts: str) -> bool:
    return not wanted or any(wanted.casefold() in text.casefold() for text in texts)


def page_by_code(
    rows: Iterable[T], limit: int, cursor: str | None, code: Callable[[T], str]
) -> Page[T]:
    """One page of rows that are sorted by their code."""
    if cursor is not None:
        (last,) = decode_cursor(cursor, tuple[str])
        rows = (row for row in rows if code(row) > last)
    return cut(list(rows), limit, lambda row: (code(row),))


def cut(rows: list[T], limit: int, key: Callable[[T], tuple[Any, ...]]) -> Page[T]:
    more = len(rows) > limit
    items = rows[:limit]
    return Page(
        items=items, next_cursor=encode_cursor(*key(items[-1])) if more else None
    )
