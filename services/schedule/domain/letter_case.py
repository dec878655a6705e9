"""What letters ask of the schedule, folded into wishes about participants.

A letter's words (attendance, dispositions, withdrawals) may arrive in any order and
twice; the fold sees them as a set, so the end is the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from contracts.schedule import ParticipantRole, Response
from services.schedule.domain.activity import Activity, Attendee
from services.schedule.domain.representation import fall_back


class WordKind(StrEnum):
    ATTEND = "attend"
    REPRESENT = "represent"
    DECLINE = "decline"
    ASK = "ask"
    DROP = "drop"  # a task that was withdrawn, cancelled or returned


_ANSWERS = {
    WordKind.ATTEND: Response.ATTENDING,
    WordKind.REPRESENT: Response.REPRESENTED,
    WordKind.DECLINE: Response.NOT_ATTENDING,
}


class LetterSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What an activity is filled from; `title` null = nothing of it may show."""

    title: str | None
    starts_at: datetime
    ends_at: datetime | None
    place: str | None
    organiser_unit_id: UUID
    dress_code: str | None = None
    contact: str | None = None

    def without_words(self) -> LetterSummary:
        """Only the time: of a letter `terbatas` or above."""
        return msgspec.structs.replace(
            self, title=None, place=None, dress_code=None, contact=None
        )


@dataclass(frozen=True, slots=True)
class Word:
    """One thing a letter said about one position. `source` names it uniquely:
    ``attendance:<position>`` or ``task:<task>``."""

    source: str
    kind: WordKind
    position_id: UUID
    at: datetime
    represented_by: UUID | None = None
    giver_position_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """How a participant's line should be, as of `at`, and who said so."""

    response: Response
    at: datetime
    giver_position_id: UUID | None
    represented_by: UUID | None = None
    represents: UUID | None = None

    @property
    def answered(self) -> bool:
        return self.response is not Response.PENDING


def wishes_of(words: Iterable[Word]) -> dict[UUID, Wish]:
    """The latest answer of each addressee, who was sent instead, who was asked."""
    ordered = sorted(words, key=lambda word: (word.at, word.source))
    found: dict[UUID, Wish] = {}
    for word in ordered:
        if word.kind is WordKind.ASK:
            found.setdefault(word.position_id, _asked(word))
    answers = [word for word in ordered if word.kind in _ANSWERS]
    found |= {word.position_id: _answered(word) for word in answers}
    own = {word.position_id: word.at for word in answers}
    for word in answers:
        other = word.represented_by
        if other is not None and own.get(other, word.at) <= word.at:
            found[other] = _sent(word)
    return found


def _asked(word: Word) -> Wish:
    return Wish(Response.PENDING, word.at, word.giver_position_id)


def _answered(word: Word) -> Wish:
    return Wish(
        _ANSWERS[word.kind],
        word.at,
        word.giver_position_id,
        represented_by=word.represented_by,
    )


def _sent(word: Word) -> Wish:
    return Wish(
        Response.ATTENDING, word.at, word.position_id, represents=word.position_id
    )


def asks_for_an_activity(wishes: dict[UUID, Wish]) -> bool:
    """Somebody is to come; a letter everybody declined makes no activity."""
    away = (Response.NOT_ATTENDING, Response.REPRESENTED)
    return any(wish.response not in away for wish in wishes.values())


def merge(activity: Activity, wishes: dict[UUID, Wish]) -> bool:
    """Bring the letter's lines up to the wishes; whether anything changed.

    What people put into the activity stays, and so does an answer newer than the
    letter's word.
    """
    before = _shape(activity)
    activity.attendees = [
        line
        for line in activity.attendees
        if not line.from_letter or line.position_id in wishes
    ]
    for position_id, wish in sorted(wishes.items()):
        line = activity.attendee(position_id)
        if line is None:
            line = Attendee(position_id, ParticipantRole.REQUIRED, from_letter=True)
            activity.attendees.append(line)
        if wish.answered and (line.decided_at is None or line.decided_at <= wish.at):
            line.response, line.decided_at = wish.response, wish.at
            line.represented_by, line.represents = wish.represented_by, wish.represents
    fall_back(activity)
    return _shape(activity) != before


def _shape(activity: Activity) -> list[tuple[object, ...]]:
    return [
        (line.position_id, line.response, line.represented_by, line.represents)
        for line in activity.attendees
    ]
