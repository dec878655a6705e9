"""What letters said, kept per letter: the row of the letter is its lock."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from contracts import codec
from services.schedule import tables
from services.schedule.domain.letter_case import LetterSummary, Word, WordKind

_CASE, _WORD = tables.letter_case, tables.letter_word


class LetterCase(NamedTuple):
    """Everything known of one letter; the same whatever order it came in."""

    summary: LetterSummary | None
    voided: bool
    words: list[Word]


class LetterCases:
    """Cases of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def note(
        self,
        letter_id: UUID,
        words: Iterable[Word] = (),
        *,
        summary: LetterSummary | None = None,
        voided: bool = False,
    ) -> LetterCase:
        """Add what an event says, under the letter's lock; all that is known now."""
        row = self._session.execute(_noted(letter_id, summary, voided)).one()
        for word in words:
            self._session.execute(_said(letter_id, word))
        return LetterCase(
            msgspec.convert(row.invitation, LetterSummary | None),
            row.voided,
            self._words(letter_id),
        )

    def _words(self, letter_id: UUID) -> list[Word]:
        query = sa.select(_WORD).where(_WORD.c.letter_id == letter_id)
        return [
            Word(
                row.source,
                WordKind(row.kind),
                row.position_id,
                row.at,
                row.represented_by,
                row.giver_position_id,
            )
            for row in self._session.execute(query)
        ]


def _noted(
    letter_id: UUID, summary: LetterSummary | None, voided: bool
) -> sa.sql.dml.ReturningInsert[Any]:
    given = insert(_CASE).values(
        letter_id=letter_id, invitation=codec.dump(summary), voided=voided
    )
    kept = sa.func.coalesce(_CASE.c.invitation, given.excluded.invitation)
    return given.on_conflict_do_update(
        index_elements=["letter_id"],
        set_={
            "invitation": kept,
            "voided": sa.or_(_CASE.c.voided, given.excluded.voided),
        },
    ).returning(_CASE.c.invitation, _CASE.c.voided)


def _said(letter_id: UUID, word: Word) -> sa.sql.dml.Insert:
    """The newest attendance wins; a dropped task stays dropped."""
    given = insert(_WORD).values(
        letter_id=letter_id,
        source=word.source,
        kind=word.kind.value,
        position_id=word.position_id,
        represented_by=word.represented_by,
        giver_position_id=word.giver_position_id,
        at=word.at,
    )
    columns = ("kind", "position_id", "represented_by", "giver_position_id", "at")
    newer = sa.and_(given.excluded.at > _WORD.c.at, _WORD.c.kind != WordKind.DROP.value)
    return given.on_conflict_do_update(
        index_elements=["letter_id", "source"],
        set_={name: given.excluded[name] for name in columns},
        where=sa.or_(given.excluded.kind == WordKind.DROP.value, newer),
    )
