"""The keeper of a room or vehicle agrees to its use, or takes it out."""

from __future__ import annotations

from uuid import UUID

from contracts import schedule
from contracts.errors import Conflict, Forbidden, NotFound
from contracts.schedule_events import ActivityCancelled, ActivityChanged
from contracts.schedule_requests import ApproveResource
from services.schedule.domain.activity import Activity, Equipment
from services.schedule.domain.keepers import Caller, sees
from services.schedule.domain.transitions import LIVE, Act
from services.schedule.events import publish
from services.schedule.placing import note_standings
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.use_cases.admission import closed_for
from services.schedule.use_cases.booking import place_again
from services.schedule.views.activities import present, subject_of


def approve_resource(
    uow: UnitOfWork,
    caller: Caller,
    activity_id: UUID,
    resource_id: UUID,
    request: ApproveResource,
) -> schedule.Activity:
    """Raises: NotFound, Forbidden, Conflict ``schedule_conflict``, ``resource_closed``
    or ``illegal_transition``."""
    activity = uow.activities.get(activity_id, lock=True)
    item = waiting_item(uow, caller, activity, resource_id)
    activity.act(Act.UPDATE, caller.now)
    if request.approved:
        return _agree(uow, caller, activity, item)
    return _take_out(uow, caller, activity, item, request.reason)


def waiting_item(
    uow: UnitOfWork, caller: Caller, activity: Activity, resource_id: UUID
) -> Equipment:
    """The thing the locked activity waits for, if the caller keeps it.

    Raises: NotFound, Forbidden, Conflict ``illegal_transition``.
    """
    item = kept_item(uow, caller, activity, resource_id)
    if item.approved or activity.state not in LIVE:
        raise Conflict("illegal_transition", state=activity.state.value)
    return item


def kept_item(
    uow: UnitOfWork, caller: Caller, activity: Activity, resource_id: UUID
) -> Equipment:
    """A thing of the activity that the caller keeps. Raises: NotFound, Forbidden."""
    item = _asked_for(activity, resource_id)
    if not caller.organises(_hold(uow, resource_id).unit_id):
        raise Forbidden if sees(caller, subject_of(activity)) else NotFound
    return item


def require_usable(
    uow: UnitOfWork, caller: Caller, activity: Activity, resource_id: UUID
) -> None:
    """Raises: Conflict ``resource_closed``."""
    if closed_for(caller, activity, [_hold(uow, resource_id)]):
        raise Conflict("resource_closed", resource_ids=[str(resource_id)])


def _asked_for(activity: Activity, resource_id: UUID) -> Equipment:
    for item in activity.equipment:
        if item.resource_id == resource_id:
            return item
    raise NotFound


def _hold(uow: UnitOfWork, resource_id: UUID) -> schedule.Resource:
    return uow.resources.find([resource_id], hold=True)[resource_id]


def _agree(
    uow: UnitOfWork, caller: Caller, activity: Activity, item: Equipment
) -> schedule.Activity:
    require_usable(uow, caller, activity, item.resource_id)
    item.approved = True
    return _placed(uow, caller, activity)


def _take_out(
    uow: UnitOfWork,
    caller: Caller,
    activity: Activity,
    item: Equipment,
    reason: str | None,
) -> schedule.Activity:
    """An activity of nothing else is called off."""
    activity.reason = None if activity.restricted else reason
    if activity.lines == [item]:
        activity.act(Act.CANCEL, caller.now, activity.reason)
        note_standings(activity, {})
        uow.activities.save(activity)
        uow.bookings.lift(activity.activity_id)
        signed = caller.signature(activity.position_ids)
        publish(uow, caller.org, ActivityCancelled, activity, signed)
        return present(activity, caller)
    activity.equipment.remove(item)
    return _placed(uow, caller, activity)


def _placed(uow: UnitOfWork, caller: Caller, activity: Activity) -> schedule.Activity:
    signed = caller.signature(activity.position_ids)
    warnings = place_again(uow, caller, activity, signed, settled=False)
    publish(
        uow, caller.org, ActivityChanged, activity, signed, changes=("resource_ids",)
    )
    return present(activity, caller, warnings)
