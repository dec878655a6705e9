"""Requests for a slot nobody answered in time: called off, and told."""

from __future__ import annotations

from collections.abc import Callable
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

log = structlog.get_logger(__name__)


def expire_requests(
    open_uow: Callable[[], UnitOfWork], org: Organisation, now: datetime
) -> int:
    """Each in a transaction of its own; how many expired now."""
    with open_uow() as uow:
        due = uow.slot_requests.due(now, BATCH)
    expired = 0
    for activity_id in due:

        def attempt(activity_id: UUID = activity_id) -> bool:
            with open_uow() as uow:
                done = expire_request(uow, org, activity_id, now)
                uow.commit()
                return done

        expired += repeatable(attempt)
    if due:
        log.info("slot requests expired", due=len(due), expired=expired)
    return expired


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
