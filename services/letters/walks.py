"""The orders in which lists of letters are walked, and their cursors.

An order is an index of `letter` (migration 0004) and at the same time, for the order of
registration, the key of `letter_visibility`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from contracts.letters import LetterSort, LetterSummary
from contracts.paging import decode_cursor, encode_cursor


class Walk(Protocol):
    """`order` is for inside and outside of the merged walks."""

    @property
    def order(self) -> str: ...

    def after(self, cursor: str, tables: Iterable[str]) -> tuple[str, dict[str, Any]]:
        """What continues behind `cursor`; `tables` all have the letter's id, and
        PostgreSQL carries no inequality from one to the other (D18). Raises: Invalid."""

    def cursor(self, last: LetterSummary) -> str: ...


class _ById:
    """In the order of registration: ids ascend in time."""

    def __init__(self, direction: str, sign: str) -> None:
        self._sign = sign
        self.order = f"l.letter_id {direction}"

    def after(self, cursor: str, tables: Iterable[str]) -> tuple[str, dict[str, Any]]:
        (letter_id,) = decode_cursor(cursor, tuple[UUID])
        sign = self._sign
        text = " AND ".join(f"{one}.letter_id {sign} :after_id" for one in tables)
        return text, {"after_id": letter_id}

    def cursor(self, last: LetterSummary) -> str:
        return encode_cursor(last.letter_id)


class _ByDue:
    """By due time; letters without one come last either way."""

    def __init__(self, direction: str, sign: str, last: str) -> None:
        self._sign, self._last = sign, last
        self._key = f"coalesce(l.due_at, '{last}'::timestamptz)"
        self.order = f"{self._key} {direction}, l.letter_id {direction}"

    def after(self, cursor: str, tables: Iterable[str]) -> tuple[str, dict[str, Any]]:
        due_at, letter_id = decode_cursor(cursor, tuple[datetime | None, UUID])
        after_due = due_at.isoformat() if due_at else self._last
        text = (
            f"({self._key}, l.letter_id) {self._sign}"
            " (CAST(:after_due AS timestamptz), :after_id)"
        )
        return text, {"after_due": after_due, "after_id": letter_id}

    def cursor(self, last: LetterSummary) -> str:
        return encode_cursor(last.due_at, last.letter_id)


WALKS: dict[LetterSort, Walk] = {
    LetterSort.NEWEST: _ById("DESC", "<"),
    LetterSort.OLDEST: _ById("ASC", ">"),
    LetterSort.DUE_FIRST: _ByDue("ASC", ">", "infinity"),
    LetterSort.DUE_LAST: _ByDue("DESC", "<", "-infinity"),
}
