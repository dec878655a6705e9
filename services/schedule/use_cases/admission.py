"""Whether rooms and vehicles may be had: in use, open at that time, agreed to.

Who keeps a thing opens it also outside its hours, and need not ask himself.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from contracts.errors import Conflict
from contracts.schedule import Resource
from contracts.schedule_events import ActivityProposed
from services.schedule.domain.activity import Activity, Equipment
from services.schedule.domain.keepers import Caller, organisers_of
from services.schedule.domain.opening import is_open
from services.schedule.domain.span import Span
from services.schedule.events import publish
from services.schedule.unit_of_work import UnitOfWork


def admit(
    uow: UnitOfWork,
    caller: Caller,
    activity: Activity,
    *,
    only: Collection[UUID] | None = None,
) -> None:
    """Its things (`only` those) as in a new activity: their keepers are asked.

    Raises: Conflict ``resource_closed``.
    """
    items = [
        item for item in activity.equipment if only is None or item.resource_id in only
    ]
    known = _require_open(uow, caller, activity, items)
    for item in items:
        thing = known[item.resource_id]
        item.approved = not thing.needs_approval or caller.organises(thing.unit_id)


def admit_many(uow: UnitOfWork, caller: Caller, made: Collection[Activity]) -> None:
    """Each of a series as in a new activity; its things are asked for once.

    Raises: Conflict ``resource_closed``.
    """
    wanted = {item.resource_id for each in made for item in each.equipment}
    known = uow.resources.find(wanted, hold=True)
    for each in made:
        things = [known[item.resource_id] for item in each.equipment]
        _refuse_closed(closed_for(caller, each, things))
        for item in each.equipment:
            thing = known[item.resource_id]
            item.approved = not thing.needs_approval or caller.organises(thing.unit_id)


def admit_confirmed(uow: UnitOfWork, caller: Caller, *activities: Activity) -> None:
    """A keeper who confirms agrees for what he keeps.

    Raises: Conflict ``resource_closed``.
    """
    wanted = {item.resource_id for each in activities for item in each.equipment}
    known = uow.resources.find(wanted, hold=True)
    for each in activities:
        things = [known[item.resource_id] for item in each.equipment]
        _refuse_closed(closed_for(caller, each, things))
        for item in each.equipment:
            if caller.organises(known[item.resource_id].unit_id):
                item.approved = True


def ask_keepers(uow: UnitOfWork, caller: Caller, activity: Activity) -> None:
    """It binds already, but for things whose keepers have yet to agree."""
    keepers: set[UUID] = set()
    for item in activity.waiting if activity.confirmed else ():
        if item.unit_id is not None:
            keepers |= organisers_of(caller.org, item.unit_id)
    if keepers:
        publish(
            uow,
            caller.org,
            ActivityProposed,
            activity,
            caller.signature(activity.position_ids),
            keeper_position_ids=tuple(sorted(keepers)),
        )


def closed_for(
    caller: Caller, activity: Activity, things: Collection[Resource]
) -> list[UUID]:
    """Things out of use, or asked for outside their hours by others."""
    travels = {item.resource_id: item.travels for item in activity.equipment}
    return [
        thing.resource_id
        for thing in things
        if not thing.active
        or not (
            is_open(
                thing.bookable_hours,
                _claimed(activity, travels=travels[thing.resource_id]),
            )
            or caller.organises(thing.unit_id)
        )
    ]


def _require_open(
    uow: UnitOfWork, caller: Caller, activity: Activity, items: Collection[Equipment]
) -> dict[UUID, Resource]:
    """The things, held as they are: nobody closes one while it is being booked."""
    known = uow.resources.find([item.resource_id for item in items], hold=True)
    _refuse_closed(closed_for(caller, activity, list(known.values())))
    return known


def _refuse_closed(closed: Collection[UUID]) -> None:
    if closed:
        raise Conflict("resource_closed", resource_ids=[str(key) for key in closed])


def _claimed(activity: Activity, *, travels: bool) -> Span:
    if not travels:
        return activity.span
    return activity.span.widened(activity.travel_before, activity.travel_after)
