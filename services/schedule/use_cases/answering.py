"""Answers to a request for a slot: yes, another time, or no with a reason.

The activity's row lock lets one of two keepers answer first; the other meets its new
state.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from contracts import codec
from contracts.errors import Conflict, Forbidden, NotFound, invalid
from contracts.schedule import Response
from contracts.schedule_events import (
    ActivityCancelled,
    ActivityChanged,
    ParticipantResponded,
)
from contracts.schedule_requests import CheckConflicts, ConfirmActivity
from contracts.schedule_slot_requests import (
    AcceptSlotRequest,
    MoveSlotRequest,
    RefuseSlotRequest,
    SlotRequestState,
)
from contracts.schedule_slot_requests import SlotRequest as Shown
from services.schedule.domain.activity import Activity, Attendee, Equipment, ask_again
from services.schedule.domain.keepers import Caller, foreign_to, sees
from services.schedule.domain.slot_request import (
    SlotRequest,
    expiry,
    kept_things,
    state_of,
)
from services.schedule.domain.transitions import Act
from services.schedule.events import publish
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.use_cases.acting import bind, confirm_activity, take_off
from services.schedule.use_cases.admission import admit
from services.schedule.use_cases.booking import place_again
from services.schedule.use_cases.checking import check_conflicts
from services.schedule.views.activities import subject_of
from services.schedule.views.slot_requests import present_request

_WAITING = frozenset({SlotRequestState.OPEN, SlotRequestState.OFFERED})


@dataclass
class Asked:
    """A locked request, and the lines of it the caller answers for."""

    activity: Activity
    slot: SlotRequest
    mine: list[Attendee]
    things: list[Equipment]


def accept_slot_request(
    uow: UnitOfWork, caller: Caller, activity_id: UUID, request: AcceptSlotRequest
) -> Shown:
    """Yes for every position the caller keeps; the last yes confirms. Where only rooms
    or vehicles are asked for, one keeper's yes does. Who asked accepts an offered time
    the same way.

    Raises: NotFound, Forbidden ``not_schedule_keeper``, Conflict.
    """
    asked = _asked(uow, caller, activity_id)
    fresh = [line for line in asked.mine if line.decided_at is None]
    for line in fresh:
        line.response, line.decided_at = Response.ATTENDING, caller.now
    if foreign := foreign_to(caller, asked.activity.binding()):
        _require_news(fresh, asked, foreign)
        _say_yes(uow, caller, asked, fresh, request.note)
    else:
        uow.activities.save(asked.activity)
        _confirm(uow, caller, asked, ConfirmActivity(reason=request.note))
        asked.slot.closed = True
    return _answered(uow, caller, asked, request.note)


def _confirm(
    uow: UnitOfWork, caller: Caller, asked: Asked, request: ConfirmActivity
) -> None:
    """Whoever lends all or part of what alone is asked for need not organise it."""
    by, activity = asked.slot.answered_by, asked.activity
    other = by.person if by else None
    agreed = other is not None and other.person_id != caller.actor.person_id
    if asked.things:
        bind(uow, caller, activity, request, agreed=agreed)
    else:
        confirm_activity(uow, caller, activity.activity_id, request, agreed=agreed)


def _require_news(fresh: list[Attendee], asked: Asked, foreign: list[UUID]) -> None:
    if not asked.mine:
        raise Forbidden(
            "not_schedule_keeper", position_ids=[str(key) for key in foreign]
        )
    if not fresh:
        raise Conflict("illegal_transition", state=asked.activity.state.value)


def _say_yes(
    uow: UnitOfWork,
    caller: Caller,
    asked: Asked,
    fresh: list[Attendee],
    note: str | None,
) -> None:
    """Others must still answer."""
    asked.activity.act(Act.RESPOND, caller.now)
    uow.activities.save(asked.activity)
    for line in fresh:
        publish(
            uow,
            caller.org,
            ParticipantResponded,
            asked.activity,
            caller.signature((line.position_id,)),
            position_id=line.position_id,
            response=Response.ATTENDING,
            note=note,
        )


def move_slot_request(
    uow: UnitOfWork, caller: Caller, activity_id: UUID, request: MoveSlotRequest
) -> Shown:
    """Another time, free for all who would bind. It stays a proposal until who asked
    accepts; other keepers are asked anew.

    Raises: NotFound, Forbidden, Invalid, Conflict ``schedule_conflict``,
    ``resource_closed``.
    """
    asked = _of_keeper(uow, caller, activity_id)
    activity, slot = asked.activity, asked.slot
    if request.starts_at < caller.now:
        raise invalid("/starts_at", "Waktu yang ditawarkan sudah lewat")
    activity.act(Act.UPDATE, caller.now)
    activity.starts_at, activity.ends_at = request.starts_at, request.ends_at
    activity.fill_days()
    activity.span  # noqa: B018  the new times are checked here
    _require_free(uow, caller, activity)
    ask_again(activity.attendees)
    for line in asked.mine:
        line.response, line.decided_at = Response.ATTENDING, caller.now
    slot.offered_starts_at = activity.starts_at
    slot.expires_at = expiry(activity.kind, activity.starts_at, caller.now)
    signed = caller.signature(activity.position_ids)
    admit(uow, caller, activity)
    place_again(uow, caller, activity, signed)
    publish(
        uow,
        caller.org,
        ActivityChanged,
        activity,
        signed,
        changes=("starts_at", "ends_at"),
        offered=True,
        reason=request.note,
    )
    return _answered(uow, caller, asked, request.note)


def _require_free(uow: UnitOfWork, caller: Caller, activity: Activity) -> None:
    """Nobody offers an hour that is gone; who confirms meets the constraint anyway."""
    found = check_conflicts(
        uow,
        caller,
        CheckConflicts(
            starts_at=activity.starts_at,
            ends_at=activity.ends_at,
            kind=activity.kind,
            position_ids=[line.position_id for line in activity.binding()],
            resource_ids=[item.resource_id for item in activity.equipment],
            exclude_activity_id=activity.activity_id,
            travel_minutes_before=activity.travel_before,
            travel_minutes_after=activity.travel_after,
        ),
    )
    if found.conflicts:
        raise Conflict(
            "schedule_conflict",
            conflicts=codec.dump(found.conflicts),
            alternatives=codec.dump(found.alternatives),
        )


def refuse_slot_request(
    uow: UnitOfWork, caller: Caller, activity_id: UUID, request: RefuseSlotRequest
) -> Shown:
    """One keeper's no ends it.

    Raises: NotFound, Forbidden ``not_schedule_keeper``, Conflict.
    """
    asked = _of_keeper(uow, caller, activity_id)
    asked.slot.ending, asked.slot.closed = SlotRequestState.REFUSED, True
    asked.activity.act(Act.CANCEL, caller.now, request.reason)
    take_off(uow, asked.activity)
    signed = caller.signature(asked.activity.position_ids)
    publish(
        uow,
        caller.org,
        ActivityCancelled,
        asked.activity,
        signed,
        cause=SlotRequestState.REFUSED.value,
    )
    return _answered(uow, caller, asked, request.reason)


def _of_keeper(uow: UnitOfWork, caller: Caller, activity_id: UUID) -> Asked:
    asked = _asked(uow, caller, activity_id)
    if not (asked.mine or asked.things):
        theirs = [str(line.position_id) for line in asked.activity.binding()]
        raise Forbidden("not_schedule_keeper", position_ids=theirs)
    return asked


def _asked(uow: UnitOfWork, caller: Caller, activity_id: UUID) -> Asked:
    activity = uow.activities.get(activity_id, lock=True)
    slot = uow.slot_requests.get(activity_id)
    if not sees(caller, subject_of(activity)):
        raise NotFound
    state = state_of(slot, activity, caller.now)
    mine = [line for line in activity.binding() if line.position_id in caller.kept]
    if state not in _WAITING:
        raise Conflict("illegal_transition", state=state.value)
    return Asked(activity, slot, mine, kept_things(caller, activity))


def _answered(uow: UnitOfWork, caller: Caller, asked: Asked, note: str | None) -> Shown:
    signed = caller.signature(asked.activity.position_ids)
    asked.slot.answer(signed, caller.now, note)
    uow.slot_requests.save(asked.slot)
    activity = uow.activities.get(asked.activity.activity_id)
    return present_request(asked.slot, activity, caller)
