"""How long a request for a slot waits, and how it stands.

Its state is read off the activity, so that no act on the activity can forget it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from contracts.actor import ActorRef
from contracts.schedule import ActivityKind, ActivityState
from contracts.schedule_slot_requests import SlotRequestState
from services.schedule.domain.activity import Activity, Equipment
from services.schedule.domain.keepers import Caller, foreign_to

DEFAULT_PATIENCE = timedelta(days=7)
PATIENCE = {
    ActivityKind.AUDIENSI: timedelta(days=14),
    ActivityKind.KUNJUNGAN: timedelta(days=14),
    ActivityKind.PERKAWINAN: timedelta(days=14),
}
LEAST_PATIENCE = timedelta(hours=1)  # also for an hour that has begun

_S = SlotRequestState
_FROM_ACTIVITY = {
    ActivityState.TENTATIVE: _S.ACCEPTED,
    ActivityState.CONFIRMED: _S.ACCEPTED,
    ActivityState.COMPLETED: _S.ACCEPTED,
    ActivityState.POSTPONED: _S.POSTPONED,
    ActivityState.CANCELLED: _S.WITHDRAWN,
}


@dataclass
class SlotRequest:
    """`ending`: refused or expired; `closed`: nobody need look at it any more."""

    activity_id: UUID
    asked_starts_at: datetime
    asked_ends_at: datetime | None
    expires_at: datetime
    offered_starts_at: datetime | None = None
    ending: SlotRequestState | None = None
    answered_by: ActorRef | None = None
    answered_at: datetime | None = None
    note: str | None = None
    closed: bool = False

    def answer(self, by: ActorRef, at: datetime, note: str | None) -> None:
        self.answered_by, self.answered_at, self.note = by, at, note


def things_asked(activity: Activity) -> list[Equipment]:
    """Rooms and vehicles whose keepers answer: where nobody's time is asked for. Else
    they agree, where set, to what its people accepted."""
    return [] if any(activity.binding()) else activity.equipment


def kept_things(caller: Caller, activity: Activity) -> list[Equipment]:
    """Those the caller answers for."""
    return [item for item in things_asked(activity) if keeps_thing(caller, item)]


def keeps_thing(caller: Caller, item: Equipment) -> bool:
    return item.unit_id is not None and caller.organises(item.unit_id)


def is_request(caller: Caller, activity: Activity) -> bool:
    """Proposed, about time or things the caller does not keep himself."""
    if activity.state is not ActivityState.PROPOSED:
        return False
    things = things_asked(activity)
    foreign = len(kept_things(caller, activity)) < len(things)
    return foreign or bool(foreign_to(caller, activity.binding()))


def ask(activity: Activity, now: datetime) -> SlotRequest:
    """The request a newly proposed activity is."""
    return SlotRequest(
        activity.activity_id,
        activity.starts_at,
        activity.ends_at,
        expiry(activity.kind, activity.starts_at, now),
    )


def expiry(kind: ActivityKind, starts_at: datetime, now: datetime) -> datetime:
    """Until the hour that is asked for, at most as long as its kind may wait."""
    latest = now + PATIENCE.get(kind, DEFAULT_PATIENCE)
    return max(min(starts_at, latest), now + LEAST_PATIENCE)


def state_of(slot: SlotRequest, activity: Activity, now: datetime) -> SlotRequestState:
    """An offer lasts while the activity stands at the time that was offered."""
    if slot.ending is not None:
        return slot.ending
    settled = _FROM_ACTIVITY.get(activity.state)
    if settled is not None:
        return settled
    if slot.expires_at <= now:
        return _S.EXPIRED
    offered = slot.offered_starts_at == activity.starts_at
    return _S.OFFERED if offered else _S.OPEN
