"""The rooms and vehicles of an activity, with how each of them stands."""

from __future__ import annotations

from contracts.schedule import ActivityResource, ResourceKind
from services.schedule.domain.activity import Activity, Equipment
from services.schedule.domain.keepers import Caller
from services.schedule.domain.slot_request import keeps_thing


def resources_of(activity: Activity, caller: Caller) -> list[ActivityResource]:
    """All of them."""
    return [thing_of(item, caller) for item in activity.equipment]


def thing_of(item: Equipment, caller: Caller) -> ActivityResource:
    """One of them."""
    return ActivityResource(
        resource_id=item.resource_id,
        code=item.code,
        name=item.name,
        kind=ResourceKind.VEHICLE if item.travels else ResourceKind.ROOM,
        standing=item.standing,
        approved=item.approved,
        kept_by_me=keeps_thing(caller, item),
    )
