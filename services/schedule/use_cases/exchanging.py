"""Two participants of two activities change places, both or neither.

One after the other cannot be done: at the same hour each would find the other's time
taken, and so would two who change at once.
"""

from __future__ import annotations

from uuid import UUID

from contracts import schedule
from contracts.errors import invalid
from contracts.schedule import Exchange
from contracts.schedule_events import ActivityChanged
from contracts.schedule_requests import ExchangeParticipants
from services.schedule.domain.activity import Activity, Attendee
from services.schedule.domain.keepers import Caller, require_kept
from services.schedule.domain.representation import dismiss_representative, fall_back
from services.schedule.domain.transitions import Act
from services.schedule.events import publish
from services.schedule.placing_series import prepare_many
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.use_cases.acting import changeable
from services.schedule.use_cases.booking import lay_and_tell
from services.schedule.views.activities import present


def exchange_participants(
    uow: UnitOfWork, caller: Caller, activity_id: UUID, request: ExchangeParticipants
) -> Exchange:
    """By who may change both activities and, where they are definite, keeps both times.

    Raises: NotFound, Forbidden ``not_schedule_keeper``, Invalid, Conflict.
    """
    other_id = request.other_activity_id
    if other_id == activity_id:
        raise invalid("/other_activity_id", "Pilih kegiatan yang lain")
    # in one order: two exchanges of the same activities wait, and do not lock up
    locked = {
        key: changeable(uow, caller, key) for key in sorted((activity_id, other_id))
    }
    one, other = locked[activity_id], locked[other_id]
    theirs = request.other_position_id
    leaving = _leaving(one, request.position_id, "/position_id", other)
    coming = _leaving(other, theirs, "/other_position_id", one)
    _replace(caller, one, leaving, theirs)
    _replace(caller, other, coming, request.position_id)
    warnings = _place(uow, caller, [one, other])
    _tell(uow, caller, one, request.position_id)
    _tell(uow, caller, other, theirs)
    return Exchange(
        activities=[
            present(each, caller, warnings[each.activity_id]) for each in (one, other)
        ]
    )


def _leaving(
    activity: Activity, position_id: UUID, field: str, to: Activity
) -> Attendee:
    line = activity.attendee(position_id)
    if line is None:
        raise invalid(field, "Jabatan ini bukan peserta kegiatannya")
    if to.attendee(position_id) is not None:
        raise invalid(field, "Jabatan ini sudah peserta kegiatan yang lain")
    return line


def _replace(
    caller: Caller, activity: Activity, leaving: Attendee, position_id: UUID
) -> None:
    """Who comes is asked anew; whoever was sent for who leaves need not come."""
    activity.act(Act.UPDATE, caller.now)
    dismiss_representative(activity, leaving)
    fresh = Attendee(position_id, leaving.role)
    activity.attendees = [
        fresh if line is leaving else line for line in activity.attendees
    ]
    asked = [fresh, *fall_back(activity)]
    if activity.confirmed:
        require_kept(caller, [line for line in asked if line.would_bind])


def _place(
    uow: UnitOfWork, caller: Caller, activities: list[Activity]
) -> dict[UUID, list[schedule.Clash]]:
    """All lines are taken up before one is laid: each frees what the other takes."""
    lines = prepare_many(uow, activities, caller.org, settled=())
    for each in activities:
        uow.activities.save(each)
    uow.bookings.lift_many([each.activity_id for each in activities])
    return {
        each.activity_id: lay_and_tell(
            uow,
            caller,
            each,
            lines[each.activity_id],
            caller.signature(each.position_ids),
        )
        for each in activities
    }


def _tell(uow: UnitOfWork, caller: Caller, activity: Activity, gone: UUID) -> None:
    publish(
        uow,
        caller.org,
        ActivityChanged,
        activity,
        caller.signature(activity.position_ids),
        changes=("participants",),
        removed_position_ids=(gone,),
    )
