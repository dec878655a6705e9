"""What nobody settled in time is called off, and told: requests for a slot at the end
of their patience, whatever else is pencilled in once its hour is over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

import structlog

from chassis.organisation import Organisation
from chassis.unit_of_work import repeatable
from contracts.schedule import ActivityState
from contracts.schedule_events import ActivityCancelled
from contracts.schedule_slot_requests import SlotRequestState
from services.schedule.domain.transitions import Act
from services.schedule.events import publish
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.use_cases.acting import take_off

BATCH = 100
REASON = "Tidak dijawab sampai batas waktunya"
OVER = "Waktunya lewat sebelum ditetapkan"
_PENCILLED = frozenset({ActivityState.PROPOSED, ActivityState.TENTATIVE})

OpenUow = Callable[[], UnitOfWork]
End = Callable[[UnitOfWork, Organisation, UUID, datetime], bool]

log = structlog.get_logger(__name__)


def expire_requests(open_uow: OpenUow, org: Organisation, now: datetime) -> int:
    """Each in a transaction of its own; how many expired now."""
    with open_uow() as uow:
        due = uow.slot_requests.due(now, BATCH)
    return _end_each(open_uow, org, now, due, expire_request)


def lapse_pencilled(open_uow: OpenUow, org: Organisation, now: datetime) -> int:
    """Each in a transaction of its own; how many lapsed now."""
    with open_uow() as uow:
        due = uow.activities.pencilled(now, BATCH)
    return _end_each(open_uow, org, now, due, lapse)


def _end_each(
    open_uow: OpenUow, org: Organisation, now: datetime, due: Sequence[UUID], end: End
) -> int:
    ended = 0
    for activity_id in due:

        def attempt(activity_id: UUID = activity_id) -> bool:
            with open_uow() as uow:
                done = end(uow, org, activity_id, now)
                uow.commit()
                return done

        ended += repeatable(attempt)
    if due:
        log.info("pencilled activities ended", act=end.__name__, due=len(due), n=ended)
    return ended


def lapse(uow: UnitOfWork, org: Organisation, activity_id: UUID, now: datetime) -> bool:
    """Whether it did: under its lock it may be settled, moved, or over already."""
    activity = uow.activities.get(activity_id, lock=True)
    if activity.state not in _PENCILLED or activity.span.end > now:
        return False
    activity.act(Act.CANCEL, now, OVER)
    take_off(uow, activity)
    publish(uow, org, ActivityCancelled, activity, cause="lapsed")
    return True


def expire_request(
    uow: UnitOfWork, org: Organisation, activity_id: UUID, now: datetime
) -> bool:
    """Whether it did: under the activity's lock an answer, or another replica, may
    have come first."""
    activity = uow.activities.get(activity_id, lock=True)
    slot = uow.slot_requests.get(activity_id)
    if slot.closed or slot.expires_at > now:
        return False
    slot.closed = True
    waiting = activity.state is ActivityState.PROPOSED
    if waiting:
        slot.ending = SlotRequestState.EXPIRED
        activity.act(Act.CANCEL, now, REASON)
        take_off(uow, activity)
        publish(uow, org, ActivityCancelled, activity, cause=slot.ending.value)
    uow.slot_requests.save(slot)
    return waiting
