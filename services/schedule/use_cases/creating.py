"""A new activity: proposed by anybody, booked by the keepers of its people."""

from __future__ import annotations

from uuid import UUID

from chassis.ids import new_id
from contracts import schedule
from contracts.errors import Forbidden, invalid
from contracts.schedule import ActivityState, Visibility
from contracts.schedule_events import (
    ActivityConfirmed,
    ActivityFacts,
    ActivityProposed,
)
from contracts.schedule_requests import CreateActivity
from services.schedule.domain.activity import Activity
from services.schedule.domain.keepers import Caller, require_kept
from services.schedule.domain.slot_request import ask, is_request
from services.schedule.domain.voice import require_voice
from services.schedule.events import publish
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.use_cases.admission import admit, ask_keepers
from services.schedule.use_cases.booking import place_new
from services.schedule.use_cases.drafting import (
    attendees_of,
    equipment_of,
    override_of,
    require_unit,
)
from services.schedule.views.activities import present
from services.schedule.views.masking import HIDDEN


def create_activity(
    uow: UnitOfWork,
    caller: Caller,
    request: CreateActivity,
    *,
    secret: bool = False,
    activity_id: UUID | None = None,
) -> schedule.Activity:
    """`secret`: it comes of a letter `terbatas` or above and shows nothing of it.

    Raises: Invalid, Forbidden ``not_schedule_keeper``, ``not_organiser``, Conflict.
    """
    activity = draft(uow, caller, request, activity_id or new_id())
    require_ahead(caller, activity)
    if secret or _hides(uow, request.letter_id):
        hide(activity)
    require_voice(caller, activity)
    if activity.confirmed:
        require_kept(caller, activity.binding(), overriding=bool(activity.override))
    admit(uow, caller, activity)
    warnings = place_new(uow, caller, activity, activity.created_by)
    if is_request(caller, activity):
        uow.slot_requests.add(ask(activity, caller.now))
    publish(uow, caller.org, _event(activity), activity, activity.created_by)
    ask_keepers(uow, caller, activity)
    return present(activity, caller, warnings)


def require_ahead(caller: Caller, activity: Activity) -> None:
    """Nobody is asked for an hour that is over. What took place may be booked
    afterwards.

    Raises: Invalid.
    """
    proposed = activity.state is ActivityState.PROPOSED
    if proposed and activity.span.end <= caller.now:
        raise invalid("/starts_at", "Waktu yang diminta sudah lewat")


def _hides(uow: UnitOfWork, letter_id: UUID | None) -> bool:
    """Raised in the moment since it was asked: under the letter's lock nothing slips
    between this activity and the event that hides it."""
    return letter_id is not None and uow.letter_cases.is_restricted(letter_id)


def hide(activity: Activity) -> None:
    """Nothing of a restricted letter stands on the schedule but the time."""
    activity.restricted = True
    activity.title = HIDDEN
    activity.visibility = Visibility.BUSY_ONLY
    activity.place = None
    activity.dress_code = activity.contact = None
    activity.reason = None
    activity.outcome = None


def _event(activity: Activity) -> type[ActivityFacts]:
    return ActivityConfirmed if activity.confirmed else ActivityProposed


def draft(
    uow: UnitOfWork, caller: Caller, request: CreateActivity, activity_id: UUID
) -> Activity:
    """A new activity as asked for, not stored yet.

    Raises: Invalid, Forbidden.
    """
    state = ActivityState(request.state)
    _require_allowed(caller, request, state)
    require_unit(caller.org, request.organiser_unit_id)
    attendees = attendees_of(caller.org, request.participants)
    confirmed = state is ActivityState.CONFIRMED
    activity = Activity(
        activity_id=activity_id,
        title=request.title,
        kind=request.kind,
        starts_at=request.starts_at,
        ends_at=request.ends_at,
        organiser_unit_id=request.organiser_unit_id,
        state=state,
        visibility=request.visibility,
        created_by=caller.signature(line.position_id for line in attendees),
        created_at=caller.now,
        updated_at=caller.now,
        place=request.place,
        attendees=attendees,
        equipment=equipment_of(uow, request.resource_ids),
        letter_id=request.letter_id,
        external_ref=request.external_ref,
        travel_before=request.travel_minutes_before,
        travel_after=request.travel_minutes_after,
        override=override_of(caller, request.override, binds=confirmed),
        confirmed_at=caller.now if confirmed else None,
        all_day=request.all_day,
        dress_code=request.dress_code,
        contact=request.contact,
    )
    activity.fill_days()
    activity.span  # noqa: B018  checks the times
    return activity


def _require_allowed(
    caller: Caller, request: CreateActivity, state: ActivityState
) -> None:
    if not request.participants and not request.resource_ids:
        raise invalid("/participants", "Isi peserta, ruang, atau kendaraan")
    if caller.is_client and state is not ActivityState.PROPOSED:
        raise Forbidden("forbidden", needed="proposed")
