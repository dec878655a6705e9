"""Confirm, cancel, postpone, complete: acts on one locked activity."""

from __future__ import annotations

from uuid import UUID

from contracts import schedule
from contracts.errors import Forbidden, NotFound
from contracts.schedule_events import (
    ActivityCancelled,
    ActivityChanged,
    ActivityConfirmed,
)
from contracts.schedule_requests import ActOnActivity, ConfirmActivity
from services.schedule.domain.activity import Activity
from services.schedule.domain.keepers import Caller, may_change, require_kept, sees
from services.schedule.domain.transitions import Act, next_state
from services.schedule.domain.voice import require_voice
from services.schedule.events import publish
from services.schedule.placing import note_standings
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.use_cases.admission import admit_confirmed, ask_keepers
from services.schedule.use_cases.booking import place_again
from services.schedule.use_cases.drafting import override_of
from services.schedule.views.activities import present, subject_of


def changeable(
    uow: UnitOfWork,
    caller: Caller,
    activity_id: UUID,
    *,
    expected_version: int | None = None,
) -> Activity:
    """The locked activity, if the caller may change it.

    Raises: NotFound, also when he may not know of it; Forbidden; Stale.
    """
    activity = uow.activities.get(
        activity_id, lock=True, expected_version=expected_version
    )
    if not may_change(caller, activity):
        raise Forbidden if sees(caller, subject_of(activity)) else NotFound
    return activity


def confirm_activity(
    uow: UnitOfWork,
    caller: Caller,
    activity_id: UUID,
    request: ConfirmActivity,
    *,
    agreed: bool = False,
) -> schedule.Activity:
    """Make it bind; on a confirmed one: try its displaced or blocked lines again.

    Raises: NotFound, Forbidden ``not_schedule_keeper``, ``not_organiser``, Conflict.
    """
    activity = confirmable(uow, caller, activity_id)
    return bind(uow, caller, activity, request, agreed=agreed)


def bind(
    uow: UnitOfWork,
    caller: Caller,
    activity: Activity,
    request: ConfirmActivity,
    *,
    agreed: bool = False,
) -> schedule.Activity:
    """The locked activity, of a caller who may, takes its time. `agreed`: another
    keeper answered the request before.

    Raises: Forbidden ``not_schedule_keeper``, ``not_organiser``, Conflict.
    """
    override = override_of(caller, request.override, binds=True)
    next_state(activity.state, Act.CONFIRM)
    require_kept(caller, activity.binding(), overriding=bool(override))
    admit_confirmed(uow, caller, activity)
    again = activity.confirmed
    activity.act(Act.CONFIRM, caller.now, request.reason)
    if not again:
        require_voice(caller, activity, agreed=agreed)
    activity.override = override or activity.override
    activity.blocked, activity.alternatives = False, []
    signed = caller.signature(activity.position_ids)
    warnings = place_again(
        uow, caller, activity, signed, taking=again, overriding=bool(override)
    )
    publish(uow, caller.org, ActivityConfirmed, activity, signed)
    ask_keepers(uow, caller, activity)
    return present(activity, caller, warnings)


def confirmable(uow: UnitOfWork, caller: Caller, activity_id: UUID) -> Activity:
    """The locked activity, for its keepers or organisers; who may not, learns whose
    time he does not keep.

    Raises: NotFound, Forbidden ``not_schedule_keeper``.
    """
    activity = uow.activities.get(activity_id, lock=True)
    if caller.is_client or not sees(caller, subject_of(activity)):
        raise Forbidden if caller.is_client else NotFound
    if not may_change(caller, activity) and not caller.overrides():
        require_kept(caller, activity.binding())
        raise Forbidden
    return activity


def cancel_activity(
    uow: UnitOfWork, caller: Caller, activity_id: UUID, request: ActOnActivity
) -> schedule.Activity:
    """Raises: NotFound, Forbidden, Conflict ``illegal_transition``."""
    activity = changeable(uow, caller, activity_id)
    activity.act(Act.CANCEL, caller.now, request.reason)
    take_off(uow, activity)
    signed = caller.signature(activity.position_ids)
    publish(uow, caller.org, ActivityCancelled, activity, signed)
    return present(activity, caller)


def postpone_activity(
    uow: UnitOfWork, caller: Caller, activity_id: UUID, request: ActOnActivity
) -> schedule.Activity:
    """Raises: NotFound, Forbidden, Conflict ``illegal_transition``."""
    activity = changeable(uow, caller, activity_id)
    activity.act(Act.POSTPONE, caller.now, request.reason)
    take_off(uow, activity)
    _tell_state(uow, caller, activity)
    return present(activity, caller)


def complete_activity(
    uow: UnitOfWork, caller: Caller, activity_id: UUID, request: ActOnActivity
) -> schedule.Activity:
    """It took place; what it still claimed after now is free.

    Raises: NotFound, Forbidden, Conflict ``illegal_transition``,
    ``activity_not_begun``.
    """
    activity = changeable(uow, caller, activity_id)
    activity.act(Act.COMPLETE, caller.now, request.reason)
    uow.activities.save(activity)
    uow.bookings.shorten(activity.activity_id, caller.now)
    _tell_state(uow, caller, activity)
    return present(activity, caller)


def take_off(uow: UnitOfWork, activity: Activity) -> None:
    """Store what was called off or put off; its lines claim nothing any more."""
    activity.blocked, activity.alternatives = False, []
    note_standings(activity, {})
    uow.activities.save(activity)
    uow.bookings.lift(activity.activity_id)


def _tell_state(uow: UnitOfWork, caller: Caller, activity: Activity) -> None:
    signed = caller.signature(activity.position_ids)
    publish(uow, caller.org, ActivityChanged, activity, signed, changes=("state",))
