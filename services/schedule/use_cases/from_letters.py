"""From letter to activity: what the events of letters say about people's time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from chassis.organisation import Organisation
from contracts import codec
from contracts.actor import ActorRef
from contracts.envelope import Envelope
from contracts.letters.events import (
    DispositionIssued,
    LetterAttendanceDecided,
    LetterClosed,
    LetterCorrected,
    LetterFacts,
    LetterSecrecyRaised,
    LetterVoided,
    TaskFacts,
)
from contracts.letters.resources import Invitation
from contracts.letters.words import Outcome, Secrecy
from contracts.schedule import ActivityState
from contracts.schedule_events import (
    ActivityCancelled,
    ActivityChanged,
    ActivityLetterClosed,
)
from services.schedule.domain.letter_case import LetterSummary, Word, WordKind
from services.schedule.domain.transitions import Act
from services.schedule.events import publish
from services.schedule.placing import note_standings
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.use_cases.creating import hide
from services.schedule.use_cases.settling import Saying, settle

_ENDED = (ActivityState.CANCELLED, ActivityState.COMPLETED)
_UNDECIDED = (ActivityState.PROPOSED, ActivityState.TENTATIVE)


def hear_disposition(uow: UnitOfWork, org: Organisation, envelope: Envelope) -> None:
    """An instruction such as "hadiri" or "agendakan" asks for time."""
    event = codec.load(DispositionIssued, envelope.data)
    words = tuple(_asks(event, envelope.time))
    if words:
        _hear(uow, org, event, envelope, words, event.invitation)


def hear_attendance(uow: UnitOfWork, org: Organisation, envelope: Envelope) -> None:
    """An addressee attends, sends somebody, or declines."""
    event = codec.load(LetterAttendanceDecided, envelope.data)
    word = Word(
        f"attendance:{event.position_id}",
        WordKind(event.decision),
        event.position_id,
        envelope.time,
        event.represented_by,
        event.position_id,
    )
    _hear(uow, org, event, envelope, (word,), event.invitation)


def hear_task_dropped(uow: UnitOfWork, org: Organisation, envelope: Envelope) -> None:
    """Withdrawn, cancelled or returned: what it asked for is asked no more."""
    event = codec.load(TaskFacts, envelope.data)
    word = Word(
        f"task:{event.task_id}", WordKind.DROP, event.position_id, envelope.time
    )
    _hear(uow, org, event, envelope, (word,), None)


def hear_letter_voided(uow: UnitOfWork, org: Organisation, envelope: Envelope) -> None:
    """Registered by mistake: its activity is called off."""
    event = codec.load(LetterVoided, envelope.data)
    uow.letter_cases.note(event.letter_id, voided=True, **_secrecy(event, envelope))
    activity = uow.activities.of_letter(event.letter_id)
    if activity is None or activity.state in _ENDED:
        return
    activity.act(Act.CANCEL, uow.clock(), event.reason)
    note_standings(activity, {})
    uow.activities.save(activity)
    uow.bookings.lift(activity.activity_id)
    publish(
        uow, org, ActivityCancelled, activity, envelope.actor, cause="letter_voided"
    )


def hear_letter_closed(uow: UnitOfWork, org: Organisation, envelope: Envelope) -> None:
    """The activity outlives its letter: its keepers are asked what becomes of it.

    Not when a decision to attend led to it and the letter was simply done with. Time
    that is past needs no answer.
    """
    event = codec.load(LetterClosed, envelope.data)
    activity = uow.activities.of_letter(event.letter_id)
    if activity is None or activity.span.end <= uow.clock():
        return
    undecided = activity.state in _UNDECIDED
    rejected = activity.confirmed and event.outcome is Outcome.REJECTED
    if undecided or rejected:
        publish(uow, org, ActivityLetterClosed, activity, envelope.actor)


def hear_secrecy_raised(uow: UnitOfWork, org: Organisation, envelope: Envelope) -> None:
    """More secret than it was: nothing of it stays on the schedule but the time."""
    event = codec.load(LetterSecrecyRaised, envelope.data)
    case = uow.letter_cases.note(event.letter_id, **_secrecy(event, envelope))
    activity = uow.activities.of_letter(event.letter_id)
    if activity is None or activity.restricted or not case.restricted:
        return
    hide(activity)
    activity.touch(uow.clock())
    uow.activities.save(activity)
    hidden = ("title", "visibility", "place")
    publish(uow, org, ActivityChanged, activity, envelope.actor, changes=hidden)


def hear_correction(uow: UnitOfWork, org: Organisation, envelope: Envelope) -> None:
    """Nobody disposed yet, so there is no activity of it: only what one would be
    filled from is renewed."""
    event = codec.load(LetterCorrected, envelope.data)
    summary = _summary(event, event.invitation) if event.invitation else None
    uow.letter_cases.note(event.letter_id, summary=summary, **_secrecy(event, envelope))


def _secrecy(event: LetterFacts, envelope: Envelope) -> dict[str, Any]:
    restricted = event.secrecy is not Secrecy.BIASA
    return {"restricted": restricted, "sequence": envelope.sequence or 0}


def _asks(event: DispositionIssued, at: datetime) -> Iterator[Word]:
    for task in event.tasks:
        if task.activity_for not in ("recipient", "giver"):
            continue
        giver = event.giver_position_id
        position_id = giver if task.activity_for == "giver" else task.position_id
        yield Word(
            f"task:{task.task_id}",
            WordKind.ASK,
            position_id,
            at,
            giver_position_id=giver,
        )


def _hear(
    uow: UnitOfWork,
    org: Organisation,
    event: LetterFacts,
    envelope: Envelope,
    words: tuple[Word, ...],
    invitation: Invitation | None,
) -> None:
    summary = _summary(event, invitation) if invitation else None
    case = uow.letter_cases.note(
        event.letter_id, words, summary=summary, **_secrecy(event, envelope)
    )
    settle(uow, org, case, Saying(event.letter_id, envelope.actor or ActorRef(), words))


def _summary(event: LetterFacts, invitation: Invitation) -> LetterSummary:
    secret = event.secrecy is not Secrecy.BIASA
    return LetterSummary(
        title=None if secret else event.subject,
        starts_at=invitation.starts_at,
        ends_at=invitation.ends_at,
        place=None if secret else invitation.place,
        dress_code=None if secret else invitation.dress_code,
        contact=None if secret else invitation.contact,
        organiser_unit_id=event.register_unit_id,
    )
