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
    restricted: bool
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
        restricted: bool = False,
        sequence: int = 0,
    ) -> LetterCase:
        """Add what an event says, under the letter's lock; all that is known now.

        Of invitation and secrecy the word of the latest event (`sequence`) counts.
        """
        known = _noted(letter_id, summary, voided, restricted, sequence)
        row = self._session.execute(known).one()
        for word in words:
            self._session.execute(_said(letter_id, word))
        kept = msgspec.convert(row.invitation, LetterSummary | None)
        shown = kept.without_words() if kept and row.restricted else kept
        if shown != kept:
            self._forget(letter_id, shown)
        return LetterCase(shown, row.voided, row.restricted, self._words(letter_id))

    def is_restricted(self, letter_id: UUID) -> bool:
        """As far as events said; locks the letter, also one never heard of."""
        nothing = insert(_CASE).values(
            letter_id=letter_id, voided=False, restricted=False, sequence=0
        )
        self._session.execute(nothing.on_conflict_do_nothing())
        query = sa.select(_CASE.c.restricted).where(_CASE.c.letter_id == letter_id)
        return bool(self._session.scalar(query.with_for_update()))

    def _forget(self, letter_id: UUID, kept: LetterSummary | None) -> None:
        self._session.execute(
            sa.update(_CASE)
            .where(_CASE.c.letter_id == letter_id)
            .values(invitation=codec.dump(kept))
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
    letter_id: UUID,
    summary: LetterSummary | None,
    voided: bool,
    restricted: bool,
    sequence: int,
) -> sa.sql.dml.ReturningInsert[Any]:
    given = insert(_CASE).values(
        letter_id=letter_id,
        invitation=codec.dump(summary),
        voided=voided,
        restricted=restricted,
        sequence=sequence,
    )
    new, old = given.excluded, _CASE.c
    newer = new.sequence >= old.sequence
    return given.on_conflict_do_update(
        index_elements=["letter_id"],
        set_={
            "invitation": sa.case(
                (newer, sa.func.coalesce(new.invitation, old.invitation)),
                else_=sa.func.coalesce(old.invitation, new.invitation),
            ),
            "voided": sa.or_(old.voided, new.voided),
            "restricted": sa.case((newer, new.restricted), else_=old.restricted),
            "sequence": sa.func.greatest(old.sequence, new.sequence),
        },
    ).returning(_CASE.c.invitation, _CASE.c.voided, _CASE.c.restricted)


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
